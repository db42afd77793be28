// `npm run ask` against a running server: 0 only after an approval, whatever else happens.
import { spawn } from "node:child_process";
import { EventEmitter, on, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CommandContext } from "../../src/cli/command.ts";
import { ASK_EXIT } from "../../src/cli/exit.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { ApprovalServer } from "../../src/server/server-contract.ts";
import { runHere } from "../helpers/command-line.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";

const SCRIPT = fileURLToPath(new URL("../../dist/scripts/ask.js", import.meta.url));
const QUESTION = "Deploy to prod?";

/** A clock whose pauses take no time and whose limits never come. */
function hasty(now: () => number = Date.now): Clock {
  const isPause = (ms: number) => ms <= 1_000;
  return {
    now,
    elapsed: now,
    after(ms, task) {
      const timer = isPause(ms) ? setImmediate(task) : undefined;
      return () => clearImmediate(timer);
    },
  };
}

/** Runs the command in this process. */
async function run(url: string, argv: readonly string[] = [QUESTION], more: Partial<CommandContext> = {}) {
  const { code, out, err } = await runHere(["ask", ...argv], {
    env: { SERVER_PORT: new URL(url).port },
    folder: "/code/web-shop",
    clock: hasty(),
    ...more,
  });
  return { code, stdout: out, stderr: err };
}

async function tapped(stage: ServerStage, button: "approve" | "deny", argv?: readonly string[]) {
  const result = run(stage.server.localUrl, argv);
  const message = await stage.request();
  await stage.phone.tap(message.sid, button);
  return { ...(await result), message };
}

describe("npm run ask", () => {
  it("ends with 0 when it is approved, and the phone is told that the caller has the answer", async () => {
    const stage = await startStage();
    const { code, stdout, stderr, message } = await tapped(stage, "approve");
    expect([code, stdout]).toEqual([0, "approved\n"]);
    expect(stderr).toMatch(/^ {2}… asked on the phone: request [a-z]{5}, until /);
    expect(message.body).toContain("• action: Deploy to prod?");
    expect(message.body).toContain("*Project:* web-shop");
    await stage.told("approved: the caller has the answer");
  });

  it("ends with 1 when it is denied, and prints the person's words", async () => {
    const stage = await startStage();
    const result = run(stage.server.localUrl);
    const { sid } = await stage.request();
    await stage.phone.type("not on a Friday", { quote: sid });
    expect(await result).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^denied: .*not on a Friday\n$/),
    });
  });

  it("shows action and reason, and prints JSON", async () => {
    const argv = [QUESTION, "--action", "kubectl apply", "--reason", "the fix", "--timeout", "60", "--json"];
    const { code, stdout, message } = await tapped(await startStage(), "approve", argv);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { status: "approved", decided: true }]);
    expect(message.body).toContain(
      "action: kubectl apply\n  • summary: Deploy to prod?\n  • reason: the fix",
    );
    expect(message.body).toContain("Expires in 1 minute");
  });

  it("ends with 2 when nobody answers", async () => {
    const clock = createFakeClock();
    const stage = await startStage({ deps: { clock } });
    const result = run(stage.server.localUrl, [QUESTION, "--timeout", "10"]);
    await stage.request();
    await clock.advance(10_000);
    expect(await result).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^timeout: Nobody answered/),
    });
  });

  it("ends with 2 when no phone can be reached, and when the server stops", async () => {
    const stage = await startStage();
    stage.phone.fail({ kind: "reject", httpStatus: 400, code: 63015 });
    expect(await run(stage.server.localUrl)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^error: /),
    });
    let time = 0;
    const now = () => {
      time += 60_000;
      return time;
    };
    const result = run(stage.server.localUrl, [QUESTION], { clock: hasty(now) });
    await stage.request(0);
    await stage.server.close();
    expect((await result).code).toBe(2);
  });

  it.each([
    [[], "<question> is missing: what to ask"],
    [["Deploy", "to", "prod?"], "Put the question into quotes"],
    [[" "], "the question is empty"],
    [[QUESTION, "--timeout", "5"], "--timeout must be at least 10"],
    [[QUESTION, "--timeout", "soon"], "--timeout must be a number"],
    [[QUESTION, "--yes"], "Unknown option '--yes'"],
    [[QUESTION, "--reason"], "--reason"],
  ])("ends with 64 for %j, and asks nobody", async (argv, problem) => {
    const { code, stdout, stderr } = await run("http://127.0.0.1:9", argv);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(problem);
  });

  it("never ends with 0 for help", async () => {
    const { code, stdout } = await run("http://127.0.0.1:9", ["--help"]);
    expect(code).toBe(64);
    for (const value of Object.values(ASK_EXIT)) expect(stdout).toContain(String(value));
  });

  it("ends with 69 when no server is there, and when it wants a token", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const url = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
    await once(free.close(), "close");
    expect(await run(url)).toMatchObject({ code: 69, stderr: expect.stringContaining("npm start") });
    const { server, phone } = await startStage({ env: { APPROVAL_TOKEN: "t".repeat(24) } });
    expect(await run(server.localUrl)).toMatchObject({
      code: 69,
      stderr: expect.stringContaining("APPROVAL_TOKEN"),
    });
    expect(phone.messages()).toEqual([]);
  });

  it("asks once and keeps polling when its connection breaks", async () => {
    const stage = await startStage();
    let calls = 0;
    const flaky: typeof fetch = async (input, init) => {
      calls += 1;
      const response = await fetch(input, init);
      // The first answer of each kind is lost after the server gave it.
      if (calls === 1 || calls === 3) throw new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
      return response;
    };
    const result = run(stage.server.localUrl, [QUESTION], { fetch: flaky });
    const { sid } = await stage.request();
    await stage.phone.tap(sid, "approve");
    expect((await result).code).toBe(0);
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
  });

  it("ends with 69 at a server that takes the connection and never answers", async () => {
    const clock = createFakeClock();
    const silent = createServer().listen(0, "127.0.0.1");
    const calls = on(silent, "request");
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    await once(silent, "listening");
    const result = run(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, [QUESTION], { clock });
    await calls.next();
    await clock.advance(76_000);
    await calls.next();
    await clock.advance(75_000);
    expect(await result).toMatchObject({
      code: 69,
      stdout: "",
      stderr: expect.stringContaining("does not answer"),
    });
    expect(clock.pending()).toBe(0);
  });

  it("goes on at a server that falls silent while it waits, and ends with 2 at the request's end", async () => {
    const clock = createFakeClock();
    const stage = await startStage();
    const told = new EventEmitter();
    const polls = on(told, "poll");
    const silent: typeof fetch = async (input, init) => {
      if (init?.method !== undefined) return fetch(input, init);
      told.emit("poll");
      return new Promise(() => {});
    };
    const result = run(stage.server.localUrl, [QUESTION, "--timeout", "60"], { fetch: silent, clock });
    await stage.request();
    await polls.next();
    await clock.advance(76_000);
    await polls.next();
    await clock.advance(76_000);
    expect((await result).code).toBe(2);
    expect(clock.pending()).toBe(0);
  });

  it("gives up at the request's end when the server never comes back", async () => {
    const stage = await startStage();
    let time = 0;
    const gone: typeof fetch = async (input, init) => {
      if (init?.method === "POST") return fetch(input, init);
      time += 20_000;
      throw new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") });
    };
    const result = await run(stage.server.localUrl, [QUESTION], { fetch: gone, clock: hasty(() => time) });
    expect([result.code, time]).toEqual([2, 340_000]);
  });

  it.each<[string, unknown]>([
    ["approval of another request", { approval_id: "abcde", status: "approved", decided: true }],
    ["approval that is not decided", { status: "approved", decided: false }],
    ["word instead of JSON", "approved"],
    ["result without times", { status: "approved", decided: true, expires_at: undefined }],
    ["result with more keys", { status: "approved", decided: true, more: 1 }],
  ])("does not take for an approval: an %s", async (_, wrong) => {
    const stage = await startStage();
    let time = 0;
    const forged: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method !== undefined) return response;
      time += 400_000;
      const real = (await response.json()) as object;
      return Response.json(typeof wrong === "string" ? wrong : { ...real, ...(wrong as object) });
    };
    const result = run(stage.server.localUrl, [QUESTION], { fetch: forged, clock: hasty(() => time) });
    const { sid } = await stage.request();
    await stage.phone.tap(sid, "deny");
    expect((await result).code).toBe(2);
  });
});

describe("the script as a process", () => {
  function start(server: Pick<ApprovalServer, "localUrl">) {
    const child = spawn(process.execPath, [SCRIPT, QUESTION], {
      cwd: "/",
      env: { PATH: process.env["PATH"] ?? "", SERVER_PORT: new URL(server.localUrl).port },
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
    return { child, ended };
  }

  it("ends with 0 after an approval, and prints nothing else", async () => {
    const stage = await startStage();
    const { ended } = start(stage.server);
    await stage.phone.tap((await stage.request()).sid, "approve");
    expect(await ended).toEqual([[0, null], "approved\n", ""]);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("withdraws its request on %s and ends with 130", async (signal) => {
    const stage = await startStage();
    const { child, ended } = start(stage.server);
    const { sid } = await stage.request();
    await stage.phone.waitForMessage((message) => message.sid === sid && message.status === "read");
    child.kill(signal);
    const [exit, stdout, stderr] = await ended;
    expect([exit, stdout]).toEqual([[130, null], ""]);
    expect(stderr).toContain("the request was withdrawn");
    await stage.told("was withdrawn by its caller: nothing to do here");
  });
});
