// The `approval-server` command: what it runs, from which folder, and whose settings it takes.
import { execFile, spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { packageRoot, packageVersion } from "../../src/server/system.ts";
import { COMMAND, cleanEnvironment, run, start } from "../helpers/command-line.ts";
import { startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const USAGE = expect.stringContaining("Usage: approval-server <command>");
const COMMANDS = ["start", "demo", "doctor", "setup-template", "resume", "stdio"];

describe("approval-server", () => {
  it("is the package's command, in git with its executable bit, and prints the version", async () => {
    const { bin } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { bin: unknown };
    expect(bin).toEqual({ "approval-server": "bin/approval-server.js" });
    expect(statSync(COMMAND).mode & 0o111).toBe(0o111);
    expect((await promisify(execFile)(COMMAND, ["--version"])).stdout).toBe(`${packageVersion()}\n`);
  });

  it.each(["--help", "-h", "help"])("lists every command with %s", async (flag) => {
    const { code, stdout, stderr } = await run([flag], temporaryFolder());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const listed = [...stdout.matchAll(/^ {2}(\w[\w-]*) {2}/gm)].map(([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(COMMANDS));
  });

  it.each([[], ["aprove"], ["constructor"], ["__proto__"], [""], ["../src/main"]])(
    "does nothing but explain itself with %j, and fails",
    async (...args) => {
      expect(await run(args, temporaryFolder())).toEqual({ code: 64, stdout: "", stderr: USAGE });
    },
  );

  it("hands a command its own arguments", async () => {
    const { code, stderr, stdout } = await run(["doctor", "--no-such-option"], temporaryFolder());
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("--no-such-option");
  });

  it("says what is missing where nothing is built", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "package.json"), '{"type":"module","engines":{"node":">=20.20"}}');
    const copy = join(folder, "bin", "approval-server.js");
    cpSync(dirname(COMMAND), dirname(copy), { recursive: true });
    const { ended } = start({ command: process.execPath, args: [copy, "stdio"], cwd: folder, env: {} });
    expect(await ended).toEqual({
      code: 69,
      stdout: "",
      stderr: expect.stringMatching(/is not built.*: install the approval server again\n$/),
    });
  });

  it("works from any folder, and names it as the project", async () => {
    const { server, phone, request } = await startStage();
    const folder = join(temporaryFolder(), "web-shop");
    mkdirSync(folder);
    const demo = run(["demo"], folder, { SERVER_PORT: new URL(server.localUrl).port });
    const { sid, body } = await request();
    expect(body).toContain("*Project:* web-shop");
    await phone.tap(sid, "deny");
    expect(await demo).toMatchObject({ code: 0, stdout: expect.stringContaining('"behavior":"deny"') });
  });

  // A project that is worked on must not choose the server, its phone or its token.
  it.each([
    ["start", 2],
    ["demo", 1],
  ])("%s takes no settings from a .env of the caller's folder", async (name, code) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".env"), "APPROVAL_TOKEN=short\n");
    // Nothing listens at port 1, and a wrong log level keeps the server from starting.
    const env = cleanEnvironment({ SERVER_PORT: "1", LOG_LEVEL: name === "start" ? "loud" : "info" });
    delete env["APPROVAL_TOKEN"];
    const args = [COMMAND, name];
    const { child, ended } = start({ command: process.execPath, args, cwd: folder, env });
    child.stdin.end();
    const { code: found, stderr } = await ended;
    expect(found).toBe(code);
    expect(stderr).not.toContain("APPROVAL_TOKEN");
    expect(stderr).toContain(name === "start" ? "LOG_LEVEL" : "not running");
  });
});

describe.skipIf(!existsSync("/dev/full"))("a command whose output", () => {
  it("does not fit on the disk says so, and ends with a failure", async () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, "--help"], {
      cwd: temporaryFolder(),
      env: cleanEnvironment({}),
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The output could not be written: .*ENOSPC.*\.\n$/);
  });
});
