// The requests that wait over REST: how many one caller may have open, those included that are still being written down.

import { describe, expect, it } from "vitest";
import type { Answer, Caller } from "../../src/core/pending-request.ts";
import type { Submission } from "../../src/domain/submission.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { createHeldResults, MAX_RESIDENTS, TooManyOpenError } from "../../src/doors/held/held-results.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

/** A gate whose requests wait until the test records or ends them. */
function stage() {
  const clock = createFakeClock();
  const held: { record(): void; end(answer: Partial<Answer>): void; reported: boolean[] }[] = [];
  const request = (submission: Submission, { onProgress }: Caller = {}) =>
    new Promise<Answer>((resolve) => {
      const { call, requester } = submission;
      const asked = {
        ...waitingRequest({ call, door: "rest" }, clock.now()),
        id: `id${held.length}` as ApprovalId,
        requester,
      };
      const reported: boolean[] = [];
      held.push({
        reported,
        record: () => onProgress?.({ request: asked, leftMs: 300_000, delivery: "sending", channels: [] }),
        end: (answer) =>
          resolve({
            request: asked,
            outcome: { status: "expired" },
            acknowledge: (delivered) => void reported.push(delivered),
            ...answer,
          }),
      });
    });
  let panic = false;
  const current = () => (panic ? { kind: "panic" as const, by: PHONE } : { kind: "open" as const });
  const heldResults = createHeldResults({ request }, clock, { current, onClose: () => {} });
  const start = (requester?: string) =>
    heldResults.start({ ...SUBMISSION, door: "rest", ...(requester === undefined ? {} : { requester }) });
  const setPanic = () => {
    panic = true;
  };
  return { clock, heldResults, held, start, setPanic };
}

describe("the open requests of one caller", () => {
  it("are limited while they are still being written down: a burst does not slip through", async () => {
    const { start, held } = stage();
    const burst = Array.from({ length: MAX_RESIDENTS }, () => start("ci"));
    await expect(start("ci")).rejects.toThrow(TooManyOpenError);
    expect(held).toHaveLength(MAX_RESIDENTS);
    const others = start("laptop");
    for (const { record } of held) record();
    await Promise.all([...burst, others]);
    await expect(start("ci")).rejects.toThrow("Too many requests are open. Nothing was asked.");
  });

  it("take no place any more when they could not be recorded", async () => {
    const { start, held } = stage();
    const refused = Array.from({ length: MAX_RESIDENTS }, () => start());
    for (const { end } of held) end({ outcome: { status: "failed", message: "disk full" } });
    for (const started of await Promise.all(refused)) expect(started.kind).toBe("refused");
    expect(held.every(({ reported }) => reported.join() === "false")).toBe(true);
    const next = start();
    held.at(-1)?.record();
    expect((await next).kind).toBe("waiting");
  });
});

describe("an answer that waits to be fetched", () => {
  it("is not there any more after its time, although no timer has run", async () => {
    const { clock, heldResults, start, held } = stage();
    const started = start();
    held[0]?.record();
    await started;
    held[0]?.end({ outcome: { status: "approved", by: PHONE } });
    await clock.advance(0);
    const id = "id0" as ApprovalId;
    clock.sleep(299_999);
    expect(heldResults.get(id)?.outcome()).toMatchObject({ status: "approved" });
    clock.sleep(1);
    expect(heldResults.get(id)).toBeUndefined();
    expect(held[0]?.reported).toEqual([false]);
  });

  it("is not there any more in a panic when it is an approval, even before the panic is told of", async () => {
    const { clock, heldResults, start, held, setPanic } = stage();
    const started = [start(), start()];
    for (const { record } of held) record();
    await Promise.all(started);
    held[0]?.end({ outcome: { status: "approved", by: PHONE } });
    held[1]?.end({ outcome: { status: "denied", by: PHONE } });
    await clock.advance(0);
    setPanic();
    expect(heldResults.get("id0" as ApprovalId)).toBeUndefined();
    expect(heldResults.get("id1" as ApprovalId)?.outcome()).toMatchObject({ status: "denied" });
  });
});

describe("a request that waits", () => {
  it("is one and the same however often its progress is told", async () => {
    const { heldResults, start, held } = stage();
    const started = start();
    held[0]?.record();
    await started;
    const first = heldResults.get("id0" as ApprovalId);
    held[0]?.record();
    expect(heldResults.get("id0" as ApprovalId)).toBe(first);
  });
});
