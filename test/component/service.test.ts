// `approval-server service` with stand-ins for systemctl, launchctl and the rest: what it writes, runs and says.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "plist";
import { describe, expect, it } from "vitest";
import { servicePlan } from "../../src/cli/service/plan.ts";
import { unitText } from "../../src/cli/service/systemd-unit.ts";
import { homeIn } from "../../src/config/home.ts";
import { packageRoot } from "../../src/server/system.ts";
import { serviceStage } from "../helpers/service-manager.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const SYSTEMS = ["systemd", "launchd"] as const;
const ENTRY = join(packageRoot(), "bin", "approval-server.js");
const refusing = (text: string, status = 200) => (async () => new Response(text, { status })) as typeof fetch;

describe.each(SYSTEMS)("under %s, the service", (system) => {
  const words = (verb: string, ...more: string[]) => [verb, ...more, "--system", system];

  it("is printed without changing or asking anything", async () => {
    const stage = serviceStage([]);
    const { code, out } = await stage.run(words("install", "--print"));
    expect(code).toBe(0);
    for (const word of [process.execPath, ENTRY, "start"]) expect(out).toContain(word);
    expect(existsSync(stage.file(system))).toBe(false);
    expect(stage.calls()).toEqual([]);
  });

  it("is installed, started, and said to run once it answers", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    const { code, out } = await stage.run(words("install"));
    expect(out).toContain("✓ The service is installed, runs, and answers at http://127.0.0.1:8000\n");
    expect(out).toContain(stage.file(system));
    expect(code).toBe(0);
    expect(readFileSync(stage.file(system), "utf8")).toBe((await stage.run(words("install", "--print"))).out);
  });

  it("holds no secret, and none of the settings", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    const token = ["0123456789", "abcdef0123"].join("");
    writeFileSync(stage.envFile, `APPROVAL_TOKEN=${token}\nSERVER_PORT=8123\n`);
    const { out } = await stage.run(words("install"), { env: { APPROVAL_TOKEN: token, LOG_LEVEL: "debug" } });
    expect(out).toContain("answers at http://127.0.0.1:8123");
    const text = readFileSync(stage.file(system), "utf8");
    expect(text).not.toContain(token);
    expect(text).not.toContain("8123");
    expect(statSync(stage.file(system)).mode & 0o022).toBe(0);
    // What holds in this shell only does not reach the service, and that is said.
    expect(out).toContain(
      `Set in this shell only, and so not for the service: LOG_LEVEL. Write them into ${stage.envFile}`,
    );
  });

  it("is brought up to date when it is installed again", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    await stage.run(words("install"));
    const home = homeIn(join(temporaryFolder(), "another home"));
    const { code, out } = await stage.run(words("install"), { home, envFile: home.envFile });
    expect(out).toContain("✓ The service is up to date, runs, and answers");
    expect(code).toBe(0);
    expect(readFileSync(stage.file(system), "utf8")).toContain(home.folder);
  });

  it("is not installed beside a server that was started by hand", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    const health = JSON.stringify({ status: "ok", version: "1.0.0", waiting: 0 });
    const { code, err } = await stage.run(words("install"), { fetch: refusing(health) });
    expect(err).toContain(
      "An approval server that was started by hand already runs at http://127.0.0.1:8000.",
    );
    expect(err).toContain("Ctrl-C");
    expect(code).toBe(1);
    expect(existsSync(stage.file(system))).toBe(false);
  });

  it.each([
    ["a web page", "<html>", 200],
    ["JSON of something else", '{"status":"UP"}', 200],
    ["another server that is not ready", "", 503],
    ["another server that wants a password", "unauthorized", 401],
  ])("is not installed where another program has the port: %s", async (_, text, status) => {
    const stage = serviceStage();
    stage.allGoesWell();
    const { code, err } = await stage.run(words("install"), { fetch: refusing(text, status) });
    expect(err).toContain("Another program has http://127.0.0.1:8000.");
    expect(err).toContain(`set SERVER_PORT in ${stage.envFile}`);
    expect(code).toBe(1);
    expect(existsSync(stage.file(system))).toBe(false);
  });

  it("is not installed with settings that would end it at once", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    writeFileSync(stage.envFile, "HOST=0.0.0.0\nLOG_LEVEL=loud\n");
    const { code, err } = await stage.run(words("install"));
    expect(err).toContain("LOG_LEVEL");
    expect(code).toBe(2);
    expect(existsSync(stage.file(system))).toBe(false);
    expect(stage.calls()).toEqual([]);
  });

  it.each(["install", "uninstall"])(
    "of somebody else under the same name is left alone by %s",
    async (verb) => {
      const stage = serviceStage();
      stage.allGoesWell();
      mkdirSync(dirname(stage.file(system)), { recursive: true });
      writeFileSync(stage.file(system), "[Service]\nExecStart=/bin/true\n");
      const { code, err } = await stage.run(words(verb));
      expect(err).toContain(`${stage.file(system)} was not written by this command`);
      expect(code).toBe(1);
      expect(readFileSync(stage.file(system), "utf8")).toBe("[Service]\nExecStart=/bin/true\n");
      expect(
        stage.calls().filter((call) => / (restart|enable|disable|bootstrap|bootout) /.test(call)),
      ).toEqual([]);
    },
  );

  it("is stopped and gone after uninstall, with settings and record left", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    writeFileSync(stage.envFile, "LOG_LEVEL=info\n");
    await stage.run(words("install"));
    const { code, out } = await stage.run(words("uninstall"));
    expect(code).toBe(0);
    expect(out).toContain("What waited was denied.");
    expect(existsSync(stage.file(system))).toBe(false);
    expect(existsSync(stage.envFile)).toBe(true);
    expect(stage.calls().some((call) => /disable --now approval-server.service|bootout gui/.test(call))).toBe(
      true,
    );
    const again = await stage.run(words("uninstall"));
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining("Nothing to do") });
  });

  it("has a status in words, as JSON, and as an exit code", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    const before = await stage.run(words("status"));
    expect(before).toMatchObject({ code: 1, out: expect.stringContaining("The service is not installed.") });
    expect(JSON.parse((await stage.run(words("status", "--json"))).out)).toMatchObject({
      installed: false,
      state: "absent",
      answers: false,
    });
    await stage.run(words("install"));
    const after = await stage.run(words("status"));
    expect(after.out).toContain(
      "✓ The service runs (process 4711), and answers at http://127.0.0.1:8000: 1 request waits.",
    );
    expect(after.code).toBe(0);
    const { out, code } = await stage.run(words("status", "--json"));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      installed: true,
      state: "running",
      pid: 4711,
      startsByItself: true,
      answers: true,
      url: "http://127.0.0.1:8000",
      file: stage.file(system),
    });
  });

  it("has its state told with what is wrong in the settings, and a file of another folder noticed", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    await stage.run(words("install"));
    const other = homeIn(join(temporaryFolder(), "elsewhere"));
    const elsewhere = await stage.run(words("status"), { home: other, envFile: other.envFile });
    expect(elsewhere.out).toContain("It was installed with another folder, Node or version.");
    expect((await stage.run(words("status"))).out).not.toContain("another folder");
    writeFileSync(stage.envFile, "HOST=0.0.0.0\n");
    const { code, out, err } = await stage.run(words("status"));
    expect(out).toContain("The service still runs, with earlier settings. Its settings are wrong:");
    expect(err).toContain("APPROVAL_TOKEN");
    expect(code).toBe(2);
  });

  it("has no good status when it runs and cannot record", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    await stage.run(words("install"));
    const health = JSON.stringify({ status: "not recording", version: "1.0.0", problem: "the disk is full" });
    const { code, out } = await stage.run(words("status"), { fetch: refusing(health, 503) });
    expect(out).toContain(
      "✗ The service runs (process 4711), but nothing can be recorded, and so nothing be approved: the disk is full",
    );
    expect(code).toBe(1);
  });

  it("has no good status when another program answers in its place", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    await stage.run(words("install"));
    const { code, out } = await stage.run(words("status"), { fetch: refusing("<html>") });
    expect(out).toContain("but another program answers");
    expect(code).toBe(1);
  });

  it("says when its service manager is not there at all", async () => {
    const stage = serviceStage();
    const { code, err } = await stage.run(words("install"), { env: { PATH: temporaryFolder() } });
    expect(err).toMatch(system === "systemd" ? /systemd does not run here/ : /There is no launchctl here/);
    expect(code).toBe(1);
    expect(existsSync(stage.file(system))).toBe(false);
  });
});

describe("under systemd, install", () => {
  const install = ["install", "--system", "systemd"];

  it("explains what linger is, unless it is on", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    expect((await stage.run(install)).out).toContain("loginctl enable-linger");
    stage.answer("loginctl show-user", { out: "Linger=yes\n" });
    expect((await stage.run(install)).out).not.toContain("linger");
  });

  it.each([
    "Failed to connect to bus: No medium found",
    "Failed to connect to user scope bus via local transport: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined (consider using --machine=<user>@.host --user to connect to bus of other user)",
  ])("says what to do without a user's session: %s", async (err) => {
    const stage = serviceStage();
    stage.answer("systemctl --user show-environment", { err, code: 1 });
    const ended = await stage.run(install);
    expect(ended.err).toContain("systemd's user manager cannot be reached");
    expect(ended.err).toContain("not with su or sudo");
    expect(ended.err).toContain("loginctl enable-linger");
    expect(ended.code).toBe(1);
    expect(existsSync(stage.file("systemd"))).toBe(false);
  });

  it("names the two lines that WSL needs", async () => {
    const stage = serviceStage();
    const err =
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down";
    stage.answer("systemctl --user show-environment", { err, code: 1 });
    const ended = await stage.run(install, { env: { WSL_DISTRO_NAME: "Debian" } });
    expect(ended.err).toContain("/etc/wsl.conf");
    expect(ended.err).toContain("wsl --shutdown");
    const outside = await stage.run(install);
    expect(outside.err).toContain(`${process.execPath} ${ENTRY} start`);
  });

  it.each([
    ["ExecMainCode=1\nExecMainStatus=2\nResult=exit-code", "it ended with exit code 2"],
    [
      "ExecMainCode=1\nExecMainStatus=203\nResult=exit-code",
      "could not be started: the Node that it was installed with is gone",
    ],
    ["ExecMainCode=2\nExecMainStatus=9\nResult=signal", "it was ended by signal 9"],
    ["ExecMainCode=1\nExecMainStatus=1\nResult=start-limit-hit", "failed 5 times in 10 minutes"],
  ])("shows the log of one that does not stay, and why: %j", async (result, why) => {
    const stage = serviceStage();
    stage.allGoesWell();
    const show = "systemctl --user show approval-server.service";
    const failed = { out: `ActiveState=failed\nMainPID=0\n${result}\nUnitFileState=enabled\n` };
    stage.answer("systemctl --user restart", { next: [show, failed] });
    stage.answer("journalctl", { out: "the last words\n" });
    const { code, err } = await stage.run(install, {
      fetch: async () => {
        throw new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) });
      },
    });
    expect(err).toContain("the last words");
    expect(err).toContain(why);
    expect(code).toBe(1);
    const { out } = await stage.run(["status", "--system", "systemd"]);
    expect(out).toContain(why);
  });

  it("never takes a foreign answer for its own while the service is down", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    const show = "systemctl --user show approval-server.service";
    stage.answer("systemctl --user restart", {
      next: [show, { out: "ActiveState=failed\nExecMainCode=1\nExecMainStatus=2\nResult=exit-code\n" }],
    });
    const { code } = await stage.run(install);
    expect(code).toBe(1);
  });

  it("is refused with sudo", async () => {
    const stage = serviceStage();
    stage.allGoesWell();
    const { code, err } = await stage.run(install, { env: { SUDO_USER: "somebody" } });
    if (process.getuid?.() !== 0) return expect(code).toBe(0);
    expect(err).toContain("must not run with sudo");
    expect(code).toBe(2);
    expect(stage.calls()).toEqual([]);
  });
});

describe("logs", () => {
  it("come from the journal, so many lines, and follow it where that is wanted", async () => {
    const stage = serviceStage();
    stage.answer("journalctl", { out: "one\ntwo\n" });
    const { code, out } = await stage.run(["logs", "-n", "2", "-f", "--system", "systemd"]);
    expect({ code, out }).toEqual({ code: 0, out: "one\ntwo\n" });
    expect(stage.calls()).toEqual([
      "journalctl --user-unit=approval-server.service --quiet --no-pager --output=cat --lines=2 --follow",
    ]);
  });

  it("come from the file under launchd, and are said to be missing before there is one", async () => {
    const stage = serviceStage();
    const words = ["logs", "--lines", "5", "--system", "launchd"];
    expect((await stage.run(words)).err).toContain("Nothing was logged yet");
    const file = join(stage.home, "Library", "Logs", "approval-server.log");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "x\n");
    await stage.run(words);
    expect(stage.calls()).toEqual([`tail -n 5 ${file}`]);
  });

  it("say so when there are none", async () => {
    const stage = serviceStage();
    expect((await stage.run(["logs", "--system", "systemd"])).err).toContain("nothing in the log");
  });

  it.each(["0", "-1", "many", "1.5", "1e9"])("refuse %s lines", async (lines) => {
    const stage = serviceStage();
    expect((await stage.run(["logs", `--lines=${lines}`, "--system", "systemd"])).code).toBe(64);
    expect(stage.calls()).toEqual([]);
  });
});

/** Folders as people have them, and as nobody should. */
const FOLDERS = [
  "/opt/approval server",
  "/home/it's/50% off",
  '/srv/"quoted"/$HOME/$x/%h',
  "/a;b/#c/=d/[e]/{f}",
];
const planAt = (root: string) =>
  servicePlan({ root, env: {}, home: homeIn(`${root}/the home`) }, "/usr/bin/node");

describe("any folder", () => {
  it.each(FOLDERS)("reaches launchd as it is: %s", async (root) => {
    const stage = serviceStage([]);
    const home = homeIn(`${root}/the <home> & more`);
    const { out } = await stage.run(["install", "--print", "--system", "launchd"], { root, home });
    expect(parse(out)).toMatchObject({
      Label: "local.approval-server",
      ProgramArguments: [process.execPath, `${root}/bin/approval-server.js`, "start"],
      EnvironmentVariables: { APPROVAL_HOME: home.folder },
      KeepAlive: { SuccessfulExit: false },
      RunAtLoad: true,
      Umask: 63,
    });
  });

  // What systemd itself makes of such a unit was looked at with a real user manager: decision 0029.
  it("is escaped for systemd", () => {
    const text = unitText(planAt('/a "b" c\\d/%h/$e'));
    expect(text).toContain(
      '\nExecStart="/usr/bin/node" "/a \\"b\\" c\\\\d/%%h/$$e/bin/approval-server.js" "start"\n',
    );
    expect(text).toContain('\nEnvironment="APPROVAL_HOME=/a \\"b\\" c\\\\d/%%h/$e/the home"\n');
  });

  const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
  it.skipIf(!hasSystemd).each(FOLDERS)("makes a unit that systemd takes: %s", (root) => {
    const folder = temporaryFolder();
    const unit = join(folder, "approval-server.service");
    // The programs must be there to be taken.
    const real = unitText({
      ...planAt(root),
      command: [process.execPath, `${root}/bin/approval-server.js`, "start"],
    });
    writeFileSync(unit, real);
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder, XDG_RUNTIME_DIR: folder };
    const { status, stderr } = spawnSync("systemd-analyze", ["--user", "verify", unit], {
      env,
      encoding: "utf8",
    });
    expect(stderr.split("\n").filter((line) => line.includes("approval-server"))).toEqual([]);
    expect(status).toBe(0);
    const said = execFileSync("systemd-analyze", ["--user", "verify", unit], {
      env: { ...env, SYSTEMD_LOG_LEVEL: "debug" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(said).toContain(`Environment: APPROVAL_HOME=${root}/the home\n`);
    expect(said).toContain(`Environment: APPROVAL_HOME=${root}/the home\n`);
  });

  it.each(["/a\nExecStartPre=/bin/evil", "/a\u0007b", "/a\ufffdb"])(
    "that a file cannot hold is refused: %j",
    (root) => {
      expect(() => planAt(root)).toThrow("cannot be written into a service's file");
    },
  );

  it("of npx is refused, since npm may empty it", () => {
    expect(() => planAt("/home/x/.npm/_npx/abc/node_modules/whatsapp-approval-server")).toThrow(
      "npm install -g",
    );
  });
});

it("the service finds the same home: a chosen one, a clone's, or the platform's where that was moved", () => {
  const variables = (home: Parameters<typeof servicePlan>[0]["home"]) =>
    servicePlan(
      { root: "/x", home, env: { XDG_CONFIG_HOME: "/c", XDG_DATA_HOME: "relative", HOME: "/h" } },
      "/n",
    ).environment;
  expect(variables(homeIn("/my home"))).toEqual({ APPROVAL_HOME: "/my home" });
  expect(variables(homeIn("/x", "clone"))).toEqual({});
  expect(variables({ ...homeIn("/x"), kind: "installed" })).toEqual({ XDG_CONFIG_HOME: "/c" });
});
