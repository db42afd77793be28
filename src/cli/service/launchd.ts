// The service under launchd, on macOS: an agent of the user.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../core/ports/clock.ts";
import { pause } from "../../core/timing.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { visibleLine } from "../../domain/visible.ts";
import { ServerError } from "../local-client.ts";
import { LAUNCHD_LABEL } from "./launchd-label.ts";
import { plistText } from "./launchd-plist.ts";
import type { ServiceManager, ServiceState } from "./manager.ts";
import type { Programs, Ran } from "./programs.ts";

export interface LaunchdDeps {
  readonly programs: Programs;
  readonly home: string;
  readonly uid: number;
  readonly clock: Clock;
}

/** `bootout` returns before the job is gone, and `bootstrap` fails until it is. */
const BOOTSTRAP = { attempts: 20, pauseMs: 500 } as const;

export function createLaunchd({ programs, home, uid, clock }: LaunchdDeps): ServiceManager {
  const domain = `gui/${uid}`;
  const target = `${domain}/${LAUNCHD_LABEL}`;
  const file = join(home, "Library", "LaunchAgents", `${LAUNCHD_LABEL}.plist`);
  const logFile = join(home, "Library", "Logs", "approval-server.log");
  const launchctl = (...args: readonly string[]) => programs.run("launchctl", ...args);

  return {
    file,
    text: (plan) => plistText(plan, logFile),
    async check() {
      const ran = await launchctl("print", domain);
      if (ran.code !== 0) throw problemOf(ran, "print");
    },
    async state() {
      const { code, stdout } = await launchctl("print", target);
      return code === 0 ? stateOf(stdout) : { kind: "stopped", startsByItself: false };
    },
    async start() {
      await launchctl("bootout", target);
      await launchctl("enable", target);
      for (let attempt = 1; ; attempt += 1) {
        const ran = await launchctl("bootstrap", domain, file);
        if (ran.code === 0) return;
        if (ran.code === undefined || attempt === BOOTSTRAP.attempts) throw problemOf(ran, "bootstrap");
        await pause(BOOTSTRAP.pauseMs, clock);
      }
    },
    async stop() {
      const ran = await launchctl("bootout", target);
      // 3 and 113: it was not loaded.
      if (ran.code !== 0 && ran.code !== 3 && ran.code !== 113) throw problemOf(ran, "bootout");
    },
    forget: async () => {},
    logCommand({ lines, follow }) {
      if (!existsSync(logFile)) throw new ServerError(`Nothing was logged yet: there is no ${logFile}.`);
      return ["tail", "-n", String(lines), ...(follow ? ["-F"] : []), logFile];
    },
    hints: async () => [`It starts when you log in. Its log is ${logFile}, and grows until you empty it.`],
  };
}

function stateOf(printed: string): ServiceState {
  const value = (name: string) => new RegExp(`^\\s*${name} = (.*)$`, "m").exec(printed)?.[1]?.trim();
  const pid = Number(value("pid"));
  const code = Number(value("last exit code"));
  const isRunning = value("state") === "running";
  const problem = code > 0 ? `ended with exit code ${code}` : undefined;
  return {
    kind: isRunning ? "running" : problem === undefined ? "stopped" : "failed",
    pid: pid > 0 ? pid : undefined,
    problem: isRunning ? undefined : problem,
    startsByItself: true,
  };
}

function problemOf({ isMissing, stderr }: Ran, verb: string): ServerError {
  if (isMissing) {
    return new ServerError(
      "There is no launchctl here: launchd is the service manager of macOS.",
      `On Linux: ${ownCommand("service install")} without --system`,
    );
  }
  const said = visibleLine(stderr.trim()).slice(0, 300);
  return new ServerError(
    `launchctl ${verb} failed: ${said}`,
    "An agent runs in your session at the screen: log in there once, not only over ssh, and not with sudo; then run this again.",
  );
}
