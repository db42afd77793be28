// A request as it waits, for tests of what happens to it.

import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";

/** Waits for five minutes from `createdAt`, epoch ms, with nothing to say about its call. */
export function waitingRequest(
  { call, door }: Pick<ApprovalRequest, "call" | "door">,
  createdAt = 0,
): ApprovalRequest {
  return {
    id: "kqmwa" as ApprovalId,
    call,
    inspection: { shown: call, secrets: 0, warnings: [] },
    door,
    createdAt,
    expiresAt: createdAt + 300_000,
    waiting: 1,
  };
}
