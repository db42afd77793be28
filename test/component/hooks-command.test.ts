// `npm run hooks` on real files: our hooks go in and out, and nothing else in the settings changes.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import { runHere } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const EVENTS = [
  "PermissionRequest",
  "PostToolUse",
  "PostToolUseFailure",
  "UserPromptSubmit",
  "Stop",
  "StopFailure",
  "SubagentStop",
  "SessionEnd",
];
const PROGRAM = join(packageRoot(), "plugin", "hook.sh");
const TOKEN = "a-token-of-the-tests";
const OTHERS = {
  model: "opus",
  hooks: {
    Stop: [{ hooks: [{ type: "command", command: "say done" }] }],
    PreToolUse: [],
    PostToolUse: [{ matcher: "Edit", hooks: [{ type: "http", url: "http://127.0.0.1:9999/hooks/x" }] }],
  },
  unknown: { __proto__x: [1, null], z: 1, a: 2 },
};

interface Stage {
  readonly home: string;
  readonly settings: string;
  /** @returns the exit code and what was printed */
  run(
    line: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ code: number; out: string; err: string }>;
  write(text: string): void;
  read(): string;
}

function setStage(): Stage {
  const home = temporaryFolder();
  const settings = join(home, ".claude", "settings.json");
  return {
    home,
    settings,
    run(line, env = {}) {
      const argv = line.split(" ").filter((word) => word !== "");
      return runHere(["hooks", ...argv], { env: { HOME: home, ...env }, folder: home });
    },
    write(text) {
      mkdirSync(dirname(settings), { recursive: true });
      writeFileSync(settings, text);
    },
    read: () => readFileSync(settings, "utf8"),
  };
}

const parsed = (text: string) => JSON.parse(text) as { hooks?: Record<string, { hooks: object[] }[]> };

describe("install", () => {
  it("makes a settings file where there is none", async () => {
    const { run, read, settings } = setStage();
    expect(await run("install")).toMatchObject({ code: 0, out: expect.stringContaining(settings), err: "" });
    expect(Object.keys(parsed(read()).hooks ?? {})).toEqual(EVENTS);
    expect(existsSync(`${settings}.before-approval-server`)).toBe(false);
  });

  it("waits longer for a PermissionRequest than the server may, and writes no token", async () => {
    const { run, read } = setStage();
    await run("install", { APPROVAL_TOKEN: TOKEN, SERVER_PORT: "8123" });
    expect(read()).not.toContain(TOKEN);
    const [entry] = parsed(read()).hooks?.["PermissionRequest"] ?? [];
    expect(entry).toEqual({
      matcher: "*",
      hooks: [
        {
          type: "command",
          command: `if [ -f '${PROGRAM}' ]; then exec sh '${PROGRAM}' permission-request 'http://127.0.0.1:8123' '${process.execPath}'; else cat >/dev/null; fi`,
          timeout: 3_960,
        },
      ],
    });
  });

  it("keeps other hooks, unknown keys, their order and the indentation, and a copy of before", async () => {
    const { run, write, read, settings } = setStage();
    const before = `${JSON.stringify(OTHERS, null, "\t")}\n`;
    write(before);
    chmodSync(settings, 0o644);
    expect((await run("install")).out).toContain(`${settings}.before-approval-server`);
    const after = parsed(read());
    expect(Object.keys(after)).toEqual(Object.keys(OTHERS));
    expect(after).toMatchObject({ model: "opus", unknown: OTHERS.unknown });
    expect(after.hooks).toMatchObject({
      Stop: [OTHERS.hooks.Stop[0], {}],
      PreToolUse: [],
      PostToolUse: [OTHERS.hooks.PostToolUse[0], {}],
    });
    expect(read()).toMatch(/^\{\n\t"model": "opus",\n[\s\S]*\}\n$/);
    expect(statSync(settings).mode & 0o777).toBe(0o644);
    const backup = `${settings}.before-approval-server`;
    expect(readFileSync(backup, "utf8")).toBe(before);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
  });

  it("changes nothing the second time", async () => {
    const { run, write, read } = setStage();
    write(JSON.stringify(OTHERS, null, 2));
    await run("install");
    const first = read();
    expect((await run("install")).out).toContain("Nothing to do");
    expect(read()).toBe(first);
  });

  it("keeps the first copy when it changes the file again", async () => {
    const { run, write, settings } = setStage();
    write("{}");
    await run("install");
    await run("install", { DONE_MESSAGES: "on" });
    expect(readFileSync(`${settings}.before-approval-server`, "utf8")).toBe("{}");
  });

  it("waits for the next instruction only while CONTINUE_MINUTES is on, beside the session", async () => {
    const { run, read } = setStage();
    await run("install", { CONTINUE_MINUTES: "30" });
    expect(Object.keys(parsed(read()).hooks ?? {})).toEqual(EVENTS);
    expect(parsed(read()).hooks?.["Stop"]).toMatchObject([
      {
        hooks: [
          { timeout: 5, command: expect.stringContaining("hook.sh' stop ") },
          // Above the longest wait, 720 minutes.
          { timeout: 43_260, asyncRewake: true, command: expect.stringContaining("hook.sh' wait-reply ") },
        ],
      },
    ]);
    await run("install");
    expect(JSON.stringify(parsed(read()).hooks)).not.toContain("wait-reply");
    await run("install", { CONTINUE_MINUTES: "30" });
    await run("uninstall");
    expect(parsed(read())).toEqual({});
  });

  it("asks for what is for somebody who is away only while DONE_MESSAGES is on", async () => {
    const { run, read } = setStage();
    await run("install", { DONE_MESSAGES: "on" });
    expect(Object.keys(parsed(read()).hooks ?? {})).toEqual([
      ...EVENTS,
      "Notification",
      "PermissionDenied",
      "Elicitation",
    ]);
    // They wait for the phone, as a PermissionRequest does.
    for (const event of ["PermissionDenied", "Elicitation"]) {
      expect(parsed(read()).hooks?.[event]).toMatchObject([{ hooks: [{ timeout: 3_960 }] }]);
    }
    const matcher = "idle_prompt|agent_needs_input|elicitation_dialog|worker_permission_prompt";
    expect(parsed(read()).hooks?.["Notification"]).toMatchObject([{ matcher }]);
    await run("install");
    expect(Object.keys(parsed(read()).hooks ?? {})).toEqual(EVENTS);
  });

  it("brings hooks of ours that were changed by hand back, once", async () => {
    const { run, read, write } = setStage();
    await run("install");
    const good = read();
    write(good.replace('"timeout": 3960', '"timeout": 60'));
    await run("install");
    expect(parsed(read())).toEqual(parsed(good));
  });

  it("reads .env, and calls an address that can be called", async () => {
    const { home, run, read } = setStage();
    writeFileSync(join(home, ".env"), `HOST=0.0.0.0\nSERVER_PORT=8123\nAPPROVAL_TOKEN=${TOKEN}\n`);
    await run("install");
    expect(read()).toContain("stop 'http://127.0.0.1:8123'");
    expect(read()).not.toContain(TOKEN);
  });

  it("writes through a link, and into CLAUDE_CONFIG_DIR", async () => {
    const { home, run } = setStage();
    const config = join(home, "config");
    mkdirSync(config);
    writeFileSync(join(home, "dotfile.json"), "{}");
    symlinkSync(join(home, "dotfile.json"), join(config, "settings.json"));
    expect((await run("install", { CLAUDE_CONFIG_DIR: config })).code).toBe(0);
    expect(readFileSync(join(home, "dotfile.json"), "utf8")).toContain(" permission-request ");
    expect(existsSync(join(home, ".claude"))).toBe(false);
  });

  it("leaves a link alone whose file is not there", async () => {
    const { home, settings, run } = setStage();
    mkdirSync(dirname(settings));
    symlinkSync(join(home, "dotfile.json"), settings);
    const { code, err } = await run("install");
    expect(code).toBe(1);
    expect(err).toContain("is a link to a file that is not there: it was not touched");
    expect(lstatSync(settings).isSymbolicLink()).toBe(true);
  });

  it("--project writes into the folder that npm was called in, or the one that is named", async () => {
    const { home, run } = setStage();
    const shop = join(home, "shop");
    mkdirSync(shop);
    mkdirSync(join(home, "other"));
    await run("install --project", { INIT_CWD: shop });
    await run("install --project other", { INIT_CWD: home });
    for (const project of [shop, join(home, "other")]) {
      expect(existsSync(join(project, ".claude", "settings.json"))).toBe(true);
    }
    expect(existsSync(join(home, ".claude"))).toBe(false);
  });
});

describe("uninstall", () => {
  it.each([
    ["other hooks", `${JSON.stringify(OTHERS, null, 4)}\n`],
    ["no hooks", '{\n  "model": "opus"\n}\n'],
    ["Windows line endings", '{\r\n  "model": "opus"\r\n}\r\n'],
    ["one line", '{"model":"opus"}'],
  ])("leaves a file with %s as it was before install", async (_, before) => {
    const { run, write, read } = setStage();
    write(before);
    await run("install", { DONE_MESSAGES: "on" });
    expect(read()).not.toBe(before);
    expect((await run("uninstall")).code).toBe(0);
    expect(read()).toBe(before);
  });

  it("takes our hook out of an entry that holds another's too", async () => {
    const { run, write, read } = setStage();
    const other = { type: "command", command: "say done" };
    const ours = { type: "http", url: "http://127.0.0.1:8000/hooks/stop" };
    write(JSON.stringify({ hooks: { Stop: [{ hooks: [other, ours] }] } }));
    await run("uninstall");
    expect(parsed(read())).toEqual({ hooks: { Stop: [{ hooks: [other] }] } });
  });

  it("takes out the http hooks of an earlier version, and the commands of another folder; install replaces them", async () => {
    const { run, write, read } = setStage();
    const http = {
      type: "http",
      url: "http://127.0.0.1:8000/hooks/stop",
      headers: { "X-Approval-Project": "$PWD" },
    };
    const program = "'/it'\\''s moved/plugin/hook.sh'";
    const command = `if [ -f ${program} ]; then exec sh ${program} stop 'http://127.0.0.1:8000' '/node'; else cat >/dev/null; fi`;
    const old = JSON.stringify({
      hooks: { Stop: [{ hooks: [http] }, { hooks: [{ type: "command", command }] }] },
    });
    write(old);
    await run("install");
    expect(parsed(read()).hooks?.["Stop"]).toHaveLength(1);
    expect(read()).not.toMatch(/moved|"http"/);
    write(old);
    await run("uninstall");
    expect(parsed(read())).toEqual({});
  });

  it.each([
    "sh '/x/plugin/hook.sh' stop",
    "node /x/hook.js",
    "if [ -f '/x/hook.sh' ]; then exec sh '/x/hook.sh' stop 'y'; fi",
  ])("leaves another program's command alone: %s", async (command) => {
    const { run, write, read } = setStage();
    write(JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: "command", command }] }] } }));
    const before = read();
    await run("uninstall");
    expect(read()).toBe(before);
  });

  it("leaves hooks of another program alone, and makes no file", async () => {
    const { run, write, read, settings } = setStage();
    expect((await run("uninstall")).out).toContain("Nothing to do");
    expect(existsSync(settings)).toBe(false);
    const others = ["http://127.0.0.1:9000/hooks/stop", "http://127.0.0.1:9000/other", "no address"];
    const hooks = others.map((url) => ({ type: "http", url, headers: { Authorization: "Bearer x" } }));
    write(JSON.stringify({ hooks: { Stop: [{ hooks }] } }));
    const before = read();
    expect((await run("uninstall")).out).toContain("Nothing to do");
    expect(read()).toBe(before);
  });

  it("finds its hooks after the port has changed; install moves them", async () => {
    const { run, read } = setStage();
    await run("install", { SERVER_PORT: "9000" });
    await run("install", { SERVER_PORT: "9001" });
    expect(read()).not.toContain(":9000");
    expect(parsed(read()).hooks?.["PermissionRequest"]).toHaveLength(1);
    await run("uninstall");
    expect(parsed(read())).toEqual({});
  });
});

describe("a file that is not understood", () => {
  it.each([
    ["no JSON", '{"model": }'],
    ["JSON with comments", '{ // mine\n  "model": "opus" }'],
    ["a list", "[]"],
    ["null", "null"],
    ["nothing", ""],
    ["hooks that are a list", '{"hooks":[]}'],
    ["an event that is no list", '{"hooks":{"Stop":{}}}'],
  ])("is refused and not touched: %s", async (_, text) => {
    for (const verb of ["install", "uninstall"]) {
      const { run, write, read, settings } = setStage();
      write(text);
      const { code, err, out } = await run(verb);
      expect([code, out]).toEqual([1, ""]);
      expect(err).toMatch(/^✗ .+\n$/);
      expect(read()).toBe(text);
      expect(existsSync(`${settings}.before-approval-server`)).toBe(false);
    }
  });
});

describe("the plugin", () => {
  it("is named by install where it is switched on, and not where it is off", async () => {
    const { run, write } = setStage();
    write(JSON.stringify({ enabledPlugins: { "approvals@approval-server": true } }));
    expect((await run("install")).out).toContain(
      "The plugin approvals@approval-server brings these hooks too",
    );
    write(JSON.stringify({ enabledPlugins: { "approvals@approval-server": false } }));
    expect((await run("install")).out).not.toContain("The plugin");
  });
});

describe("the command", () => {
  it("prints what install would write, and writes nothing", async () => {
    const { run, read, settings } = setStage();
    const { out } = await run("print");
    expect(existsSync(settings)).toBe(false);
    await run("install");
    expect(JSON.parse(out)).toEqual(JSON.parse(read()));
  });

  it.each([
    "",
    "instal",
    "install now",
    "install --global",
    "install --project a b",
    "install --project --x",
  ])("answers %j with its usage and 64", async (line) => {
    const { run, settings } = setStage();
    expect(await run(line)).toMatchObject({ code: 64, out: "", err: expect.stringMatching(/^Usage:/) });
    expect(existsSync(settings)).toBe(false);
  });

  it("answers --help with its usage and 0", async () => {
    expect(await setStage().run("install --help")).toMatchObject({ code: 0, err: "" });
  });

  it("names a wrong setting", async () => {
    const { run, settings } = setStage();
    const { code, err } = await run("install", { SERVER_PORT: "eighty" });
    expect(code).toBe(1);
    expect(err).toContain("SERVER_PORT: must be a port number");
    expect(existsSync(settings)).toBe(false);
  });
});
