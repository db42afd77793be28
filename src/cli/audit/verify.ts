// `npm run audit -- --verify`: whether the log and the rows are as they were written.
import { timeText } from "../../audit/export.ts";
import { type LogProblem, type LogVerdict, verifyLog } from "../../audit/verify-log.ts";
import { SEAL_SECRET } from "../../core/event-chain.ts";
import type { EventReader } from "../../core/ports/event-reader.ts";
import { count } from "../../domain/names.ts";
import { visibleLine } from "../../domain/visible.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint } from "../paint.ts";
import { jsonLine } from "../record/lines.ts";

export function verify(
  reader: EventReader,
  secrets: readonly string[],
  options: CommandInput["options"],
  { out, colours }: CommandContext,
): number {
  const wanted = wantedHead(options["head"]);
  const verdict = verifyLog(reader, { secrets, wanted });
  const isSound = verdict.problems.length === 0;
  const paint = createPaint(colours.out);
  if (options["json"] === true) out(jsonLine(verdictJson(verdict)));
  else if (isSound) out(`${paint("green", "✓")} ${soundText(verdict)}\n`);
  else for (const problem of verdict.problems) out(`${paint("red", "✗")} ${problemText(problem)}\n`);
  return isSound ? EXIT.ok : EXIT.failed;
}

/** As a person reads it from the phone: groups and capitals do not matter. */
function wantedHead(given: string | true | undefined): string | undefined {
  if (typeof given !== "string") return undefined;
  const hash = given.replace(/[\s:-]/g, "").toLowerCase();
  if (/^[0-9a-f]{16,64}$/.test(hash)) return hash;
  throw new UsageError("--head takes 16 to 64 hex digits, as the phone has them.");
}

/** The longest problem, UTF-16 units: some of it may be of whoever has written into the file. */
const MAX_PROBLEM = 500;

/** "entry 12, 2026-10-31T14:05:09.000Z: it was changed". What is foreign in it moves no cursor, and hides nothing. */
export function problemText({ seq, at, requestId, problem: foreign }: LogProblem): string {
  const problem = visibleLine(foreign.slice(0, MAX_PROBLEM));
  const where = [
    ...(seq === undefined ? [] : [`entry ${seq}`]),
    ...(at === undefined ? [] : [timeText(at)]),
    ...(requestId === undefined ? [] : [`request ${visibleLine(requestId)}`]),
  ].join(", ");
  return where === "" ? problem : `${where}: ${problem}`;
}

function soundText({ entries, head, seal, purgedUpTo, found }: LogVerdict): string {
  const from = purgedUpTo > 0 ? `, from entry ${purgedUpTo + 1} on: what is older was purged` : "";
  const end = head === undefined ? "" : ` Head: entry ${head.seq}, ${head.hash}.`;
  const seals = {
    fits: " Its seal fits.",
    none: ` It has no seal: there was no ${SEAL_SECRET}.`,
    unchecked: ` Its seal was not checked: there is no ${SEAL_SECRET} here.`,
  };
  const has = found === undefined ? "" : ` The hash is that of entry ${found.seq}, ${timeText(found.at)}.`;
  const number = entries === 1 ? "1 entry" : count(entries, "entrie");
  return `${number} in order${from}, and the rows agree.${end}${seals[seal]}${has}`;
}

function verdictJson({ problems, entries, head, seal, purgedUpTo, found }: LogVerdict): object {
  return {
    ok: problems.length === 0,
    entries,
    purged_up_to: purgedUpTo,
    head,
    seal,
    found: found?.seq,
    problems: problems.map(({ seq, at, requestId, problem }) => ({
      seq,
      at: at === undefined ? undefined : timeText(at),
      request: requestId,
      problem,
    })),
  };
}
