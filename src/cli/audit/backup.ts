// `npm run backup`: a copy of the record, checked before it is said to be one.
import { resolve } from "node:path";
import { type LogVerdict, verifyLog } from "../../audit/verify-log.ts";
import { sealSecrets } from "../../server/seal-secrets.ts";
import { openEventReader } from "../../store/event-reader.ts";
import { copyDatabase, openMaintenance } from "../../store/maintenance.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { readClientConfig } from "../settings.ts";
import { problemText } from "./verify.ts";

export async function backup({ args, options }: CommandInput, context: CommandContext): Promise<number> {
  const config = await readClientConfig(context);
  const secrets = sealSecrets(config);
  const file = resolve(context.current, args[0] ?? "");
  let verdict: LogVerdict | undefined;
  copyDatabase(config.databasePath, file, (copy) => {
    const reader = openEventReader(copy);
    try {
      verdict = verifyLog(reader, { secrets });
    } finally {
      reader.close();
    }
  });
  const { problems = [], entries = 0, head } = verdict ?? {};
  noteBackup(config.databasePath, secrets, head, context);
  if (options["json"] === true)
    context.out(`${JSON.stringify({ file, entries, head, problems: problems.map(problemText) })}\n`);
  else
    context.out(`${file}: ${entries.toLocaleString("en-US")} entries of the event log, integrity checked.\n`);
  // What was broken before it was copied is worth keeping as it is.
  for (const problem of problems)
    context.err(`The log is broken in the record itself: ${problemText(problem)}\n`);
  return problems.length === 0 ? EXIT.ok : EXIT.failed;
}

function noteBackup(
  path: string,
  secrets: readonly string[],
  head: LogVerdict["head"],
  context: CommandContext,
): void {
  try {
    const maintenance = openMaintenance(path, { secrets, now: context.clock.now });
    try {
      maintenance.note({ kind: "backup", data: { upTo: head?.seq, hash: head?.hash } });
    } finally {
      maintenance.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.err(`The backup is done; it could not be noted in the event log: ${why}\n`);
  }
}
