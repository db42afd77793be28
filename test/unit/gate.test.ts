import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/core/pending-request.ts";
import { NotInspectedError } from "../../src/core/ports/inspector.ts";
import type { Outcome } from "../../src/domain/approval.ts";
import type { SentMessage } from "../../src/domain/delivery.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { ApprovalId, Phone, ToolCall } from "../../src/domain/tool-call.ts";
import { createGateStage, type GateStage, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { SESSION as SESSION_OFFER } from "../helpers/session-offer.ts";

const APPROVE = { kind: "approve", by: PHONE } as const;
const APPROVED = { status: "approved", by: PHONE } as const;
const DENY = { kind: "deny", by: PHONE, reason: "too risky" } as const;
const DENIED = { status: "denied", by: PHONE, reason: "too risky" } as const;
const DISK_FULL = () => Promise.reject(new Error("SQLITE_FULL: database or disk is full"));

describe("the gate", () => {
  it("gives the caller the person's approval and leaves no timer", async () => {
    const { gate, id, clock, store } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    const result = await gate.resolve(id(), APPROVE);
    const answer = await waiting;
    expect(answer.outcome).toEqual(APPROVED);
    answer.acknowledge(true);
    expect(result.kind === "decided" && (await result.acknowledged)).toBe(true);
    expect(await store.find(id())).toMatchObject({ status: "approved", acknowledged: true });
    expect(clock.pending()).toBe(0);
  });

  it("expires at the deadline, says so once, and takes no later answer", async () => {
    const { gate, id, clock, store } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(299_999);
    expect(gate.waiting()).toHaveLength(1);
    await clock.advance(1);
    expect((await waiting).outcome).toEqual({ status: "expired" });
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({
      kind: "stale",
      approval: { status: "expired" },
    });
    expect(await store.find(id())).toMatchObject({ status: "expired" });
    expect(clock.pending()).toBe(0);
  });

  it("counts no approval after the deadline, also when the timers stood still while the machine slept", async () => {
    const { gate, id, clock } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    clock.sleep(4 * 3_600_000);
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({
      kind: "stale",
      approval: { status: "expired" },
    });
    expect((await waiting).outcome).toEqual({ status: "expired" });
  });

  it("knows the request of a message as soon as that message was accepted", async () => {
    const { gate, id, clock, stopStage } = createGateStage();
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(gate.requestOf("SM1")).toBe(id());
    await stopStage();
    expect(gate.requestOf("SM1")).toBeUndefined();
  });

  it("holds the deadline below the caller's own limit", async () => {
    const { gate, clock } = createGateStage();
    const waiting = gate.request({ ...SUBMISSION, maxWaitMs: 290_000 });
    await clock.advance(290_000);
    expect((await waiting).outcome.status).toBe("expired");
  });

  it("lets exactly one of two answers win", async () => {
    const { gate, id, clock } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    const [first, second] = await Promise.all([gate.resolve(id(), DENY), gate.resolve(id(), APPROVE)]);
    expect(first.kind).toBe("decided");
    expect(second).toMatchObject({ kind: "stale", approval: { status: "denied" } });
    expect((await waiting).outcome).toEqual(DENIED);
  });

  it("cancels when the caller leaves, drops what is still to be sent, and ignores a later tap", async () => {
    const { gate, id, clock, asked } = createGateStage({ ask: () => new Promise(() => {}) });
    const caller = new AbortController();
    const waiting = gate.request(SUBMISSION, { signal: caller.signal });
    await clock.advance(0);
    caller.abort();
    expect((await waiting).outcome).toEqual({ status: "cancelled", cause: "disconnected" });
    await clock.advance(0);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({
      kind: "stale",
      approval: { status: "cancelled" },
    });
    expect(clock.pending()).toBe(0);
  });

  it("asks nobody when the caller had left before", async () => {
    const { gate, clock, store, asked } = createGateStage();
    const answer = await gate.request(SUBMISSION, { signal: AbortSignal.abort() });
    expect(answer.outcome.status).toBe("cancelled");
    await clock.advance(0);
    expect(gate.waiting()).toHaveLength(0);
    expect(await store.find(answer.request.id)).toMatchObject({ status: "cancelled" });
    expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it("joins a repeat of the same call and answers both", async () => {
    const { gate, id, clock, asked } = createGateStage();
    const callers = [gate.request(SUBMISSION), gate.request(SUBMISSION)];
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await gate.resolve(id(), APPROVE);
    expect((await Promise.all(callers)).map(({ outcome }) => outcome.status)).toEqual([
      "approved",
      "approved",
    ]);
  });

  it("keeps waiting while one of the joined callers is still there", async () => {
    const { gate, id, clock } = createGateStage();
    const leaver = new AbortController();
    const first = gate.request(SUBMISSION, { signal: leaver.signal });
    const second = gate.request(SUBMISSION);
    await clock.advance(0);
    leaver.abort();
    expect((await first).outcome.status).toBe("cancelled");
    await gate.resolve(id(), APPROVE);
    expect((await second).outcome.status).toBe("approved");
  });

  it("does not join another input, nor a call that has ended, nor one without an id", async () => {
    const { gate, id, clock, asked, stopStage } = createGateStage();
    const { call } = SUBMISSION;
    void gate.request(SUBMISSION);
    void gate.request({ ...SUBMISSION, call: { ...call, input: { command: "rm -rf /" } } });
    void gate.request({ ...SUBMISSION, call: { toolName: "Bash", input: {} } });
    void gate.request({ ...SUBMISSION, call: { toolName: "Bash", input: {} } });
    await clock.advance(0);
    expect(asked).toHaveLength(4);
    await gate.resolve(id(), APPROVE);
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(asked).toHaveLength(5);
    await stopStage();
  });

  it("ends at once when the message cannot be sent", async () => {
    const failure = new DeliveryError("the template is gone.", "run: npm run setup-template", 21655);
    const { gate, clock, store } = createGateStage({ ask: () => Promise.reject(failure) });
    const { outcome, request } = await gate.request(SUBMISSION);
    expect(outcome).toEqual({
      status: "undeliverable",
      code: 21655,
      message: "the template is gone.",
      advice: "run: npm run setup-template",
    });
    expect(await store.find(request.id)).toMatchObject({ status: "undeliverable" });
    expect(clock.pending()).toBe(0);
  });

  it("does not let a send that hangs outlive the deadline", async () => {
    const { gate, clock } = createGateStage({ ask: () => new Promise(() => {}) });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(300_000);
    expect((await waiting).outcome.status).toBe("expired");
  });

  it("takes a tap that beats Twilio's response", async () => {
    const stage: GateStage = createGateStage({
      ask: async (request): Promise<readonly SentMessage[]> => {
        await stage.gate.resolve(request.id, APPROVE);
        return [{ messageId: "SM1", to: PHONE, hasButtons: true }];
      },
    });
    expect((await stage.gate.request(SUBMISSION)).outcome).toEqual(APPROVED);
  });

  it("reports progress at once, every 15 s, and with each receipt that is news", async () => {
    const { gate, clock, stopStage } = createGateStage();
    const notes: string[] = [];
    const onProgress = ({ leftMs, delivery }: Progress) => void notes.push(`${leftMs / 1000} ${delivery}`);
    void gate.request(SUBMISSION, { onProgress });
    await clock.advance(0);
    await gate.receipt({ messageId: "SM1", state: "delivered", at: 0 });
    await gate.receipt({ messageId: "SM1", state: "sent", at: 0 });
    await clock.advance(30_000);
    expect(notes).toEqual(["300 sending", "300 queued", "300 delivered", "285 delivered", "270 delivered"]);
    await stopStage();
  });

  const failure = {
    code: 63015,
    message: "the phone has not joined the Sandbox.",
    advice: "send join <two words>",
  };

  it("ends at once when the receipt says that the message failed", async () => {
    const { gate, clock } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.receipt({ messageId: "SM1", state: "failed", failure, at: 0 });
    expect((await waiting).outcome).toEqual({ status: "undeliverable", ...failure });
  });

  it("heeds a failure receipt that beats Twilio's response", async () => {
    const stage: GateStage = createGateStage({
      ask: async (): Promise<readonly SentMessage[]> => {
        await stage.gate.receipt({ messageId: "SM1", state: "failed", failure, at: 0 });
        return [{ messageId: "SM1", to: PHONE, hasButtons: true }];
      },
    });
    expect((await stage.gate.request(SUBMISSION)).outcome.status).toBe("undeliverable");
  });

  it("keeps waiting while one approver's message may still arrive", async () => {
    const messages = ["SM1", "SM2"].map((messageId, index) => ({
      messageId,
      to: `${PHONE}${index}` as Phone,
      hasButtons: true,
    }));
    const { gate, clock } = createGateStage({ ask: async () => messages });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.receipt({ messageId: "SM1", state: "failed", failure, at: 0 });
    expect(gate.waiting()).toHaveLength(1);
    await gate.receipt({ messageId: "SM2", state: "failed", failure, at: 0 });
    expect((await waiting).outcome.status).toBe("undeliverable");
  });

  it("counts how many wait with a request, the ended ones no more", async () => {
    const { gate, id, clock, asked, stopStage } = createGateStage();
    for (const toolUseId of ["a", "b", "c"]) {
      void gate.request({ ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId } });
      await clock.advance(0);
    }
    await gate.resolve(id(0), DENY);
    await gate.resolve(id(1), DENY);
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(asked.map(({ request }) => request.waiting)).toEqual([1, 2, 3, 2]);
    expect(gate.waiting().map((request) => request.id)).toEqual([id(2), id(3)]);
    await stopStage();
  });

  it("takes another id when one is taken", async () => {
    const ids = ["aaaaa", "aaaaa", "aaaab"] as ApprovalId[];
    const { gate, clock, asked, stopStage } = createGateStage({ ids });
    void gate.request(SUBMISSION);
    void gate.request({ ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId: "toolu_2" } });
    await clock.advance(0);
    expect(asked.map(({ request }) => request.id)).toEqual(["aaaaa", "aaaab"]);
    await stopStage();
  });
});

describe("a request in several messages", () => {
  const OTHER = "+15005550001" as Phone;
  const failure = { code: 63016, message: "outside the window.", advice: "write to the sender" };
  const toPhone = (to: Phone, name: string): SentMessage[] => [
    { messageId: `${name}-part`, to, hasButtons: false },
    { messageId: `${name}-buttons`, to, hasButtons: true },
  ];

  it("tells how far the one with the buttons has come, not the parts of its text", async () => {
    const { gate, clock, stopStage } = createGateStage({ ask: async () => toPhone(PHONE, "SM") });
    const notes: string[] = [];
    void gate.request(SUBMISSION, { onProgress: ({ delivery }) => void notes.push(delivery) });
    await clock.advance(0);
    await gate.receipt({ messageId: "SM-part", state: "read", at: 0 });
    expect(notes).toEqual(["sending", "queued"]);
    await gate.receipt({ messageId: "SM-buttons", state: "delivered", at: 0 });
    expect(notes).toEqual(["sending", "queued", "delivered"]);
    await stopStage();
  });

  it.each(["SM-part", "SM-buttons"])(
    "ends at once when %s is lost: nobody saw all of it",
    async (messageId) => {
      const { gate, clock } = createGateStage({ ask: async () => toPhone(PHONE, "SM") });
      const waiting = gate.request(SUBMISSION);
      await clock.advance(0);
      await gate.receipt({ messageId, state: "failed", failure, at: 0 });
      expect((await waiting).outcome).toEqual({ status: "undeliverable", ...failure });
      expect(clock.pending()).toBe(0);
    },
  );

  it("waits while one approver may still see all of it, whatever another has lost", async () => {
    const messages = [...toPhone(PHONE, "SM1"), ...toPhone(OTHER, "SM2")];
    const { gate, clock } = createGateStage({ ask: async () => messages });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    for (const messageId of ["SM1-part", "SM1-buttons"]) {
      await gate.receipt({ messageId, state: "failed", failure, at: 0 });
      expect(gate.waiting()).toHaveLength(1);
    }
    await gate.receipt({ messageId: "SM2-part", state: "failed", failure, at: 0 });
    expect((await waiting).outcome.status).toBe("undeliverable");
  });

  it("is found by each of its messages", async () => {
    const { gate, id, clock, store, stopStage } = createGateStage({ ask: async () => toPhone(PHONE, "SM") });
    void gate.request(SUBMISSION);
    await clock.advance(0);
    for (const messageId of ["SM-part", "SM-buttons"]) {
      expect(await store.findByMessage(messageId)).toMatchObject({ id: id() });
    }
    await stopStage();
  });
});

describe("the gate with a full disk", () => {
  it("refuses a request that cannot be recorded and asks nobody", async () => {
    const { gate, asked, clock } = createGateStage({ store: (real) => ({ ...real, insert: DISK_FULL }) });
    expect((await gate.request(SUBMISSION)).outcome.status).toBe("failed");
    expect(asked).toHaveLength(0);
    expect(clock.pending()).toBe(0);
  });

  it("does not approve what cannot be recorded as approved", async () => {
    const { gate, id, clock } = createGateStage({ store: (real) => ({ ...real, settle: DISK_FULL }) });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    expect((await gate.resolve(id(), APPROVE)).kind).toBe("failed");
    expect((await waiting).outcome.status).toBe("failed");
  });

  const ends: [string, Outcome, (stage: GateStage) => Promise<unknown>][] = [
    ["a denial", DENIED, (stage) => stage.gate.resolve(stage.id(), DENY)],
    ["an expiry", { status: "expired" }, (stage) => stage.clock.advance(300_000)],
    ["a stop", { status: "cancelled", cause: "shutdown" }, (stage) => stage.stopStage()],
  ];
  it.each(ends)("still delivers %s", async (_, outcome, end) => {
    const stage: GateStage = createGateStage({ store: (real) => ({ ...real, settle: DISK_FULL }) });
    const waiting = stage.gate.request(SUBMISSION);
    await stage.clock.advance(0);
    await end(stage);
    expect((await waiting).outcome).toEqual(outcome);
  });

  /** A store whose rows cannot be ended while its disk is full. */
  function fullStage() {
    let full = true;
    const stage: GateStage = createGateStage({
      store: (real) => ({
        ...real,
        settle: (...args) => (full ? DISK_FULL() : real.settle(...args)),
        recordAcknowledged: (...args) => (full ? DISK_FULL() : real.recordAcknowledged(...args)),
      }),
    });
    const freeDisk = () => {
      full = false;
    };
    return { ...stage, freeDisk };
  }

  it.each<[string, (stage: ReturnType<typeof fullStage>) => unknown]>([
    ["while the disk is full", () => {}],
    ["once it is not", ({ freeDisk }) => freeDisk()],
  ])("tells a later tap how a request has ended whose end was not recorded: %s", async (_, free) => {
    const stage = fullStage();
    const waiting = stage.gate.request(SUBMISSION);
    await stage.clock.advance(300_000);
    expect((await waiting).outcome.status).toBe("expired");
    free(stage);
    const late = await stage.gate.resolve(stage.id(), APPROVE);
    expect(late).toMatchObject({ kind: "stale", approval: { status: "expired" } });
  });

  it("writes a denial when the disk is free again, with its time and that the caller has it, and leaves no timer", async () => {
    const { gate, clock, id, store, freeDisk, log } = fullStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    const deniedAt = clock.now();
    await gate.resolve(id(), DENY);
    (await waiting).acknowledge(true);
    await clock.advance(60_000);
    expect(await store.find(id())).toMatchObject({ status: "pending" });
    freeDisk();
    await clock.advance(60_000);
    expect(await store.find(id())).toMatchObject({
      status: "denied",
      outcome: DENIED,
      decidedAt: deniedAt,
      acknowledged: true,
    });
    expect(log.text()).not.toContain("changed from outside");
    expect(clock.pending()).toBe(0);
  });

  it("does not say that an outcome was written where the row had been changed meanwhile", async () => {
    const { gate, clock, id, store, freeDisk, log } = fullStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), DENY);
    (await waiting).acknowledge(false);
    freeDisk();
    await store.settle(id(), { status: "cancelled", cause: "restart" }, clock.now());
    await clock.advance(60_000);
    expect(log.text()).toContain("changed from outside");
    expect(log.text()).not.toContain("an outcome was written");
    expect(await store.find(id())).toMatchObject({ status: "cancelled" });
    expect(clock.pending()).toBe(0);
  });

  it.each<[string, boolean, string]>([
    ["and the row is what it was", true, "denied"],
    ["and what cannot be written stays pending, to be cancelled at the next start", false, "pending"],
  ])("tries a last time at the stop, %s", async (_, isFreed, status) => {
    const { gate, clock, id, store, freeDisk, stopStage } = fullStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), DENY);
    await waiting;
    if (isFreed) freeDisk();
    await stopStage();
    expect(await store.find(id())).toMatchObject({ status });
    expect(clock.pending()).toBe(0);
  });

  it("denies when something else changed the record of a waiting request", async () => {
    const { gate, id, clock, store, log } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await store.settle(id(), APPROVED, clock.now());
    await clock.advance(300_000);
    expect((await waiting).outcome.status).toBe("failed");
    expect(log.text()).toContain("changed from outside");
    // Nobody has approved it, whatever the row says.
    expect(await gate.resolve(id(), DENY)).toEqual({ kind: "failed" });
  });

  it.each([
    ["an approval", APPROVE],
    ["a denial", DENY],
  ])("tells %s that it failed where something else has changed the row, now and later", async (_, reply) => {
    const { gate, id, clock, store } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await store.settle(id(), APPROVED, clock.now());
    expect(await gate.resolve(id(), reply)).toEqual({ kind: "failed" });
    expect((await waiting).outcome.status).toBe("failed");
    (await waiting).acknowledge(true);
    expect(await gate.resolve(id(), reply)).toEqual({ kind: "failed" });
  });
});

describe("stopping the gate", () => {
  it("denies what waits, refuses what is new, and waits for the callers to be told", async () => {
    const { gate, clock, store, id } = createGateStage();
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    const stopped = gate.stop();
    const answer = await waiting;
    expect(answer.outcome).toEqual({ status: "cancelled", cause: "shutdown" });
    let done = false;
    void stopped.then(() => {
      done = true;
    });
    await turn();
    expect(done).toBe(false);
    answer.acknowledge(true);
    await stopped;
    expect((await gate.request(SUBMISSION)).outcome).toEqual({ status: "cancelled", cause: "shutdown" });
    expect(await store.find(id())).toMatchObject({ status: "cancelled", acknowledged: true });
    expect(clock.pending()).toBe(0);
  });

  it("does not wait for ever for a caller that never takes its answer", async () => {
    const { gate, clock } = createGateStage();
    void gate.request(SUBMISSION);
    await clock.advance(0);
    const stopped = gate.stop();
    await clock.advance(2_000);
    await stopped;
    expect(clock.pending()).toBe(0);
  });
});

describe("an allow for the session", () => {
  const grantable = { subject: SESSION_OFFER.subject, what: SESSION_OFFER.what, needsFolder: false };
  const session = { ...SESSION_OFFER, holder: {} };
  const inspecting = (more: object) => ({
    inspector: {
      inspect: async (call: ToolCall) => ({ shown: call, secrets: 0, warnings: [], grantable, ...more }),
    },
  });
  const SESSION = { kind: "session", by: PHONE } as const;

  it("carries what the message offered", async () => {
    const { gate, id, clock } = createGateStage(inspecting({}));
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    expect(await gate.resolve(id(), SESSION)).toMatchObject({ kind: "decided" });
    expect((await waiting).outcome).toEqual({ ...APPROVED, session });
  });

  it("is not given with an approval for once", async () => {
    const { gate, id, clock } = createGateStage(inspecting({}));
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    expect((await waiting).outcome).toEqual(APPROVED);
  });

  it("is recorded with the decision", async () => {
    const { gate, id, clock, store } = createGateStage(inspecting({}));
    void gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), SESSION);
    expect(await store.find(id())).toMatchObject({ outcome: { ...APPROVED, session } });
  });

  it.each([
    ["there is a warning", { warnings: ["deletes recursively"] }],
    ["it is about nothing that may be allowed again", { grantable: undefined }],
    ["secrets could not be looked for", { secrets: undefined }],
  ])("changes nothing when %s", async (_, more) => {
    const { gate, id, clock, stopStage } = createGateStage(inspecting(more));
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(await gate.resolve(id(), SESSION)).toEqual({ kind: "not-offered" });
    expect(gate.waiting()).toHaveLength(1);
    expect(await gate.resolve(id(), APPROVE)).toMatchObject({ kind: "decided", outcome: APPROVED });
    await stopStage();
  });
});

describe("the gate while it is closed", () => {
  const paused = { kind: "paused", by: PHONE, until: 1_700_000_600_000 } as const;

  it("refuses what is new without asking, and records it", async () => {
    const { gate, asked, setServiceMode, store, clock } = createGateStage();
    setServiceMode(paused);
    const { outcome, request } = await gate.request(SUBMISSION);
    expect(outcome).toEqual({ status: "refused", mode: paused });
    expect(asked).toHaveLength(0);
    expect(await store.find(request.id)).toMatchObject({ status: "refused" });
    expect(clock.pending()).toBe(0);
  });

  it("asks again once it is open", async () => {
    const { gate, asked, setServiceMode, clock, stopStage } = createGateStage();
    setServiceMode(paused);
    await gate.request(SUBMISSION);
    setServiceMode({ kind: "open" });
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it("takes no tap for what it refused", async () => {
    const { gate, setServiceMode } = createGateStage();
    setServiceMode(paused);
    const { request } = await gate.request(SUBMISSION);
    expect(await gate.resolve(request.id, APPROVE)).toMatchObject({
      kind: "stale",
      approval: { status: "refused", outcome: { status: "refused", mode: paused } },
    });
  });

  it("refuses with a full disk too", async () => {
    const { gate, setServiceMode, asked } = createGateStage({
      store: (real) => ({ ...real, settle: DISK_FULL }),
    });
    setServiceMode(paused);
    expect((await gate.request(SUBMISSION)).outcome).toEqual({ status: "refused", mode: paused });
    expect(asked).toHaveLength(0);
  });

  it("denies everything that waits when it is shut", async () => {
    const { gate, clock, id, store } = createGateStage();
    const panic = { kind: "panic", by: PHONE } as const;
    const calls = ["a", "b"].map((toolUseId) =>
      gate.request({ ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId } }),
    );
    await clock.advance(0);
    await gate.shut(panic);
    const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual([panic, panic].map((mode) => ({ status: "refused", mode })));
    for (const index of [0, 1]) {
      expect(await store.find(id(index))).toMatchObject({ status: "refused" });
      expect(await gate.resolve(id(index), APPROVE)).toMatchObject({ kind: "stale" });
    }
    expect(gate.waiting()).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

describe("a call that cannot be inspected", () => {
  it("is still asked about, and the message says so", async () => {
    const { gate, clock, asked, stopStage } = createGateStage({
      inspector: { inspect: () => Promise.reject(new Error("parser broke")) },
    });
    void gate.request(SUBMISSION);
    await clock.advance(0);
    expect(asked[0]?.request.inspection).toMatchObject({
      secrets: undefined,
      warnings: ["not checked for risks"],
    });
    await stopStage();
  });

  it("does not hold the caller up when the inspection hangs", async () => {
    const { gate, clock, asked, stopStage } = createGateStage({
      inspector: { inspect: () => new Promise<never>(() => {}) },
    });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(15_000);
    expect(asked[0]?.request.inspection.warnings).toEqual(["not checked for risks"]);
    await stopStage();
    expect((await waiting).outcome.status).toBe("cancelled");
    expect(clock.pending()).toBe(0);
  });

  it("that was too much for its inspection is denied and shown to nobody", async () => {
    const inspect = () => Promise.reject(new NotInspectedError("too much"));
    const { gate, asked } = createGateStage({ inspector: { inspect } });
    const { outcome } = await gate.request(SUBMISSION);
    expect(outcome).toEqual({
      status: "failed",
      message: expect.stringContaining("split it into smaller ones"),
    });
    expect(asked).toEqual([]);
  });
});

describe("requests that come at the same moment", () => {
  it("are counted together", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    for (const toolUseId of ["a", "b", "c", "d"]) {
      void gate.request({ ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId } });
    }
    await clock.advance(0);
    expect(asked.map(({ request }) => request.waiting)).toEqual([1, 2, 3, 4]);
    await stopStage();
  });
});
