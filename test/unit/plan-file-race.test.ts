// A plan's file that becomes another thing between the look at its path and its opening: whoever can write to the folder
// must not have a file of somebody else's sent to the phone, nor hold the server up.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { findPlan } from "../../src/inspection/plan-file.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** Runs when the path of the plan has been looked at, before the file is opened. */
let afterLook = () => {};

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const realpath = async (path: string) => {
    const found = await real.realpath(path);
    if (path.endsWith(".md")) afterLook();
    return found;
  };
  return { ...real, realpath };
});

beforeEach(() => {
  afterLook = () => {};
});

function stage() {
  const home = temporaryFolder();
  const plans = join(home, ".claude", "plans");
  mkdirSync(plans, { recursive: true });
  const file = join(plans, "a.md");
  writeFileSync(file, "# The plan");
  const secret = join(home, "secret");
  writeFileSync(secret, "a secret");
  const call = { toolName: "ExitPlanMode", input: { planFilePath: file } };
  return { file, secret, call, find: () => findPlan(call, { home }) };
}

const NOT_READ = ["the plan's file could not be read"];

describe("a plan's file", () => {
  it("is read when it stays what it is", async () => {
    const { find } = stage();
    expect((await find()).call.input["plan"]).toBe("# The plan");
  });

  it("is not read when a link takes its place in the meantime", async () => {
    const { file, secret, call, find } = stage();
    afterLook = () => {
      rmSync(file);
      symlinkSync(secret, file);
    };
    expect(await find()).toEqual({ call, warnings: NOT_READ });
  });

  it("is not read, nor waited for, when a pipe takes its place in the meantime", async () => {
    const { file, call, find } = stage();
    afterLook = () => {
      rmSync(file);
      execFileSync("mkfifo", [file]);
    };
    expect(await find()).toEqual({ call, warnings: NOT_READ });
  });

  it("is not read when it grows beyond what a plan may have in the meantime", async () => {
    const { file, call, find } = stage();
    afterLook = () => writeFileSync(file, "x".repeat(200_001));
    expect(await find()).toEqual({ call, warnings: NOT_READ });
  });
});
