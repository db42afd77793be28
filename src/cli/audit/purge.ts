// `npm run purge`: removes what is older than so many days.
import { setTimeout } from "node:timers/promises";
import { COMPANION } from "../../domain/companions.ts";
import { count } from "../../domain/names.ts";
import { sealSecrets } from "../../server/seal-secrets.ts";
import { forgetMessages } from "../../simulator/kept-chat.ts";
import { openMaintenance } from "../../store/maintenance.ts";
import { lockHolder } from "../../store/server-lock.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { readClientConfig } from "../settings.ts";

const DAY_MS = 24 * 60 * 60_000;
/** As RETENTION_DAYS. */
const MAX_DAYS = 36_500;
/** Between two steps, ms: the server's turn. */
const PAUSE_MS = 10;

export async function purge({ options }: CommandInput, context: CommandContext): Promise<number> {
  const given = daysOf(options["olderThan"]);
  const config = await readClientConfig(context);
  const days = given ?? config.retentionDays;
  if (days === 0) throw new UsageError("RETENTION_DAYS is 0: say --older-than with a number of days.");
  const now = context.clock.now();
  const limits = { before: now - days * DAY_MS, now };
  const isDry = options["dryRun"] === true;
  const maintenance = openMaintenance(config.databasePath, { secrets: sealSecrets(config), now: () => now });
  try {
    const { removed } = isDry
      ? maintenance.plan(limits)
      : await maintenance.purge(limits, () => setTimeout(PAUSE_MS));
    // The server that runs keeps the simulated phone's chat itself, by RETENTION_DAYS.
    if (!isDry && lockHolder(config.databasePath) === undefined)
      forgetMessages(config.databasePath + COMPANION.chat, limits.before);
    context.out(
      options["json"] === true
        ? `${JSON.stringify({ removed, dry_run: isDry })}\n`
        : text(removed, isDry, days),
    );
  } finally {
    maintenance.close();
  }
  return EXIT.ok;
}

function text(removed: Readonly<Record<string, number>>, isDry: boolean, days: number): string {
  const rows = Object.entries(removed).map(([table, rows]) => `${rows.toLocaleString("en-US")} ${table}`);
  if (rows.length === 0)
    return `Nothing to remove: nothing that may go is older than ${count(days, "day")}.\n`;
  return `${isDry ? "Would remove" : "Removed"}: ${rows.join(", ")}.\n`;
}

function daysOf(given: string | true | undefined): number | undefined {
  if (given === undefined) return undefined;
  const days = Number(given);
  if (typeof given === "string" && /^\d+$/.test(given) && days >= 1 && days <= MAX_DAYS) return days;
  throw new UsageError(`--older-than must be a whole number of days from 1 to ${MAX_DAYS}.`);
}
