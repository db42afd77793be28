// The program behind the command hooks, as Claude Code starts it: a shell's line, the event on its standard input. It answers what
// the server answers, or nothing at all.
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { hookCommand } from "../../src/cli/hooks/hook-command.ts";
import { packageRoot } from "../../src/server/system.ts";
import { decided, PERMISSION_REQUEST } from "../helpers/hook-client.ts";
import { startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const QUIET = { code: 0, stdout: "", stderr: "" };
const TOKEN = "a-token-of-the-tests";

interface StartOptions {
  readonly origin: string;
  readonly event?: string;
  readonly body?: object | string;
  readonly env?: Readonly<Record<string, string>>;
  readonly root?: string;
  readonly node?: string;
}

function start({
  origin,
  event = "permission-request",
  body = PERMISSION_REQUEST,
  env = {},
  root = packageRoot(),
  node = process.execPath,
}: StartOptions) {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    "sh",
    ["-c", hookCommand(event, { origin, root, node })],
    { env: { PATH: process.env["PATH"] ?? "", ...env }, stdio: ["pipe", "pipe", "pipe"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdin.end(typeof body === "string" ? body : JSON.stringify(body));
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([stdout, stderr, [code, signal]]) => ({ code: (code ?? signal) as unknown, stdout, stderr }),
  );
  return { child, ended };
}

/** Something at a port. */
async function listen(answer: RequestListener): Promise<{ origin: string; server: Server }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** An address that nothing listens at. */
async function nowhere(): Promise<string> {
  const { origin, server } = await listen(() => {});
  await new Promise((resolve) => server.close(resolve));
  return origin;
}

describe("the program of the command hooks", () => {
  it("prints the phone's decision, and nothing else", async () => {
    const { server, phone, request } = await startStage({ env: { APPROVAL_TOKEN: TOKEN } });
    const { ended } = start({ origin: server.localUrl, env: { APPROVAL_TOKEN: TOKEN } });
    await phone.tap((await request()).sid, "approve");
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual(decided({ behavior: "allow" }));
  });

  it("is quiet without the token that the server wants", async () => {
    const { server, phone } = await startStage({ env: { APPROVAL_TOKEN: TOKEN } });
    expect(await start({ origin: server.localUrl }).ended).toEqual(QUIET);
    expect(phone.messages()).toEqual([]);
  });

  it.each(["permission-request", "elicitation", "wait-reply", "post-tool-use", "user-prompt-submit"])(
    "is quiet without a server: %s",
    async (event) => {
      const origin = await nowhere();
      expect(await start({ origin, event }).ended).toEqual(QUIET);
      expect(await start({ origin, event, env: { APPROVAL_TOKEN: 'odd "token" \\' } }).ended).toEqual(QUIET);
      expect(await start({ origin, event, env: { NODE_OPTIONS: "--no-such-option" } }).ended).toEqual(QUIET);
      // It would print the token, with every header.
      const debug = { NODE_DEBUG: "http,net", APPROVAL_TOKEN: `${TOKEN} "` };
      expect(await start({ origin, event, env: debug }).ended).toEqual(QUIET);
    },
  );

  it.each<[string, RequestListener]>([
    ["a page", (_, res) => res.end("<p>allow</p>")],
    ["an error that looks like a decision", (_, res) => res.writeHead(500).end(JSON.stringify(decided({})))],
    ["JSON that decides nothing", (_, res) => res.end('{"systemMessage":"hello"}')],
    ["null", (_, res) => res.end("null")],
    ["a broken connection", (req) => req.socket.destroy()],
    [
      "half a decision",
      (req, res) => {
        res.writeHead(200, { "content-length": 1_000 }).write(JSON.stringify(decided({ behavior: "allow" })));
        setImmediate(() => req.socket.destroy());
      },
    ],
  ])("says nothing when what listens there answers with %s", async (_, answer) => {
    const { origin } = await listen(answer);
    expect(await start({ origin }).ended).toEqual(QUIET);
  });

  it("hands words for Claude over on its standard error, with the exit code that has Claude go on", async () => {
    const reason = "The person says:\n\n> go on ✓";
    const { origin } = await listen((_, res) => res.end(JSON.stringify({ decision: "block", reason })));
    for (const env of [{ CLAUDE_CODE_SESSION_ATTENDED: "0" }, { CLAUDE_CODE_SESSION_ATTENDED: "1" }]) {
      const { ended } = start({ origin, event: "wait-reply", env });
      expect(await ended).toEqual({ code: 2, stdout: "", stderr: `${reason}\n` });
    }
  });

  it.each<[string, RequestListener]>([
    ["no opinion", (_, res) => res.end("{}")],
    ["no words", (_, res) => res.end('{"decision":"block","reason":""}')],
    ["words that are none", (_, res) => res.end('{"decision":"block","reason":7}')],
    ["an approval", (_, res) => res.end(JSON.stringify(decided({ behavior: "allow" })))],
    ["a page", (_, res) => res.end("<p>go on</p>")],
    ["an error", (_, res) => res.writeHead(500).end('{"decision":"block","reason":"go on"}')],
    ["a broken connection", (req) => req.socket.destroy()],
  ])("never has Claude go on when what it waits for answers with %s", async (_, answer) => {
    const { origin } = await listen(answer);
    expect(await start({ origin, event: "wait-reply" }).ended).toEqual(QUIET);
  });

  it("does not wait where whoever starts Claude wants its end at once", async () => {
    const { origin } = await listen((_, res) => res.end('{"decision":"block","reason":"go on"}'));
    const env = { APPROVAL_WAIT_REPLY: "off" };
    expect(await start({ origin, event: "wait-reply", env }).ended).toEqual(QUIET);
  });

  it("prints nothing of an answer to an event that only tells", async () => {
    const { origin } = await listen((_, res) => res.end(JSON.stringify(decided({ behavior: "allow" }))));
    const odd = { APPROVAL_TOKEN: 'odd "token"' };
    expect(await start({ origin, event: "post-tool-use" }).ended).toEqual(QUIET);
    expect(await start({ origin, event: "post-tool-use", env: odd }).ended).toEqual(QUIET);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["by curl", { APPROVAL_TOKEN: TOKEN }],
    ["by Node, where curl would need quotes", { APPROVAL_TOKEN: 'quo"ted-and-long-enough' }],
  ])("tells an event with its whole body and the token %s", async (_, env) => {
    const heard: { url: string | undefined; authorization: string | undefined; body: unknown }[] = [];
    const { origin } = await listen(async (req, res) => {
      const body: unknown = JSON.parse(await text(req));
      heard.push({ url: req.url, authorization: req.headers.authorization, body });
      res.end("{}");
    });
    const body = { session_id: "s", tool_input: { content: "ä 'x' \n".repeat(100_000) } };
    expect(await start({ origin, event: "post-tool-use", body, env }).ended).toEqual(QUIET);
    expect(heard).toEqual([
      { url: "/hooks/post-tool-use", authorization: `Bearer ${env["APPROVAL_TOKEN"]}`, body },
    ]);
  });

  it("keeps the token out of every process's arguments", async () => {
    for (const event of ["permission-request", "post-tool-use"]) {
      const arguments_ = await new Promise<string>((resolve) => {
        void listen((_, res) => {
          resolve(execFileSync("ps", ["-A", "-ww", "-o", "args="], { encoding: "utf8" }));
          res.end("{}");
        }).then(({ origin }) => start({ origin, event, env: { APPROVAL_TOKEN: TOKEN } }));
      });
      expect(arguments_).toContain(event);
      expect(arguments_).not.toContain(TOKEN);
    }
  });

  it.each(["permission-request", "post-tool-use"])(
    "goes to the server itself, whatever proxies and settings of curl the session has: %s",
    async (event) => {
      let proxied = 0;
      const proxy = await listen((_, res) => {
        proxied += 1;
        res.end("{}");
      });
      const home = temporaryFolder();
      writeFileSync(join(home, ".curlrc"), `proxy = "${proxy.origin}"\nverbose\n`);
      const names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
      const env = {
        ...Object.fromEntries(names.map((name) => [name, proxy.origin])),
        ...{ HOME: home, CURL_HOME: home, NODE_USE_ENV_PROXY: "1", APPROVAL_TOKEN: TOKEN },
      };
      const tokens: unknown[] = [];
      const { origin } = await listen((req, res) => {
        tokens.push(req.headers.authorization);
        // And no further: it would take the token along.
        res.writeHead(307, { location: `${proxy.origin}/hooks/${event}` }).end();
      });
      expect(await start({ origin, event, env }).ended).toEqual(QUIET);
      expect([tokens, proxied]).toEqual([[`Bearer ${TOKEN}`], 0]);
    },
  );

  it("closes its connection at once when it is killed with TERM, as at Esc and No", async () => {
    let closed: Promise<unknown> | undefined;
    const asked = new Promise<void>((resolve) => {
      void listen((req) => {
        closed = once(req.socket, "close");
        resolve();
      }).then(({ origin }) => {
        const { child } = start({ origin });
        void asked.then(() => child.kill("SIGTERM"));
      });
    });
    await asked;
    await closed;
  });

  it("does not outlive Claude Code", async () => {
    let closed: Promise<unknown> | undefined;
    const claude = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    onTestFinished(() => void claude.kill("SIGKILL"));
    const env = { CLAUDE_PID: String(claude.pid) };
    await new Promise<void>((resolve) => {
      void listen((req) => {
        closed = once(req.socket, "close");
        resolve();
      }).then(({ origin }) => start({ origin, env }));
    });
    claude.kill("SIGKILL");
    await closed;
  });

  it("works from a folder with every kind of name, and with another Node when its own has gone", async () => {
    const root = join(realpathSync(temporaryFolder()), `it's "a" $HOME \`x\` проект`);
    mkdirSync(join(root, "plugin"), { recursive: true });
    for (const file of ["hook.sh", "hook.js", "package.json"])
      copyFileSync(join(packageRoot(), "plugin", file), join(root, "plugin", file));
    const bin = temporaryFolder();
    symlinkSync(process.execPath, join(bin, "node"));
    const { origin } = await listen((_, res) => res.end(JSON.stringify(decided({ behavior: "deny" }))));
    const PATH = `${bin}:/usr/bin:/bin`;
    const { stdout } = await start({ origin, root, node: "/gone/bin/node", env: { PATH } }).ended;
    expect(JSON.parse(stdout)).toEqual(decided({ behavior: "deny" }));
  });

  it("is quiet where the package has gone", async () => {
    const { origin } = await listen((_, res) => res.end("{}"));
    // A pipe that breaks would be an error at the terminal: what is written is read.
    const body = { content: "x".repeat(200_000) };
    expect(await start({ origin, root: "/gone", body }).ended).toEqual(QUIET);
    const bin = temporaryFolder();
    for (const name of ["sh", "cat"]) symlinkSync(join("/bin", name), join(bin, name));
    expect(await start({ origin, body, node: "/gone", env: { PATH: bin } }).ended).toEqual(QUIET);
  });

  it("names the folder that Claude Code was started in, whatever its name", async () => {
    const { server, request } = await startStage();
    const folder = join(realpathSync(temporaryFolder()), "проект 日本 100%");
    const cwd = join(folder, "inner");
    mkdirSync(cwd, { recursive: true });
    start({
      origin: server.localUrl,
      body: { ...PERMISSION_REQUEST, cwd },
      env: { CLAUDE_PROJECT_DIR: folder },
    });
    expect((await request()).body).toContain("*Project:* проект 日本 100%");
  });

  it("has the phone asked at once in a session without a terminal, and otherwise after the terminal's own time", async () => {
    const { server, request } = await startStage({ env: { HOOK_GRACE_SECONDS: "300" } });
    const waits = { ...PERMISSION_REQUEST, tool_input: { command: "ls /waits" } };
    start({ origin: server.localUrl, body: waits, env: { CLAUDE_CODE_SESSION_ATTENDED: "1" } });
    start({ origin: server.localUrl, env: { CLAUDE_CODE_SESSION_ATTENDED: "0" } });
    expect((await request()).body).toContain("ls -la /etc");
  });

  it.each(["permission-request", "post-tool-use"])(
    "as the plugin starts it calls this machine and no other, whatever SERVER_PORT says: %s",
    async (event) => {
      const heard: (string | undefined)[] = [];
      const { origin } = await listen((req, res) => {
        heard.push(req.url);
        res.end("{}");
      });
      const { port, host } = new URL(origin);
      const startPlugin = async (SERVER_PORT: string) => {
        const env = { PATH: process.env["PATH"] ?? "", SERVER_PORT, APPROVAL_TOKEN: TOKEN };
        const child = spawn("sh", [join(packageRoot(), "plugin", "hook.sh"), event], { env });
        child.stdin.end("x".repeat(200_000));
        await once(child, "close");
      };
      await startPlugin(port);
      expect(heard).toEqual([`/hooks/${event}`]);
      await startPlugin(`1@${host}`);
      expect(heard).toHaveLength(1);
    },
  );
});
