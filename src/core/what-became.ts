// What a reply reads about a request that does not wait here: how it had ended, or that nobody knows it.

import type { ApprovalId } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { RequestStore } from "./ports/request-store.ts";
import type { Recorder } from "./record.ts";
import type { ReplyResult } from "./reply-result.ts";

export interface WhatBecameDeps {
  readonly store: Pick<RequestStore, "find" | "settle">;
  readonly recorder: Pick<Recorder, "unwritten" | "writeRest">;
  readonly clock: Clock;
}

/** @param isLost its record was lost @throws what the store throws */
export async function whatBecame(
  id: ApprovalId,
  isLost: boolean,
  { store, recorder }: Omit<WhatBecameDeps, "clock">,
): Promise<ReplyResult> {
  const found = await store.find(id);
  const left = recorder.unwritten(id);
  if (left?.status === "failed") return { kind: "failed" };
  const approval = found && { ...found, ...left };
  if (approval === undefined) return { kind: isLost ? "failed" : "unknown" };
  return approval.status === "pending" ? { kind: "failed" } : { kind: "stale", approval };
}

/** Pending without anybody waiting, and not by us. @throws what the store throws */
export async function endUnwaited(id: ApprovalId, { store, recorder, clock }: WhatBecameDeps): Promise<void> {
  await recorder.writeRest();
  if (recorder.unwritten(id) === undefined)
    await store.settle(id, { status: "cancelled", cause: "disconnected" }, clock.now());
}
