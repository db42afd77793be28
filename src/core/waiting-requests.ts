// What waits at the gate, by its id. Each reply looks at the list, and thousands may wait: it is made once for each change.
import type { ApprovalRequest } from "../domain/approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { PendingRequest } from "./pending-request.ts";

export interface WaitingRequests {
  get(id: ApprovalId): PendingRequest | undefined;
  add(pending: PendingRequest): void;
  remove(id: ApprovalId): void;
  /** @param at epoch ms @returns the request, which its callers have left; undefined where it does not wait */
  park(id: ApprovalId, at: number): PendingRequest | undefined;
  size(): number;
  /** Oldest first; a list of its own. */
  all(): PendingRequest[];
  /** What is asked, oldest first; the same list until something changes. */
  requests(): readonly ApprovalRequest[];
}

/** @param onChange called when a request starts or stops waiting */
export function createWaitingRequests(onChange = () => {}): WaitingRequests {
  const byId = new Map<ApprovalId, PendingRequest>();
  let listed: readonly ApprovalRequest[] | undefined;

  return {
    get: (id) => byId.get(id),
    add(pending) {
      byId.set(pending.request.id, pending);
      listed = undefined;
      onChange();
    },
    remove(id) {
      if (!byId.delete(id)) return;
      listed = undefined;
      onChange();
    },
    park(id, at) {
      const pending = byId.get(id);
      pending?.park(at);
      listed = undefined;
      return pending;
    },
    size: () => byId.size,
    all: () => [...byId.values()],
    requests: () => {
      listed ??= [...byId.values()].map(({ request }) => request);
      return listed;
    },
  };
}
