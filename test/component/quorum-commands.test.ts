// What the commands say of two people: doctor's rows of the approvers' file and of the quorum, `policy check` and `policy test`.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
// Loaded at once: from sources it takes seconds, which would be those of the first test.
import "../../src/cli/doctor/doctor.ts";
import type { Finding } from "../../src/doctor/run-checks.ts";
import { runHere } from "../helpers/command-line.ts";
import { claudeEnvironment } from "../helpers/doctor-stage.ts";
import { BOT_TOKEN } from "../helpers/paired-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { ADA, BOB, policyOf, RISKY, twoPeople } from "../helpers/two-people.ts";

type Settings = Readonly<Record<string, string>>;

const CLEO = "+15005550010";

function fileOf(...people: readonly object[]): string {
  const path = join(temporaryFolder(), "approvers.json");
  writeFileSync(path, JSON.stringify({ version: 1, people }), { mode: 0o600 });
  return path;
}

const named = (path: string): Settings => ({ APPROVAL_POLICY: policyOf(), APPROVERS: path });

async function doctor(env: Settings): Promise<Readonly<Record<string, Finding>>> {
  const ports = { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0" };
  const { out } = await runHere(["doctor", "--json"], {
    env: { ...claudeEnvironment(), ...ports, ...env },
    isTerminal: false,
  });
  const { checks } = JSON.parse(out) as { checks: Finding[] };
  return Object.fromEntries(checks.map((each) => [each.description, each]));
}

describe("doctor", () => {
  it("is content with two numbers, and with two people of a file; one number is too few", async () => {
    const enough = { status: "ok", detail: "enough people may approve" };
    expect((await doctor(twoPeople()))["quorum"]).toMatchObject(enough);
    const file = fileOf(
      { name: "Ada", addresses: [ADA] },
      { name: "Bob", addresses: [BOB] },
      { name: "Cleo", role: "notify", addresses: [CLEO] },
    );
    const found = await doctor(named(file));
    expect(found["quorum"]).toMatchObject(enough);
    expect(found["approvers"]).toMatchObject({
      status: "ok",
      detail: `${file}: 2 people may approve, 1 person only told`,
    });
    expect((await doctor({ ...twoPeople(), APPROVAL_PHONE: ADA }))["quorum"]).toMatchObject({
      status: "warning",
      detail: expect.stringContaining("fewer could approve for requests without a project or of one that"),
      advice: expect.stringContaining("docs/approvers.md"),
    });
  });

  it("has no row of either without them", async () => {
    const found = await doctor({ APPROVAL_PHONE: ADA });
    expect(Object.keys(found)).not.toContain("quorum");
    expect(Object.keys(found)).not.toContain("approvers");
  });

  it("counts one person once, whatever the number of addresses, and names the project that has too few", async () => {
    const one = fileOf({ name: "Ada", addresses: [ADA, BOB] });
    expect((await doctor(named(one)))["quorum"]).toMatchObject({ status: "warning" });
    const few = fileOf(
      { name: "Ada", addresses: [ADA] },
      { name: "Bob", addresses: [BOB] },
      { name: "Cleo", projects: ["web-shop"], role: "notify", addresses: [CLEO] },
    );
    expect((await doctor(named(few)))["quorum"]).toMatchObject({ status: "ok" });
    const shop = fileOf(
      { name: "Ada", addresses: [ADA] },
      { name: "Bob", projects: ["web-shop"], addresses: [BOB] },
      { name: "Cleo", projects: ["blog"], role: "notify", addresses: [CLEO] },
    );
    const { detail = "" } = (await doctor(named(shop)))["quorum"] ?? {};
    expect(detail).toContain('fewer could approve for "blog", requests without a project');
    expect(detail).not.toContain("web-shop");
  });

  it("says of a person whose chat is not bound yet that too few are there", async () => {
    const file = fileOf({ name: "Ada", addresses: [ADA] }, { name: "Bob", addresses: ["telegram"] });
    const account = { CHANNELS: "telegram", TELEGRAM_BOT_TOKEN: BOT_TOKEN };
    // Only what is not asked over the network is looked at.
    const bound = fileOf({ name: "Ada", addresses: ["telegram"] }, { name: "Bob", addresses: ["telegram"] });
    expect((await doctor({ ...named(bound), ...account }))["quorum"]).toMatchObject({ status: "warning" });
    // Ada's number is on no channel that is used.
    expect((await doctor({ ...named(file), ...account }))["approvers"]).toMatchObject({
      status: "error",
      detail: expect.stringContaining("none is on a channel that is in use"),
    });
  });

  it("names a file that is wrong, missing, or open to others, and does not guess who may approve then", async () => {
    const open = fileOf({ name: "Ada", addresses: [ADA] });
    chmodSync(open, 0o666);
    const wrong = fileOf({ name: "Ada", adresses: [ADA] });
    const missing = join(temporaryFolder(), "nobody.json");
    for (const [file, words] of [
      [open, "chmod go-w"],
      [wrong, "adresses"],
      [missing, "does not exist"],
    ] as const) {
      const found = await doctor(named(file));
      expect(found["approvers"]).toMatchObject({ status: "error", detail: expect.stringContaining(words) });
      expect(found["quorum"]).toMatchObject({ detail: "who may approve cannot be read" });
    }
  });
});

describe("policy check", () => {
  const check = (env: Settings, ...flags: string[]) => runHere(["policy", "check", ...flags], { env });

  it("counts the quorum, and warns where too few are there, in words and as JSON; the file is good all the same", async () => {
    const enough = await check(twoPeople());
    expect([enough.code, enough.err]).toEqual([0, ""]);
    expect(enough.out).toContain("2 people for what carries a warning");
    const few = { ...twoPeople(), APPROVAL_PHONE: ADA };
    const warned = await check(few);
    expect(warned.code).toBe(0);
    expect(warned.err).toContain("such requests are denied at once");
    expect(JSON.parse((await check(few, "--json")).out)).toMatchObject({
      ok: true,
      problems: [],
      warnings: [expect.stringContaining("such requests are denied at once")],
    });
  });

  it("says that it is not known where the approvers' file cannot be read, and what is wrong with a quorum of 3", async () => {
    const unknown = await check(named(join(temporaryFolder(), "nobody.json")));
    expect(unknown.err).toContain("whether enough people are there is not known");
    const { code, err } = await check({ ...twoPeople(policyOf({ quorum: 3 })) });
    expect(code).not.toBe(0);
    expect(err).toContain("quorum: must be 2");
  });
});

describe("policy test", () => {
  const test = (env: Settings, call: object, ...flags: string[]) =>
    runHere(["policy", "test", JSON.stringify(call), ...flags], { env });
  const PLAIN = { tool_name: "Bash", input: { command: "git status" } };
  const allows = { quorum: 2, rules: [{ decision: "allow", rules: ["Bash(git status)"] }] };

  it("says of what carries a warning that two must approve it, and of the rest what it said before", async () => {
    const env = twoPeople(policyOf(allows));
    expect((await test(env, RISKY)).out).toContain("2 people must approve it");
    expect(JSON.parse((await test(env, RISKY, "--json")).out)).toMatchObject({ decision: "ask", people: 2 });
    // Elsewhere: the folder that commands run in is the server's own here, which is a warning.
    const plain = (await test(env, PLAIN, "--json", "--project", "/code/web-shop")).out;
    expect(JSON.parse(plain)).toMatchObject({ decision: "allow" });
    expect(JSON.parse(plain)).not.toHaveProperty("people");
  });

  it("says that it is denied where too few could be asked about that project", async () => {
    const file = fileOf(
      { name: "Ada", addresses: [ADA] },
      { name: "Bob", projects: ["web-shop"], addresses: [BOB] },
    );
    const denied = JSON.parse((await test(named(file), RISKY, "--json", "--project", "blog")).out) as object;
    expect(denied).toMatchObject({
      decision: "deny",
      rule: "quorum: 2",
      message: expect.stringContaining("2 people have to approve it, and only 1 could be asked"),
    });
    expect((await test(named(file), RISKY, "--project", "blog")).out).toContain("deny: quorum: 2");
    const asked = (await test(named(file), RISKY, "--json", "--project", "/code/web-shop")).out;
    expect(JSON.parse(asked)).toMatchObject({ decision: "ask", people: 2 });
  });
});
