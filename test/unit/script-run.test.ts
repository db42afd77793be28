// What runs of a script: the bytes that were read, with the words that were shown, until its time is over, and nothing after it.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { findScripts } from "../../src/script-tools/find-scripts.ts";
import { keepOutput } from "../../src/script-tools/kept-output.ts";
import { runScript } from "../../src/script-tools/run-script.ts";
import { scriptEnvironment } from "../../src/script-tools/script-environment.ts";
import type { LoadedScript } from "../../src/script-tools/script-file.ts";
import { createScriptLanes } from "../../src/script-tools/script-lanes.ts";
import { systemClock } from "../../src/server/system.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { type ToolsFolder, toolsFolder } from "../helpers/tools-folder.ts";

const ME = process.getuid?.() ?? 0;
const ENV = { PATH: process.env["PATH"] ?? "" };

function load(
  text: string,
  settings: object = {},
  file = "x.sh",
): { script: LoadedScript; tools: ToolsFolder } {
  const tools = toolsFolder();
  tools.script(file, text, { description: "x", ...settings });
  const { scripts, problems } = findScripts({ path: tools.path, user: ME });
  const script = scripts.get("x");
  if (script === undefined) throw new Error(problems.join());
  return { script, tools };
}

interface Options {
  readonly words?: readonly string[];
  readonly env?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly mask?: (text: string) => string;
}

const noteRun = () => () => {};

function run(script: LoadedScript, { words = [], env = {}, signal, mask = (text) => text }: Options = {}) {
  const copies = join(temporaryFolder(), "copies");
  const request = { script, words, env: { ...ENV, ...env }, signal: signal ?? new AbortController().signal };
  const send = (pid: number, name: NodeJS.Signals) => void process.kill(pid, name);
  const running = runScript(request, { copies, user: ME, send, noteRun, mask, clock: systemClock });
  return Object.assign(running, { copies });
}

const sh = (text: string, settings?: object) => load(`#!/bin/sh\n${text}\n`, settings);

/** Ids of processes that a script has written down. */
const pids = (path: string) => readFileSync(path, "utf8").trim().split(/\s+/).map(Number);

function isAlive(pid: number): boolean {
  try {
    // A killed one that nobody has waited for still has an id.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("a script", () => {
  it("gets its words as they are, and no shell reads them", async () => {
    const words = ["--a", "x y", "--b", "$(touch evil); `id` * ' \"", "--c", ""];
    const { script, tools } = sh('for word in "$@"; do echo "<$word>"; done');
    const { end, output } = await run(script, { words });
    expect(end).toEqual({ kind: "exited", code: 0 });
    expect(output).toBe(words.map((word) => `<${word}>\n`).join(""));
    expect(existsSync(join(tools.path, "evil"))).toBe(false);
  });

  it("runs in its own folder, with nothing on stdin", async () => {
    const { script, tools } = sh("pwd; cat; echo end");
    expect((await run(script)).output).toBe(`${tools.path}\nend\n`);
  });

  it("says what it says in its order, whichever output it takes", async () => {
    const { script } = sh("for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done");
    const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => `out ${at}\nerr ${at}\n`).join("");
    expect((await run(script)).output).toBe(expected);
  });

  it.each([
    ["exit 3", { kind: "exited", code: 3 }],
    ["kill -KILL $$", { kind: "killed", signal: "SIGKILL" }],
  ])("that ends with %s", async (text, end) => {
    expect((await run(sh(text).script)).end).toEqual(end);
  });

  it("without #! is run by what its name says", async () => {
    const { script } = load("import sys\nprint(sys.argv[1:])\n", {}, "x.py");
    expect((await run(script, { words: ["-c", "print(1)"] })).output).toBe("['-c', 'print(1)']\n");
  });

  it.each([
    ["an interpreter that is not there", "#!/no/such/interpreter\n"],
    ["an interpreter with a line end of Windows", "#!/bin/sh\r\necho 1\r\n"],
  ])("with %s does not start, and nothing else does", async (_, text) => {
    const { script } = load(text, {}, "x.tool");
    expect(await run(script)).toEqual({
      end: { kind: "not-started", problem: expect.stringMatching(/ENOENT/) },
      output: "",
    });
  });

  it("with more words than the system takes does not start", async () => {
    const { script } = sh("echo 1");
    const { end } = await run(script, { words: ["x".repeat(4_000_000)] });
    expect(end).toEqual({ kind: "not-started", problem: expect.stringMatching(/E2BIG/) });
  });

  it("is run as the bytes that were read, whatever the file is now", async () => {
    const { script, tools } = sh("echo approved");
    tools.file("x.sh", "#!/bin/sh\necho swapped\n", 0o755);
    expect((await run(script)).output).toBe("approved\n");
  });

  it("runs from a copy that nobody else can read or write, and that is gone afterwards", async () => {
    const { script } = sh('stat -c "%a" "$0" "$(dirname "$0")"');
    const running = run(script);
    expect((await running).output).toBe("500\n700\n");
    expect(readdirSync(running.copies)).toEqual([]);
    expect(statSync(running.copies).mode & 0o777).toBe(0o700);
  });

  it("leaves no socket open, whether it starts or not", async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((name) => /Pipe|Socket/.test(name)).length;
    const before = sockets();
    await run(sh("echo 1").script);
    await run(sh("echo 1").script, { words: ["x".repeat(4_000_000)] });
    await run(load("#!/no/such/interpreter\n", {}, "x.tool").script);
    await expect.poll(sockets).toBeLessThanOrEqual(before);
  });

  it("does not run from where others could put something else in its place", async () => {
    const { script } = sh("echo 1");
    const shared = temporaryFolder();
    const copies = join(shared, "copies");
    mkdirSync(copies);
    chmodSync(copies, 0o777);
    const mask = (text: string) => text;
    const deps = { copies, user: ME, send: () => {}, noteRun, mask, clock: systemClock };
    const { end } = await runScript(
      { script, words: [], env: ENV, signal: new AbortController().signal },
      deps,
    );
    expect(end).toEqual({ kind: "not-started", problem: expect.stringMatching(/can be written by others/) });
  });
});

describe("is killed with all that it has started", () => {
  const SPAWNER = `
echo $$ > "$OUT"
sleep 600 & echo $! >> "$OUT"
(trap '' TERM; sleep 600) & echo $! >> "$OUT"
setsid sh -c 'echo $$ >> "$OUT"; trap "" TERM; sleep 600' &
setsid sh -c 'setsid sleep 600 & echo $! >> "$OUT"' &
while [ $(wc -l < "$OUT") -lt 5 ]; do sleep 0.05; done
echo ready > "$OUT.ready"
`;

  it("when its time is over", async () => {
    const out = join(temporaryFolder(), "pids");
    const { script } = sh(`${SPAWNER}\necho said before\nwait`, { timeoutSeconds: 2 });
    const { end, output } = await run(script, { env: { OUT: out } });
    expect(end).toEqual({ kind: "timed-out" });
    expect(output).toContain("said before");
    expect(pids(out)).toHaveLength(5);
    await expect.poll(() => pids(out).filter(isAlive)).toEqual([]);
  });

  it("when nobody wants it any more, also where it does not listen to TERM", async () => {
    const out = join(temporaryFolder(), "pids");
    const { script } = sh(`trap "" TERM\n${SPAWNER}\nwait; sleep 600`);
    const caller = new AbortController();
    const running = run(script, { env: { OUT: out }, signal: caller.signal });
    await expect.poll(() => existsSync(`${out}.ready`)).toBe(true);
    caller.abort();
    expect((await running).end).toEqual({ kind: "aborted" });
    await expect.poll(() => pids(out).filter(isAlive)).toEqual([]);
  });

  it("except what it has put into a session of its own before it ended by itself", async () => {
    const out = join(temporaryFolder(), "pids");
    const { script } = sh(
      'sleep 600 & echo $! > "$OUT"\nsetsid sleep 600 > /dev/null 2>&1 & \nsleep 0.3; echo done',
    );
    const { end, output } = await run(script, { env: { OUT: out } });
    expect({ end, output }).toEqual({ end: { kind: "exited", code: 0 }, output: "done\n" });
    await expect.poll(() => pids(out).filter(isAlive)).toEqual([]);
    // It keeps the mark of its run.
    const left = readdirSync("/proc").filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`OUT=${out}`);
      } catch {
        return false;
      }
    });
    for (const pid of left) onTestFinished(() => void process.kill(Number(pid), "SIGKILL"));
    expect(left).toHaveLength(1);
  });

  it("before it begins, where its caller has gone", async () => {
    const out = join(temporaryFolder(), "ran");
    const { script } = sh('touch "$OUT"');
    expect((await run(script, { env: { OUT: out }, signal: AbortSignal.abort() })).end).toEqual({
      kind: "aborted",
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe("its environment", () => {
  const secret = ["s3cr3t", "value", "of", "ours"].join("-");
  const deps = {
    env: {
      PATH: "/bin",
      HOME: "/root",
      DEPLOY_KEY: "k",
      LIKE_OURS: `x${secret}y`,
      APPROVAL_TOKEN: secret,
      OTHER: "o",
    },
    ownNames: new Set(["APPROVAL_TOKEN", "SERVER_PORT"]),
    ownSecrets: [secret],
  };

  it("has what programs need and what its settings name, and nothing else", () => {
    expect(scriptEnvironment(["DEPLOY_KEY", "NOT_SET"], deps)).toEqual({
      ok: true,
      env: { PATH: "/bin", HOME: "/root", DEPLOY_KEY: "k" },
    });
  });

  it.each([
    ["APPROVAL_TOKEN", /own/],
    ["SERVER_PORT", /own/],
    ["TWILIO_WHATEVER", /own/],
    ["APPROVAL_HOME", /own/],
    ["LIKE_OURS", /LIKE_OURS holds a secret/],
  ])("never has %s", (name, problem) => {
    const found = scriptEnvironment([name], deps);
    expect(found).toEqual({ ok: false, problem: expect.stringMatching(problem) });
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  it("of a run is that and the mark of the run", async () => {
    const { script } = sh("env");
    const { output } = await run(script, { env: { ONE: "1" } });
    const names = output
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names.filter((name) => !["PWD", "_", "SHLVL", "OLDPWD"].includes(String(name))).sort()).toEqual([
      "APPROVAL_SCRIPT_RUN",
      "ONE",
      "PATH",
    ]);
  });
});

describe("its output", () => {
  it("is kept at both ends, and says how much is missing", async () => {
    const { script } = sh("echo first; yes 1234567 | head -n 1000000; echo last");
    const { output } = await run(script);
    expect(output.length).toBeLessThan(65_000);
    expect(output).toMatch(/^first\n/);
    expect(output).toMatch(/last\n$/);
    expect(output).toMatch(/\[\.\.\. about \d+ bytes are left out here \.\.\.\]/);
  });

  it("is masked before it is cut, and where a secret comes in two pieces", async () => {
    const secret = "hunter2-hunter2-hunter2";
    const { script } = sh(`printf hunter2-hun; sleep 0.2; echo ter2-hunter2; echo ok`);
    const mask = (text: string) => text.replaceAll(secret, "[secret]");
    expect((await run(script, { mask })).output).toBe("[secret]\nok\n");
    const kept = keepOutput();
    // The secret stands where the beginning is cut.
    kept.add(Buffer.from(`${"x".repeat(15_990)}${secret}${"y".repeat(900_000)}`));
    expect(kept.text(mask)).toContain("[secret]");
    expect(kept.text(mask)).not.toContain("hunter2");
  });

  it("of characters that come in pieces is whole", () => {
    const kept = keepOutput();
    const bytes = Buffer.from("日本語🔔");
    for (const byte of bytes) kept.add(Buffer.from([byte]));
    expect(kept.text((text) => text)).toBe("日本語🔔");
  });

  it("that comes letter by letter is kept as in one piece, and is not copied for each", () => {
    const all = Buffer.from(
      Array.from({ length: 700_000 }, (_, n) => String.fromCharCode(97 + (n % 26))).join(""),
    );
    const [pieces, whole] = [keepOutput(), keepOutput()];
    whole.add(all);
    for (let at = 0; at < all.length; at += 1) pieces.add(all.subarray(at, at + 1));
    expect(pieces.text((text) => text)).toBe(whole.text((text) => text));
    expect(pieces.text((text) => text)).toContain("are left out here");
  });
});

describe("runs of a script", () => {
  test("that is to run alone come one after another, in their order", async () => {
    const lane = createScriptLanes().of("x", true);
    const order: string[] = [];
    const open: (() => void)[] = [];
    const work = (name: string) => () =>
      new Promise<void>((resolve) => {
        order.push(`${name} begins`);
        open.push(() => {
          order.push(`${name} ends`);
          resolve();
        });
      });
    const all = ["a", "b", "c"].map((name) => lane.run(work(name)));
    expect(lane.ahead()).toBe(3);
    for (let at = 0; at < 3; at += 1) {
      await expect.poll(() => open.length).toBe(1);
      open.pop()?.();
      await all[at];
    }
    expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("of others are several at a time, and a few wait", async () => {
    const lanes = createScriptLanes(2, 3);
    let running = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
    };
    const lane = lanes.of("x", false);
    expect(lane.ahead()).toBe(0);
    const all = [1, 2, 3, 4, 5].map(() => lanes.of("y", false).run(work));
    expect(lane.isFull()).toBe(true);
    expect(lane.ahead()).toBe(4);
    for (let at = 0; at < 5; at += 1) {
      await expect.poll(() => ends.length).toBeGreaterThan(0);
      ends.shift()?.();
    }
    await Promise.all(all);
    expect(most).toBe(2);
  });
});
