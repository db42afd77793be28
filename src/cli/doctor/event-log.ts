// The check of the event log, read beside the server.
import { type LogVerdict, verifyLog } from "../../audit/verify-log.ts";
import type { Config } from "../../config/config.ts";
import type { Check } from "../../doctor/check.ts";
import { eventLogCheck } from "../../doctor/event-log.ts";
import { sealSecrets } from "../../server/seal-secrets.ts";
import { openEventReader } from "../../store/event-reader.ts";
import { problemText } from "../audit/verify.ts";

export function eventLog(config: Config, path: string): Check {
  return eventLogCheck({
    verify() {
      const chain = verdictOf(path, []);
      if (chain === undefined) return undefined;
      const sealed = verdictOf(path, sealSecrets(config));
      return {
        entries: chain.entries,
        problems: chain.problems.map(problemText),
        isOwnSeal: sealed?.problems.length === chain.problems.length,
      };
    },
  });
}

/** What cannot be read has its own check. */
function verdictOf(path: string, secrets: readonly string[]): LogVerdict | undefined {
  try {
    const reader = openEventReader(path);
    try {
      return verifyLog(reader, { secrets });
    } finally {
      reader.close();
    }
  } catch {
    return undefined;
  }
}
