// A set of requests in numbers. Nothing in it is foreign text.
import type { Desk, DeskRecord } from "../../held/desk.ts";

/** Requests that are counted at most, and read at once. */
const MAX_COUNTED = 5_000;
const PAGE = 500;

export interface Stats {
  readonly asked: number;
  /** How many stand so: `pending` until the caller has fetched an approval. */
  readonly by_status: Readonly<Record<string, number>>;
  /** Who decided: a person, the policy, a grant of Session, or a pause or panic. */
  readonly decided_by: Readonly<Record<string, number>>;
  /** From the question to a person's answer, seconds: half of them were faster. */
  readonly median_answer_s?: number | undefined;
  /** There are more than were counted. */
  readonly at_least?: true | undefined;
}

/** Everything since then. @param since epoch ms */
export async function recordsSince(
  desk: Desk,
  query: { readonly since: number; readonly project?: string | undefined },
  requester: string | undefined,
  max = MAX_COUNTED,
): Promise<{ readonly records: readonly DeskRecord[]; readonly isCut: boolean }> {
  const records: DeskRecord[] = [];
  let after: Parameters<Desk["list"]>[0]["after"];
  do {
    const limit = Math.min(PAGE, max - records.length);
    const page = await desk.list({ ...query, limit, after }, requester);
    records.push(...page.records);
    after = page.next;
  } while (after !== undefined && records.length < max);
  return { records, isCut: after !== undefined };
}

export function statsOf(records: readonly DeskRecord[], isCut = false): Stats {
  const tookS = records
    .filter(({ decidedBy }) => decidedBy === "person")
    .map(({ listed, decidedAt = 0 }) => Math.max(0, decidedAt - Date.parse(listed.created_at)) / 1000)
    .sort((one, other) => one - other);
  const median = tookS[Math.floor(tookS.length / 2)];
  return {
    asked: records.length,
    by_status: counts(records.map(({ listed }) => listed.status)),
    decided_by: counts(records.flatMap(({ decidedBy }) => decidedBy ?? [])),
    ...(median === undefined ? {} : { median_answer_s: Math.round(median) }),
    ...(isCut ? { at_least: true as const } : {}),
  };
}

function counts(names: readonly string[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const name of names) found[name] = (found[name] ?? 0) + 1;
  return found;
}

/** When the day began, by the clock of this machine, epoch ms. */
export function midnight(now: number): number {
  const at = new Date(now);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
