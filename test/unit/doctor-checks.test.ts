// The parts of doctor that need no world: ends of Node's releases, owners of ports, digits of numbers, lines that fit.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Check, failure, warning } from "../../src/doctor/check.ts";
import { claudeVersionCheck } from "../../src/doctor/claude-version.ts";
import { NODE_RELEASES } from "../../src/doctor/node-releases.ts";
import { nodeVersionCheck } from "../../src/doctor/node-version.ts";
import { numberProblem } from "../../src/doctor/number-length.ts";
import { portOwner } from "../../src/doctor/port-owner.ts";
import { findingLines } from "../../src/doctor/report.ts";
import { type Finding, runChecks } from "../../src/doctor/run-checks.ts";
import { runHere } from "../helpers/command-line.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

describe("Node.js", () => {
  const at = (version: string, day: string) =>
    nodeVersionCheck({ version, range: ">=20.20", now: Date.parse(day) }).run();

  it.each([
    ["v20.20.2", "2026-04-30T23:59:59Z", "ok"],
    ["v20.20.2", "2026-05-01T00:00:00Z", "warning"],
    ["v22.1.0", "2026-11-29T12:00:00Z", "ok"],
    ["v23.0.0", "2026-11-29T12:00:00Z", "warning"],
    ["v99.0.0", "2026-11-29T12:00:00Z", "ok"],
    ["v20.19.9", "2025-01-01T00:00:00Z", "error"],
  ])("%s is, on %s: %s", async (version, day, status) => {
    expect(await at(version, day)).toMatchObject({ status });
  });

  it("recommends the lines for production that have not ended, and no other", async () => {
    expect(await at("v20.20.2", "2026-11-29")).toMatchObject({
      detail: "v20.20.2 works, but Node.js 20 has had no security fixes since 2026-04-30",
      advice: "Install Node.js 22 or 24 from https://nodejs.org.",
    });
    expect(await at("v20.20.2", "2027-06-01")).toMatchObject({ advice: expect.stringContaining(" 24 from") });
    expect(await at("v20.20.2", "2040-01-01")).toMatchObject({
      advice: expect.stringContaining("current LTS"),
    });
  });

  it("has one row for each line", () => {
    expect(new Set(NODE_RELEASES.map(({ major }) => major)).size).toBe(NODE_RELEASES.length);
  });
});

describe("Claude Code", () => {
  it.each([
    ["2.1.207 (Claude Code)", "warning"],
    ["2.1.268 (Claude Code)", "ok"],
    ["2.1.1000 (Claude Code)", "ok"],
    ["3.0.0", "ok"],
    ["1.0.999 (Claude Code)", "warning"],
    ["hello", "warning"],
  ])("%s is %s", async (printed, status) => {
    expect(await claudeVersionCheck({ print: async () => printed }).run()).toMatchObject({ status });
  });

  it("that fails or hangs is said to", async () => {
    const check = claudeVersionCheck({ print: () => Promise.reject(new Error("killed")) });
    expect(await check.run()).toMatchObject({ detail: expect.stringContaining("did not answer in time") });
  });
});

describe("the owner of a port", () => {
  it.runIf(process.platform === "linux")("is named on Linux, by its name and number", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await portOwner(port)).toMatch(new RegExp(`^\\S.*, process ${process.pid}$`));
  });

  it.each([
    ["p4711\ncnginx\nf6\n", "nginx, process 4711"],
    ["p4711\n", "a program, process 4711"],
    ["p1\ncevil\u202ename\n", "evil⟨U+202E⟩name, process 1"],
    ["", undefined],
  ])("is read from what lsof says: %j", async (fields, owner) => {
    expect(await portOwner(8000, { platform: "darwin", lsof: async () => fields })).toBe(owner);
  });

  it("is not known where there is no lsof", async () => {
    const lsof = () => Promise.reject(new Error("ENOENT"));
    expect(await portOwner(8000, { platform: "freebsd", lsof })).toBeUndefined();
  });
});

describe("the digits of a number", () => {
  it.each([
    ["+15005550006", undefined],
    ["+1500555000", "it has too few digits for a number of US"],
    ["+150055500066", "it has too many digits for a number of US"],
    ["+5215512345678", undefined],
    ["+525512345678", undefined],
    ["+99912345678", "its country code does not exist"],
  ])("%s: %s", (number, problem) => {
    expect(numberProblem(number)).toBe(problem);
  });
});

describe("a finding", () => {
  const words = "some words that go on ".repeat(12).trim();
  const finding: Finding = { description: "database", ...failure(words, words), fixed: [words] };

  it.each([60, 72, 200])("fits a terminal of %i columns, and is never wider than 80", (columns) => {
    const lines = findingLines(finding, { width: 15, colour: false, columns }).split("\n");
    const widest = Math.max(...lines.map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(Math.min(80, columns));
    expect(widest).toBeGreaterThan(Math.min(80, columns) - 10);
  });

  it("fits 80 columns, and a long path stays in one piece", () => {
    const lines = findingLines(
      { ...finding, detail: `${words} ${"/x".repeat(60)}` },
      { width: 15, colour: false },
    ).split("\n");
    const long = lines.filter((line) => line.length > 80);
    expect(long.map((line) => line.trim())).toEqual(["/x".repeat(60)]);
    expect(lines.some((line) => line.trim().startsWith("→ some words"))).toBe(true);
    expect(lines.some((line) => line.trim().startsWith("✓ some words"))).toBe(true);
  });
});

describe("a fix", () => {
  const runOne = async (check: Check, isFixing: boolean) => {
    for await (const finding of runChecks([check], createFakeClock(), { isFixing })) return finding;
    throw new Error("there is no finding");
  };

  it("that fails is reported, and ends nothing", async () => {
    const check: Check = {
      description: "x",
      run: async () => warning("bad", "do", () => Promise.reject(new Error("EACCES"))),
    };
    expect(await runOne(check, true)).toMatchObject({
      status: "error",
      detail: expect.stringContaining("EACCES"),
      fixed: [],
    });
  });

  it("is not run without being asked for", async () => {
    let count = 0;
    const check: Check = {
      description: "x",
      run: async () =>
        warning("bad", "do", async () => {
          count += 1;
          return ["done"];
        }),
    };
    expect(await runOne(check, false)).not.toHaveProperty("fixed");
    expect(count).toBe(0);
    expect(await runOne(check, true)).toMatchObject({ status: "warning", fixed: ["done"] });
    expect(count).toBe(1);
  });
});

describe("doctor on a terminal", () => {
  const secret = "s3cr3t-token-of-the-test";
  const env = {
    SERVER_PORT: "0",
    WEBHOOK_PORT: "0",
    SIMULATOR_PORT: "0",
    HOME: "/nonexistent",
    PATH: "/nonexistent",
  };

  it("says what it is looking at, and takes that back; a pipe or --json gets none of it", async () => {
    const { err } = await runHere(["doctor"], { env, isTerminal: true });
    const shown = err.split("\r\u001b[2K");
    expect(shown.slice(0, 2)).toEqual(["… Node.js", "… configuration"]);
    expect(shown.at(-1)).toBe("");
    expect((await runHere(["doctor"], { env, isTerminal: false })).err).toBe("");
    expect((await runHere(["doctor", "--json"], { env, isTerminal: true })).err).toBe("");
  });

  it("masks secrets also where the settings are wrong", async () => {
    const wrong = { ...env, APPROVAL_TOKEN: secret, APPROVAL_POLICY: secret, APPROVAL_TIMEOUT_SECONDS: "x" };
    const { out, code } = await runHere(["doctor"], { env: wrong, isTerminal: false });
    expect(code).toBe(1);
    expect(out).not.toContain(secret);
    expect(out).toContain("[secret]");
  });
});
