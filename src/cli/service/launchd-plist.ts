// The description of the service for launchd, as text. See launchd.plist(5).
import { LAUNCHD_LABEL } from "./launchd-label.ts";
import { MARK } from "./manager.ts";
import type { ServicePlan } from "./plan.ts";

/** Between two starts, seconds. */
const THROTTLE_SECONDS = 30;

/** @param logFile where everything that it prints goes */
export async function plistText({ command, environment }: ServicePlan, logFile: string): Promise<string> {
  const { build } = await import("plist");
  const text = build({
    Label: LAUNCHD_LABEL,
    ProgramArguments: [...command],
    EnvironmentVariables: { ...environment },
    RunAtLoad: true,
    // Again only after a failure: under launchd the server ends with 0 when its settings are wrong.
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: THROTTLE_SECONDS,
    // What waits is denied, within 5 s.
    ExitTimeOut: 10,
    ProcessType: "Background",
    // 077, as a number.
    Umask: 0o77,
    StandardOutPath: logFile,
    StandardErrorPath: logFile,
  });
  return `${text.replace(/(<plist )/, `<!-- ${MARK}. Run that again to change it. -->\n$1`)}\n`;
}
