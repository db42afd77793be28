// The policy's file on the disk: who may write it, and what holds when it changes, breaks or goes.
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { decideByRules } from "../../src/policy/decide.ts";
import { fileStamp } from "../../src/policy/file-stamp.ts";
import { readPolicyFile } from "../../src/policy/read-policy-file.ts";
import { watchPolicy } from "../../src/policy/watched-policy.ts";
import { realPath } from "../../src/shell/real-path.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { bash, CONTEXT, policyText } from "../helpers/policy-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const RULES = [
  { decision: "allow", rules: ["Bash(npm test)"] },
  { decision: "deny", rules: ["Bash(curl *)"], message: "Use the cache." },
] as const;
const GOOD = policyText(RULES);

function write(path: string, text: string, mode = 0o600): void {
  writeFileSync(path, text);
  chmodSync(path, mode);
}

function fileWith(text: string, mode?: number): string {
  const path = join(temporaryFolder(), "policy.json");
  write(path, text, mode);
  return path;
}

/** A policy over a file, and what it decides of three calls: npm test, curl x, ls. */
function watch(path: string) {
  const clock = createFakeClock();
  const log = createKeptLog();
  const watched = watchPolicy({
    read: () => readPolicyFile(path, CONTEXT),
    stamp: () => fileStamp(path),
    clock,
    log,
  });
  const policy = createPolicy(watched, clock, decideByRules);
  let count = 0;
  const kindOf = async (command: string) => {
    const request = { id: `id${count++}` } as Parameters<typeof policy.decide>[1];
    return (await policy.decide(bash(command), request)).kind;
  };
  const kinds = async () => [await kindOf("npm test"), await kindOf("curl x"), await kindOf("ls")].join(" ");
  const errors = () => log.entries.filter(({ level }) => level === "error");
  return { watched, clock, log, kinds, errors, state: () => watched.current().state };
}

describe("the file", () => {
  test.each([0o600, 0o644, 0o400, 0o444])("with mode %o is read", (mode) => {
    expect(readPolicyFile(fileWith(GOOD, mode), CONTEXT).kind).toBe("good");
  });

  test.each([0o666, 0o620, 0o602, 0o660, 0o777])("with mode %o is refused: others can write it", (mode) => {
    expect(readPolicyFile(fileWith(GOOD, mode), CONTEXT)).toEqual({
      kind: "bad",
      problems: ["can be written by others: run chmod go-w on it"],
    });
  });

  test("is judged itself, not the link that leads to it", () => {
    const target = fileWith(GOOD, 0o666);
    const link = join(temporaryFolder(), "policy.json");
    symlinkSync(target, link);
    expect(readPolicyFile(link, CONTEXT).kind).toBe("bad");
    chmodSync(target, 0o600);
    expect(readPolicyFile(link, CONTEXT).kind).toBe("good");
  });

  test("that is a folder is refused", () => {
    expect(readPolicyFile(temporaryFolder(), CONTEXT)).toEqual({
      kind: "bad",
      problems: ["is not a file"],
    });
  });

  test("that is too large is refused", () => {
    expect(readPolicyFile(fileWith(GOOD.padEnd(300_000)), CONTEXT).kind).toBe("bad");
  });

  test("that is not there is none", () => {
    expect(readPolicyFile(join(temporaryFolder(), "policy.json"), CONTEXT)).toEqual({ kind: "none" });
    expect(readPolicyFile(join(fileWith(GOOD), "policy.json"), CONTEXT).kind).toBe("bad");
  });
});

describe("what is in force", () => {
  test("is nothing without a file: everything asks", async () => {
    const { kinds, state, errors } = watch(join(temporaryFolder(), "policy.json"));
    expect(await kinds()).toBe("ask ask ask");
    expect(state()).toBe("none");
    expect(errors()).toEqual([]);
  });

  test("is a file that is made later, at the next call", async () => {
    const path = join(temporaryFolder(), "policy.json");
    const { kinds, state } = watch(path);
    expect(await kinds()).toBe("ask ask ask");
    write(path, GOOD);
    expect(await kinds()).toBe("allow deny ask");
    expect(state()).toBe("active");
  });

  test.each<[string, (path: string, text: string) => void]>([
    ["in place", (path, text) => writeFileSync(path, text)],
    [
      "by a file that is put in its place",
      (path, text) => {
        write(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      },
    ],
    [
      "by removing and making it",
      (path, text) => {
        rmSync(path);
        write(path, text);
      },
    ],
    [
      "with a copy kept under another name",
      (path, text) => {
        rmSync(`${path}~`, { force: true });
        linkSync(path, `${path}~`);
        write(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      },
    ],
  ])("is what was written %s, at the next call", async (_, edit) => {
    const path = fileWith(GOOD);
    const { kinds } = watch(path);
    expect(await kinds()).toBe("allow deny ask");
    edit(path, policyText([{ decision: "deny", rules: ["Bash(ls)"] }]));
    expect(await kinds()).toBe("ask ask deny");
    edit(path, GOOD);
    expect(await kinds()).toBe("allow deny ask");
  });

  test.each<[string, (path: string) => void]>([
    ["is gone", (path) => rmSync(path)],
    ["is empty", (path) => writeFileSync(path, "")],
    ["is half written", (path) => writeFileSync(path, GOOD.slice(0, -9))],
    [
      "has a rule that is too broad",
      (path) => writeFileSync(path, policyText([{ decision: "allow", rules: ["Bash"] }])),
    ],
    ["can be written by others", (path) => chmodSync(path, 0o666)],
    [
      "is a folder",
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])(
    "is the last good one while the file %s, and allows nothing; once, the log says so",
    async (_, breakIt) => {
      const path = fileWith(GOOD);
      const { kinds, state, errors } = watch(path);
      expect(await kinds()).toBe("allow deny ask");
      breakIt(path);
      expect(await kinds()).toBe("ask deny ask");
      expect(await kinds()).toBe("ask deny ask");
      expect(state()).toBe("stale");
      expect(errors()).toHaveLength(1);
      expect(errors()[0]?.fields).toMatchObject({ problems: [expect.any(String)] });
      rmSync(path, { recursive: true, force: true });
      write(path, GOOD);
      expect(await kinds()).toBe("allow deny ask");
      expect(state()).toBe("active");
    },
  );

  test("is nothing when the first file is wrong", async () => {
    const path = join(temporaryFolder(), "policy.json");
    const { kinds, state, errors } = watch(path);
    write(path, GOOD, 0o666);
    expect(await kinds()).toBe("ask ask ask");
    expect(state()).toBe("refused");
    expect(errors()).toHaveLength(1);
  });

  test("is looked at without a call too, so that the log names a mistake early", async () => {
    const path = fileWith(GOOD);
    const { watched, clock, errors } = watch(path);
    writeFileSync(path, "{");
    await clock.advance(2_000);
    expect(errors()).toHaveLength(1);
    await clock.advance(60_000);
    expect(errors()).toHaveLength(1);
    writeFileSync(path, '{"version":');
    await clock.advance(2_000);
    expect(errors()).toHaveLength(2);
    watched.close();
    expect(clock.pending()).toBe(0);
  });
});

describe("the cap", () => {
  function capped(max: number) {
    const path = fileWith(policyText(RULES, { max_approvals_per_session: max }));
    const clock = createFakeClock();
    const stage = { read: () => readPolicyFile(path, CONTEXT), stamp: () => fileStamp(path) };
    const watched = watchPolicy({ ...stage, clock, log: createKeptLog() });
    const policy = createPolicy(watched, clock, decideByRules);
    let count = 0;
    const ask = async (changed: Parameters<typeof bash>[1] = {}, command = "ls") => {
      const request = { id: `id${count++}` } as Parameters<typeof policy.decide>[1];
      const decision = await policy.decide(bash(command, changed), request);
      const end = (status: "approved" | "denied" | "blocked") =>
        policy.ended({ request, outcome: { status } as never, delivery: "queued", askedAt: [] });
      return { decision, kind: decision.kind, end };
    };
    const approve = async (changed: Parameters<typeof bash>[1] = {}) => {
      const asked = await ask(changed);
      asked.end(asked.kind === "deny" ? "blocked" : "approved");
      return asked.kind;
    };
    return { path, clock, ask, approve };
  }

  test("denies what comes after it, and says how to go on", async () => {
    const { approve, ask } = capped(2);
    expect([await approve(), await approve(), await approve(), await approve()].join(" ")).toBe(
      "ask ask deny deny",
    );
    expect((await ask({}, "npm test")).decision).toEqual({
      kind: "deny",
      rule: "max_approvals_per_session: 2",
      message: expect.stringContaining("new session"),
    });
    expect((await ask({}, "curl x")).decision).toMatchObject({ rule: "Bash(curl *)" });
  });

  test("counts no denial", async () => {
    const { ask, approve } = capped(1);
    for (let turn = 0; turn < 3; turn += 1) (await ask()).end("denied");
    expect(await approve()).toBe("ask");
    expect(await approve()).toBe("deny");
  });

  test("counts what waits: together they must not get beyond it", async () => {
    const { ask } = capped(2);
    const [first, second, third] = [await ask(), await ask({}, "npm test"), await ask({}, "npm test")];
    expect([first.kind, second.kind, third.kind]).toEqual(["ask", "allow", "deny"]);
    third.end("blocked");
    first.end("denied");
    expect((await ask()).kind).toBe("ask");
  });

  test.each([
    [{ sessionId: "a" }, { sessionId: "b" }],
    [{ sessionId: "a" }, {}],
    [{ cwd: "/a" }, { cwd: "/b" }],
    [{ requester: "a" }, { requester: "b" }],
    [{ door: "mcp" }, { door: "rest" }],
    [
      { sessionId: "a", requester: "a" },
      { sessionId: "a", requester: "b" },
    ],
  ] as const)("counts %j and %j apart", async (one, other) => {
    const { approve } = capped(1);
    expect(await approve(one)).toBe("ask");
    expect(await approve(other)).toBe("ask");
    expect(await approve(one)).toBe("deny");
  });

  test("counts a session together wherever it works", async () => {
    const { approve } = capped(1);
    expect(await approve({ sessionId: "a", cwd: "/a" })).toBe("ask");
    expect(await approve({ sessionId: "a", cwd: "/b", door: "hook" })).toBe("deny");
  });

  test("starts anew 12 hours after the last approval, and attempts do not prolong it", async () => {
    const { approve, clock } = capped(1);
    expect(await approve()).toBe("ask");
    clock.sleep(11 * 3_600_000);
    expect(await approve()).toBe("deny");
    clock.sleep(3_600_000);
    expect(await approve()).toBe("ask");
  });

  test("can be raised while the session goes on, and holds while the file is gone", async () => {
    const { path, approve } = capped(1);
    expect(await approve()).toBe("ask");
    write(path, policyText(RULES, { max_approvals_per_session: 2 }));
    expect(await approve()).toBe("ask");
    expect(await approve()).toBe("deny");
    rmSync(path);
    expect(await approve()).toBe("deny");
  });
});

describe("where a path leads", () => {
  test("is told through links, also of what is not there yet", () => {
    const folder = realPath(temporaryFolder()) ?? "";
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "link"));
    symlinkSync(join(folder, "nothing"), join(folder, "dangling"));
    expect(realPath(join(folder, "link", "new", "file"))).toBe(join(folder, "real", "new", "file"));
    expect(realPath(join(folder, "new"))).toBe(join(folder, "new"));
    expect(realPath(join(folder, "dangling"))).toBeUndefined();
    expect(realPath(join(folder, "dangling", "x"))).toBeUndefined();
    expect(realPath(`${folder}/a\0b`)).toBeUndefined();
  });
});
