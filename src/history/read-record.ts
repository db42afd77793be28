// Reads one page of the record, in steps between which everything else has its turn.
import type { HistoryStore, RecordPlace, RecordQuery } from "../core/ports/history-store.ts";
import { isApprovalId } from "../domain/tool-call.ts";
import { type ShownRequest, shownRequest } from "./shown-record.ts";

/** Steps of one page; what is further away is found with the next page. */
const MAX_STEPS = 400;

export interface RecordPage {
  readonly requests: readonly ShownRequest[];
  /** Send it as `before` for the next page; absent on the last one. A page may be short, and not the last. */
  readonly next?: string | undefined;
}

/** @param isWanted whether somebody still waits for it */
export async function readPage(
  store: Pick<HistoryStore, "browse">,
  query: RecordQuery,
  {
    from,
    limit,
    isWanted = () => true,
  }: { from?: RecordPlace | undefined; limit: number; isWanted?: () => boolean },
): Promise<RecordPage> {
  const requests: ShownRequest[] = [];
  let place = from;
  for (let step = 0; step < MAX_STEPS && isWanted(); step += 1) {
    const { approvals, next } = await store.browse(query, place, limit - requests.length);
    requests.push(...approvals.map(shownRequest));
    if (next === undefined) return { requests };
    place = next;
    if (requests.length >= limit) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { requests, next: place === undefined ? undefined : `${place.createdAt}.${place.id}` };
}

/** @returns undefined where it is no place that was given out */
export function placeOf(text: string): RecordPlace | undefined {
  const [, createdAt, id = ""] = /^(\d{1,16})\.([a-z]{5})$/.exec(text) ?? [];
  return createdAt !== undefined && isApprovalId(id) ? { createdAt: Number(createdAt), id } : undefined;
}
