// The service under systemd's user manager, on Linux.
import { join } from "node:path";
import type { ServiceManager, ServiceState } from "./manager.ts";
import type { Programs, Ran } from "./programs.ts";
import { systemdProblem } from "./systemd-problem.ts";
import { RESTARTS, UNIT, unitText } from "./systemd-unit.ts";

export interface SystemdDeps {
  readonly programs: Programs;
  readonly home: string;
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command that runs the server, to be given to another service manager. */
  readonly startLine: string;
}

const SHOWN = [
  "ActiveState",
  "SubState",
  "MainPID",
  "ExecMainCode",
  "ExecMainStatus",
  "Result",
  "UnitFileState",
];
/** What systemd itself reports in place of the program's exit code: systemd.exec(5), "Process exit codes". */
const NO_PROGRAM = 203;

export function createSystemd({ programs, home, uid, env, startLine }: SystemdDeps): ServiceManager {
  const config = env["XDG_CONFIG_HOME"]?.startsWith("/") ? env["XDG_CONFIG_HOME"] : join(home, ".config");

  async function systemctl(...args: readonly string[]): Promise<string> {
    const ran = await programs.run("systemctl", "--user", ...args);
    if (ran.code === 0) return ran.stdout;
    throw systemdProblem(ran, args, { env, startLine });
  }

  return {
    file: join(config, "systemd", "user", UNIT),
    text: async (plan) => unitText(plan),
    check: async () => void (await systemctl("show-environment")),
    async state() {
      return stateOf(await systemctl("show", UNIT, `--property=${SHOWN.join(",")}`));
    },
    async start() {
      await systemctl("daemon-reload");
      await systemctl("reset-failed", UNIT).catch(() => {});
      await systemctl("enable", UNIT);
      await systemctl("restart", UNIT);
    },
    stop: async () => void (await systemctl("disable", "--now", UNIT)),
    async forget() {
      await systemctl("daemon-reload");
      await systemctl("reset-failed", UNIT).catch(() => {});
    },
    // Not `--user -u`: where the journal is kept in memory only, that finds nothing.
    logCommand: ({ lines, follow }) => [
      "journalctl",
      `--user-unit=${UNIT}`,
      "--quiet",
      "--no-pager",
      "--output=cat",
      `--lines=${lines}`,
      ...(follow ? ["--follow"] : []),
    ],
    hints: async () =>
      lingerHint(await programs.run("loginctl", "show-user", "--property=Linger", String(uid))),
  };
}

function lingerHint({ code, stdout }: Ran): string[] {
  if (code === 0 && stdout.trim() === "Linger=yes") return [];
  return [
    "It starts when you log in, and stops when you log out. To have it from boot on, whoever is logged in:",
    "  loginctl enable-linger",
  ];
}

function stateOf(shown: string): ServiceState {
  const values = new Map(
    shown.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const pid = Number(values.get("MainPID"));
  const problem = problemOf(values);
  return {
    kind: kindOf(values.get("ActiveState"), problem),
    pid: pid > 0 ? pid : undefined,
    problem,
    startsByItself: values.get("UnitFileState") === "enabled",
  };
}

function kindOf(active: string | undefined, problem: string | undefined): ServiceState["kind"] {
  if (active === "active" || active === "reloading") return "running";
  if (active === "activating") return "trying";
  return active === "failed" || (active === "inactive" && problem !== undefined) ? "failed" : "stopped";
}

function problemOf(values: ReadonlyMap<string, string>): string | undefined {
  const status = Number(values.get("ExecMainStatus"));
  // CLD_EXITED; anything else was a signal.
  const isExit = values.get("ExecMainCode") === "1";
  const result = values.get("Result") ?? "success";
  if (status === NO_PROGRAM && isExit)
    return "could not be started: the Node that it was installed with is gone";
  const ended = isExit ? `ended with exit code ${status}` : `was ended by signal ${status}`;
  if (result === "start-limit-hit") {
    return `failed ${RESTARTS.times} times in ${RESTARTS.withinSeconds / 60} minutes and is not started again by itself`;
  }
  if (result === "success") return undefined;
  return status === 0 ? `failed (${result})` : ended;
}
