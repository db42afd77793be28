// The answer to a REST request that nobody has fetched yet, with what becomes of it.

import type { Outcome } from "../../src/domain/approval.ts";
import { createHeldResult } from "../../src/doors/held/held-result.ts";
import { createFakeClock } from "./fake-clock.ts";
import { PHONE } from "./gate-stage.ts";
import { waitingRequest } from "./waiting-request.ts";

const APPROVED: Outcome = { status: "approved", by: PHONE };

export function createHeldResultStage() {
  const clock = createFakeClock();
  const call = { toolName: "request_approval", input: { action: "ls" } };
  const request = waitingRequest({ call, door: "rest" }, clock.now());
  const leaver = new AbortController();
  const reports: boolean[] = [];
  let gone = 0;
  let woken = 0;
  const held = createHeldResult(request, clock, leaver, () => {
    gone += 1;
  });
  const watch = () =>
    held.watch(() => {
      woken += 1;
    });
  const end = (outcome = APPROVED) =>
    held.end({ request, outcome, acknowledge: (delivered) => void reports.push(delivered) });
  return { clock, held, leaver, reports, end, watch, gone: () => gone, woken: () => woken };
}
