// `policy init`: writes a ready policy where the server reads it, for its owner only, and replaces nothing unasked.
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { homeIn } from "../../src/config/home.ts";
import { READY_NAMES, READY_POLICIES } from "../../src/policy/ready-policies.ts";
import { runHere } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

describe.each(READY_NAMES)("policy init %s", (name) => {
  it("writes what `check` then finds good, for its owner only", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "policy.json");
    const { code, out, err } = await runHere(["policy", "init", name], { folder });
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(path);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(READY_POLICIES[name].policy);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await runHere(["policy", "check"], { folder })).toMatchObject({ code: 0, err: "" });
  });

  it("prints it with --print, and writes nothing", async () => {
    const folder = temporaryFolder();
    const { code, out } = await runHere(["policy", "init", name, "--print"], { folder });
    expect([code, JSON.parse(out), existsSync(join(folder, "policy.json"))]).toEqual([
      0,
      READY_POLICIES[name].policy,
      false,
    ]);
  });
});

describe("policy init", () => {
  it("leaves a policy that is there, unless --force says otherwise; then it is its owner's alone", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "policy.json");
    writeFileSync(path, '{"version":1}');
    chmodSync(path, 0o644);
    const refused = await runHere(["policy", "init", "web"], { folder });
    expect([refused.code, refused.out, readFileSync(path, "utf8")]).toEqual([1, "", '{"version":1}']);
    expect(refused.err).toContain("is there already");
    expect((await runHere(["policy", "init", "web", "--force"], { folder })).code).toBe(0);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(READY_POLICIES.web.policy);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("follows no link, with --force neither", async () => {
    const folder = temporaryFolder();
    const target = join(temporaryFolder(), "precious");
    writeFileSync(target, "kept");
    symlinkSync(target, join(folder, "policy.json"));
    for (const more of [[], ["--force"]]) {
      const { code, err } = await runHere(["policy", "init", "web", ...more], { folder });
      expect([code, readFileSync(target, "utf8")]).toEqual([1, "kept"]);
      expect(err).toContain("is no plain file");
    }
  });

  it("writes to where APPROVAL_POLICY says, with its folder", async () => {
    const folder = temporaryFolder();
    const env = { APPROVAL_POLICY: "rules/mine.json" };
    expect((await runHere(["policy", "init", "data"], { folder, home: homeIn(folder), env })).code).toBe(0);
    expect(existsSync(join(folder, "rules", "mine.json"))).toBe(true);
  });

  it.each([[["reckless"]], [[]], [["web", "data"]]])("refuses to be called with %j", async (args) => {
    const folder = temporaryFolder();
    const { code } = await runHere(["policy", "init", ...args], { folder });
    expect([code, existsSync(join(folder, "policy.json"))]).toEqual([64, false]);
  });
});
