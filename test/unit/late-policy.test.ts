// policy.json and what reads it: nothing is loaded without the file, and no call is decided before its rules are.
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { decideByRules } from "../../src/policy/decide.ts";
import { readPolicyFile } from "../../src/policy/read-policy-file.ts";
import { watchPolicy } from "../../src/policy/watched-policy.ts";
import { openLatePolicy } from "../../src/server/late-policy.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { bash, CONTEXT, policyText } from "../helpers/policy-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const RULES = policyText([{ decision: "deny", rules: ["Bash(git push *)"] }]);

async function open(text?: string, link?: string) {
  const folder = temporaryFolder();
  const path = join(folder, "policy.json");
  const write = (content: string) => writeFileSync(path, content, { mode: 0o600 });
  if (text !== undefined) write(text);
  if (link !== undefined) symlinkSync(join(folder, link), path);
  const bring = vi.fn(async () => ({ readPolicyFile, decideByRules }));
  const late = await openLatePolicy(path, CONTEXT, bring);
  const clock = createFakeClock();
  const watched = watchPolicy({ read: late.read, stamp: late.stamp, clock, log: createKeptLog() });
  return { path, write, bring, late, watched, policy: createPolicy(watched, clock, late.decide) };
}

const PUSH = bash("git push origin main");
const REQUEST = { id: "kqmwa" } as never;

describe("a policy that is not there", () => {
  it("brings nothing with it, and decides nothing", async () => {
    const { bring, watched, policy, late } = await open();
    expect(watched.current().state).toBe("none");
    expect(await policy.decide(PUSH, REQUEST)).toEqual({ kind: "ask" });
    expect(late.isNeeded()).toBe(false);
    expect(bring).not.toHaveBeenCalled();
  });

  it("counts with the first call after it has come", async () => {
    const { write, late, policy, watched } = await open();
    write(RULES);
    expect(late.isNeeded()).toBe(true);
    await late.load();
    expect((await policy.decide(PUSH, REQUEST)).kind).toBe("deny");
    expect(watched.current().state).toBe("active");
  });

  it("is found by the next look, too", async () => {
    const { write, late, watched, bring } = await open();
    write(RULES);
    watched.current();
    expect(bring).toHaveBeenCalledTimes(1);
    await expect.poll(() => late.isNeeded()).toBe(false);
    expect(watched.current().state).toBe("active");
  });
});

describe("a policy that is a link to a file that is not there", () => {
  it("is refused, and no policy that is not there: what it denies and how many people it asks for is not known", async () => {
    const { watched, path } = await open(undefined, "not-mounted.json");
    const problems = ["is a link to a file that is not there"];
    expect(watched.current()).toMatchObject({ state: "refused", problems });
    rmSync(path);
    expect(watched.current().state).toBe("none");
  });

  it("counts as soon as that file is there", async () => {
    const { watched, write } = await open(undefined, "mounted-later.json");
    write(RULES);
    expect(watched.current().state).toBe("active");
  });
});

describe("a policy that is there", () => {
  it("is in force before anything is asked", async () => {
    const { watched, policy } = await open(RULES);
    expect(watched.current().state).toBe("active");
    expect((await policy.decide(PUSH, REQUEST)).kind).toBe("deny");
  });

  it("is refused in words where its rules cannot be loaded: nothing is allowed by it", async () => {
    const { path, write, bring, late, watched, policy } = await open();
    bring.mockRejectedValue(new Error("no such file"));
    write(policyText([{ decision: "allow", rules: ["Bash(git push *)"] }]));
    await late.load();
    const { state, problems } = watched.current();
    expect({ state, problems }).toEqual({
      state: "refused",
      problems: ["A part of the approval server could not be loaded: restart it, or install it again."],
    });
    expect((await policy.decide(PUSH, REQUEST)).kind).toBe("ask");
    rmSync(path);
    expect(watched.current().state).toBe("none");
  });
});
