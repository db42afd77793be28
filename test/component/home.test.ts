// --dir and APPROVAL_HOME, through the commands and the server as they are started.
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../helpers/command-line.ts";
import { startServer } from "../helpers/server-process.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const POLICY = JSON.stringify({ version: 1, rules: [{ decision: "deny", rules: ["Bash(ls *)"] }] });

/** Its policy has one deny; the port is one that nothing listens at. */
function home(): string {
  const folder = join(temporaryFolder(), "kept here");
  mkdirSync(folder);
  writeFileSync(join(folder, ".env"), "SERVER_PORT=1\n");
  writeFileSync(join(folder, "policy.json"), POLICY, { mode: 0o600 });
  return folder;
}
const unset = { SERVER_PORT: undefined } as unknown as Record<string, string>;

describe("the chosen home", () => {
  it.each<[string, (dir: string) => string[]]>([
    ["before the command", (dir) => ["--dir", dir, "policy", "check"]],
    ["before the command, with =", (dir) => [`--dir=${dir}`, "policy", "check"]],
    ["behind the command", (dir) => ["policy", "--dir", dir, "check"]],
    ["behind its verb", (dir) => ["policy", "check", "--dir", dir]],
    ["twice: the last counts", (dir) => ["--dir", "/nowhere", "policy", "check", "--dir", dir]],
  ])("is taken from --dir %s", async (_where, args) => {
    const dir = home();
    const { code, stdout, stderr } = await run(args(dir), temporaryFolder());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`${join(dir, "policy.json")}: 1 deny`);
  });

  it("is taken from APPROVAL_HOME, and --dir wins", async () => {
    const [one, other] = [home(), temporaryFolder()];
    const chosen = await run(["policy", "check"], temporaryFolder(), { APPROVAL_HOME: one });
    expect(chosen.stdout).toContain(join(one, "policy.json"));
    const both = await run(["policy", "check", "--dir", other], temporaryFolder(), { APPROVAL_HOME: one });
    expect(both.stderr).toContain(`${join(other, "policy.json")} does not exist`);
  });

  it("starts at the caller's folder where --dir is relative; a file that is named does, too", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, "state", "policy.json"), POLICY, { mode: 0o600 });
    const found = await run(["policy", "check", "--dir", "state"], folder);
    expect(found.stdout).toContain(join(folder, "state", "policy.json"));
    const named = await run(["policy", "check", "state/policy.json"], folder);
    expect(named.stdout).toContain(join(folder, "state", "policy.json"));
  });

  it.each([
    [["doctor", "--dir"], 64],
    [["doctor", "--dir", "--json"], 64],
    [["--dir", "--json", "doctor"], 64],
    [["start", "--dir="], 2],
    [["ask", "--dir=", "Deploy?"], 64],
  ])("without a folder is refused: %j", async (args, code) => {
    const ended = await run(args, temporaryFolder());
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
    expect(ended.stderr).toContain("--dir");
  });

  it.each([
    ["start", 2],
    ["doctor", 1],
    ["ask", 64],
  ])("that is relative in APPROVAL_HOME stops %s", async (name, code) => {
    const args = name === "ask" ? [name, "Deploy?"] : [name];
    const ended = await run(args, temporaryFolder(), { APPROVAL_HOME: "state" });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain("APPROVAL_HOME: must be an absolute path");
  });

  it("is said again with each command that a message names", async () => {
    const dir = home();
    const { stderr } = await run(["demo", "--dir", dir], temporaryFolder(), unset);
    expect(stderr).toContain(`npm start -- --dir '${dir}'`);
  });
});

describe("the server", () => {
  it("keeps everything in the chosen home, for its owner alone, and names it", async () => {
    const [dir, elsewhere] = [join(temporaryFolder(), "new"), temporaryFolder()];
    const server = await startServer({ dir: elsewhere, env: { APPROVAL_HOME: dir, APPROVAL_DB: "" } });
    expect(await server.stop()).toBe(0);
    const database = join(dir, "data", "approvals.db");
    expect(server.output()).toContain(`recorded in ${database}`);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(database).mode & 0o777).toBe(0o600);
    expect(existsSync(join(elsewhere, "data"))).toBe(false);
  });

  it("does not start without a .env that it cannot read: the simulated phone would answer in its place", async () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, ".env"));
    const { code, stderr } = await run(["start", "--dir", dir], temporaryFolder());
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(dir, ".env")} cannot be read`);
  });

  it("does not start where .env is a link to a file that is not there: what it says is not known", async () => {
    const dir = temporaryFolder();
    symlinkSync(join(dir, "not-mounted", ".env"), join(dir, ".env"));
    const { code, stderr } = await run(["start", "--dir", dir], temporaryFolder());
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(dir, ".env")} cannot be read: it is a link to a file that is not there`);
  });

  it("names the real .env in what is wrong", async () => {
    const dir = home();
    writeFileSync(join(dir, ".env"), "LOG_LEVEL=loud\n");
    const env = { LOG_LEVEL: undefined } as unknown as Record<string, string>;
    const { code, stderr } = await run(["start", "--dir", dir], temporaryFolder(), env);
    expect(code).toBe(2);
    expect(stderr).toContain("LOG_LEVEL: must be debug");
    expect(stderr).toContain(`Settings are read from ${join(dir, ".env")}`);
  });
});
