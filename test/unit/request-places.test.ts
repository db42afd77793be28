// The places that one caller's requests take: each is given back however the request ends, and each end is told once.

import { describe, expect, it } from "vitest";
import type { Caller } from "../../src/core/pending-request.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Inspector } from "../../src/core/ports/inspector.ts";
import type { Policy } from "../../src/core/ports/policy.ts";
import { createRequestLimiter } from "../../src/core/request-limiter.ts";
import { createGateStage, type GateStageOptions, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";

const APPROVE = { kind: "approve", by: PHONE } as const;
const DENY = { kind: "deny", by: PHONE } as const;
const other = (toolUseId: string) => ({ ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId } });

/** A gate with one place for each caller. */
function stageWithOnePlace(options: GateStageOptions = {}) {
  const limiter = createRequestLimiter({ rate: { take: async () => 0 }, maxOpen: 1 });
  const stage = createGateStage({ ...options, limiter });
  const request = (caller?: Caller) => stage.gate.request(SUBMISSION, caller);
  /** Whether there is room for another request, which then is denied. */
  const hasRoom = async (): Promise<boolean> => {
    const index = stage.asked.length;
    const answer = stage.gate.request(other(`toolu_room_${index}`));
    await stage.clock.advance(0);
    if (stage.asked.length > index) await stage.gate.resolve(stage.id(index), DENY);
    return (await answer).outcome.status !== "limited";
  };
  return { ...stage, request, hasRoom };
}

type Stage = ReturnType<typeof stageWithOnePlace>;

describe("the place of a request", () => {
  it("is taken while it waits, and a repeat of it takes none", async () => {
    const { request, hasRoom, gate, id, clock } = stageWithOnePlace();
    const first = request();
    await clock.advance(0);
    expect(await hasRoom()).toBe(false);
    const repeat = request();
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    expect([(await first).outcome.status, (await repeat).outcome.status]).toEqual(["approved", "approved"]);
    expect(await hasRoom()).toBe(true);
  });

  it.each<[string, (stage: Stage, leave: () => void) => Promise<unknown> | unknown]>([
    ["is answered", ({ gate, id }) => gate.resolve(id(), APPROVE)],
    ["expires", ({ clock }) => clock.advance(300_000)],
    ["is left by its caller", (_, leave) => leave()],
    ["is shut with everything else", ({ gate }) => gate.shut({ kind: "panic", by: PHONE })],
  ])("is given back when it %s", async (_, end) => {
    const stage = stageWithOnePlace();
    const leaver = new AbortController();
    const waiting = stage.request({ signal: leaver.signal });
    await stage.clock.advance(0);
    await end(stage, () => leaver.abort());
    await waiting;
    await stage.clock.advance(0);
    expect(await stage.hasRoom()).toBe(true);
  });

  it.each<[string, () => GateStageOptions]>([
    [
      "cannot be recorded",
      () => {
        let isFull = true;
        const store = (real: ApprovalStore): ApprovalStore => ({
          ...real,
          insert: async (request) => {
            if (!isFull) return real.insert(request);
            isFull = false;
            throw new Error("SQLITE_FULL");
          },
        });
        return { store };
      },
    ],
    [
      "is denied by the policy",
      () => {
        const decisions = [{ kind: "deny", rule: "Bash" } as const];
        const policy: Policy = {
          decide: async () => decisions.pop() ?? { kind: "ask" },
          ended: () => {},
        };
        return { policy };
      },
    ],
    [
      "cannot be looked at",
      () => {
        const inspector: Inspector = { inspect: () => Promise.reject(new Error("broken")) };
        return { inspector };
      },
    ],
  ])("is given back when it %s", async (_, options) => {
    const { request, hasRoom, clock, gate, asked, id } = stageWithOnePlace(options());
    const first = request();
    await clock.advance(0);
    if (asked.length > 0) await gate.resolve(id(), DENY);
    await first;
    expect(await hasRoom()).toBe(true);
  });
});

describe("the end of a request", () => {
  it("is told once when two answers come at the same moment, and nothing is taken for a fault", async () => {
    const { gate, id, clock, ended, log, request } = stageWithOnePlace();
    void request();
    await clock.advance(0);
    const both = await Promise.all([gate.resolve(id(), DENY), gate.resolve(id(), APPROVE)]);
    expect(both.map(({ kind }) => kind)).toEqual(["decided", "stale"]);
    expect(ended.map(({ outcome }) => outcome.status)).toEqual(["denied"]);
    expect(log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("is told to whoever fetches replies, as its beginning is", async () => {
    const counts: number[] = [];
    const stage = createGateStage({ onWaitingChange: () => void counts.push(stage.gate.waiting().length) });
    void stage.gate.request(SUBMISSION);
    await stage.clock.advance(0);
    await stage.gate.resolve(stage.id(), DENY);
    expect(counts).toEqual([1, 0]);
  });
});
