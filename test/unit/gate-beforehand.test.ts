// A call that needs no person is written down with its end, by one commit, and nothing of it is told before that.

import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/core/pending-request.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Policy, PolicyDecision } from "../../src/core/ports/policy.ts";
import { text } from "../../src/domain/text.ts";
import type { ApprovalId, ToolCall } from "../../src/domain/tool-call.ts";
import { createCap } from "../../src/policy/cap.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createGateStage, type GateStageOptions, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";

const ALLOW = { kind: "allow", rule: "Bash(ls:*)" } as const;
const policyThat = (decide: () => PolicyDecision): Policy => ({
  decide: async () => decide(),
  ended: () => {},
});

/** A stage that keeps what is asked of its store. */
function watchedStage(options: GateStageOptions = {}) {
  const writes: string[] = [];
  const store = (real: ApprovalStore): ApprovalStore => ({
    ...real,
    insert: (request) => {
      writes.push("insert");
      return real.insert(request);
    },
    settle: (...settled) => {
      writes.push(settled[3] === undefined ? "settle" : "insert and settle");
      return real.settle(...settled);
    },
  });
  return { ...createGateStage({ store, ...options }), writes };
}

describe("a call that needs no person", () => {
  it("that the policy allows is one write", async () => {
    const { gate, store, asked, writes } = watchedStage({ policy: policyThat(() => ALLOW) });
    const { request, outcome } = await gate.request(SUBMISSION);
    expect(outcome).toEqual({ status: "approved", by: "policy", rule: ALLOW.rule });
    expect(writes).toEqual(["insert and settle"]);
    expect(await store.find(request.id)).toMatchObject({ status: "approved", outcome });
    expect(gate.waiting()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("is denied where its row is written and its end cannot be: a denial needs no disk", async () => {
    const { gate } = createGateStage({
      policy: policyThat(() => ({ kind: "deny", rule: "Bash(ls:*)" })),
      store: (real) => ({ ...real, settle: () => Promise.reject(new Error("disk full")) }),
    });
    expect((await gate.request(SUBMISSION)).outcome.status).toBe("blocked");
  });

  it("that a grant covers is one write", async () => {
    const grantable = {
      subject: { kind: "call", toolName: "Bash", sha256: "0".repeat(64) },
      what: text`this exact command`,
      needsFolder: false,
    } as const;
    const inspect = async (call: ToolCall) => ({ shown: call, secrets: 0, warnings: [], grantable });
    const { gate, id, clock, store, asked, writes } = watchedStage({ inspector: { inspect } });
    const hook = { ...SUBMISSION, door: "hook", cwd: "/work/shop", sessionId: "s1" } as const;
    const first = gate.request(hook);
    await clock.advance(0);
    await gate.resolve(id(), { kind: "session", by: PHONE });
    (await first).acknowledge(true);
    await clock.advance(60_000);
    const { request, outcome } = await gate.request({
      ...hook,
      call: { ...hook.call, toolUseId: "toolu_2" },
    });
    expect(outcome).toEqual({ status: "approved", by: "grant", grant: id() });
    expect(writes).toEqual(["insert", "settle", "insert and settle"]);
    expect(await store.find(request.id)).toMatchObject({ status: "approved", outcome });
    expect(asked).toHaveLength(1);
  });

  it("is told its id and that it waits for nobody, and its callers get the answer only once it is written", async () => {
    const told: string[] = [];
    let write = () => {};
    const { gate, clock } = createGateStage({
      policy: policyThat(() => ALLOW),
      store: (real) => ({
        ...real,
        settle: async (...settled) => {
          await new Promise<void>((resolve) => {
            write = resolve;
          });
          return real.settle(...settled);
        },
      }),
    });
    const caller = () => ({
      onProgress: ({ isDecided }: Progress) => void told.push(isDecided ? "decided" : "waits"),
    });
    // The second is a repeat: one request, one row.
    const answers = [gate.request(SUBMISSION, caller()), gate.request(SUBMISSION, caller())].map((answer) =>
      answer.then(({ request, outcome }) => void told.push(`${request.id} ${outcome.status}`)),
    );
    await clock.advance(60_000);
    expect(told).toEqual([]);
    write();
    await Promise.all(answers);
    expect(told.slice(0, 2)).toEqual(["decided", "decided"]);
    expect(new Set(told.slice(2)).size).toBe(1);
    expect(told).toHaveLength(4);
    expect(told[3]).toMatch(/ approved$/);
  });

  it("whose caller leaves while it is written is recorded as not taken, and ends once", async () => {
    const gone = new AbortController();
    const { gate, store, ended, clock, log } = createGateStage({
      policy: policyThat(() => ALLOW),
      store: (real) => ({
        ...real,
        settle: (...settled) => {
          gone.abort();
          return real.settle(...settled);
        },
      }),
    });
    const { request, outcome } = await gate.request(SUBMISSION, { signal: gone.signal });
    expect(outcome).toEqual({ status: "cancelled", cause: "disconnected" });
    await clock.advance(0);
    expect(ended).toHaveLength(1);
    await expect
      .poll(() => store.find(request.id))
      .toMatchObject({ status: "approved", acknowledged: false });
    expect(log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("is allowed nothing where the server was stopped in the moment before it is written", async () => {
    const stage = watchedStage({
      policy: {
        ended: () => {},
        decide: async () => {
          queueMicrotask(() => stage.setServiceMode({ kind: "panic", by: PHONE }));
          return ALLOW;
        },
      },
    });
    expect((await stage.gate.request(SUBMISSION)).outcome.status).toBe("refused");
    expect(stage.writes).toEqual(["insert", "settle"]);
  });

  it("gets another id where the first is taken, and decides nothing about whose that is", async () => {
    const ids = ["kqmwa", "kqmwa", "abcde"] as ApprovalId[];
    let decision: PolicyDecision = { kind: "ask" };
    const { gate, store, clock, asked, stopStage } = createGateStage({
      ids,
      policy: policyThat(() => decision),
    });
    void gate.request({ ...SUBMISSION, call: { toolName: "Bash", input: { command: "make" } } });
    await clock.advance(0);
    expect(asked.map(({ request }) => request.id)).toEqual(["kqmwa"]);
    decision = ALLOW;
    const { request, outcome } = await gate.request(SUBMISSION);
    expect([request.id, outcome.status]).toEqual(["abcde", "approved"]);
    expect(await store.find("kqmwa" as ApprovalId)).toMatchObject({ status: "pending" });
    await stopStage();
  });
});

describe("the cap per session", () => {
  it("counts neither an id that was taken nor what could not be written", async () => {
    const cap = createCap(createFakeClock());
    let isFull = false;
    const { gate } = createGateStage({
      ids: ["kqmwa", "kqmwa", "abcde", "fghij"] as ApprovalId[],
      policy: {
        decide: async (submission, { id }) => {
          cap.opened(submission, id);
          return ALLOW;
        },
        ended: ({ request, outcome }) => cap.closed(request.id, outcome.status === "approved"),
      },
      store: (real) => ({
        ...real,
        settle: (...settled) => (isFull ? Promise.reject(new Error("disk full")) : real.settle(...settled)),
      }),
    });
    await gate.request(SUBMISSION);
    await gate.request(SUBMISSION);
    expect(cap.used(SUBMISSION)).toBe(2);
    isFull = true;
    expect((await gate.request(SUBMISSION)).outcome.status).toBe("failed");
    expect(cap.used(SUBMISSION)).toBe(2);
  });
});
