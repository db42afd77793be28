// The service's name under launchd, and how the server notices that launchd has started it.
import { EXIT } from "../exit.ts";

export const LAUNCHD_LABEL = "local.approval-server";

/**
 * The exit code for wrong settings. launchd starts a job again after any code but 0, every 30 s for ever, and cannot be told
 * which codes it should leave alone; it names the job that it has started in XPC_SERVICE_NAME.
 */
export function configurationExit(env: Readonly<Record<string, string | undefined>>): number {
  return env["XPC_SERVICE_NAME"] === LAUNCHD_LABEL ? EXIT.ok : EXIT.configuration;
}
