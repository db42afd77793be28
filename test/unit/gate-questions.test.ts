// Questions in the gate: asked one after another, answered once each, and never allowed without all their answers.

import { describe, expect, it } from "vitest";
import { READING_TIME_MS } from "../../src/core/question-flow.ts";
import type { ApproverAction } from "../../src/domain/approver-action.ts";
import { decisionOf } from "../../src/domain/decision.ts";
import type { SentMessage } from "../../src/domain/delivery.ts";
import type { Submission } from "../../src/domain/submission.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createGateStage, type GateStageOptions, PHONE } from "../helpers/gate-stage.ts";
import { CHECKS, DB, QUESTION_CALL, questionCall, REGION } from "../helpers/questions.ts";

const OTHER = "+15005550009" as Phone;
const asks = (...questions: readonly (typeof DB)[]): Submission => ({
  call: questionCall(...questions),
  door: "mcp",
});
const said = (text: string, by = PHONE): ApproverAction => ({ kind: "answer", by, said: { text } });
const pick = (question: number, option: number, by = PHONE): ApproverAction => ({
  kind: "answer",
  by,
  question,
  said: { option },
});

/** A gate whose messages go to two phones, and a call that waits in it. */
async function stageFor(call = asks(DB, CHECKS), options: GateStageOptions = {}) {
  let count = 0;
  const stage = createGateStage({
    ask: async (_request, _signal, question) =>
      [PHONE, OTHER].map((to): SentMessage => {
        count += 1;
        const number = question === undefined ? {} : { question: question.number };
        return { messageId: `SM${count}`, to, hasButtons: true, ...number };
      }),
    ...options,
  });
  const answer = stage.gate.request(call);
  await stage.clock.advance(0);
  const resolve = async (action: ApproverAction) => {
    const result = await stage.gate.resolve(stage.id(), action);
    await stage.clock.advance(0);
    return result;
  };
  const decision = async () => {
    const { request, outcome } = await answer;
    return decisionOf(request, outcome);
  };
  return { ...stage, answer, resolve, decision };
}

describe("a question", () => {
  it("is asked with its number and the time that is left, and answered by a pick", async () => {
    const { asked, resolve, decision, store, id } = await stageFor(asks(DB));
    expect(asked[0]?.question).toEqual({ number: 1, leftMs: 300_000 });
    expect(await resolve(pick(1, 1))).toMatchObject({ kind: "decided" });
    expect(await decision()).toMatchObject({
      behavior: "allow",
      input: { ...QUESTION_CALL.input, answers: { "Which DB?": "Postgres" } },
    });
    const outcome = { status: "approved", by: PHONE, answers: [{ by: PHONE, options: [1] }] };
    expect(await store.find(id())).toMatchObject({ status: "approved", outcome });
  });

  it("keeps no label in the record: it may hold a secret", async () => {
    const secret = { ...DB, options: [{ label: "hunter2hunter2", description: "" }, ...REGION.options] };
    const call = questionCall(secret);
    const masked = { ...secret, options: [{ label: "[secret]", description: "" }, ...REGION.options] };
    const shown = questionCall(masked);
    const { resolve, decision, store, id } = await stageFor(
      { call, door: "mcp" },
      { inspector: { inspect: async () => ({ shown, secrets: 1, warnings: [] }) } },
    );
    await resolve(pick(1, 1));
    expect(await decision()).toMatchObject({ input: { answers: { "Which DB?": "hunter2hunter2" } } });
    expect(JSON.stringify(await store.find(id()))).not.toContain("hunter2");
  });

  it.each([
    ["approve", { kind: "approve", by: PHONE }],
    ["session", { kind: "session", by: PHONE }],
    ["an option that is none", pick(1, 3)],
    ["a question that is not asked yet", pick(2, 1)],
    ["a number out of range", said("3")],
    ["nothing", said("")],
  ] as const)("goes on waiting after %s", async (_, action) => {
    const { resolve, asked, gate, stopStage } = await stageFor(asks(DB));
    expect(await resolve(action)).toMatchObject({
      kind: "answer-unclear",
      question: { question: "Which DB?" },
    });
    expect(gate.waiting()).toHaveLength(1);
    expect(asked).toHaveLength(1);
    await stopStage();
  });

  it("is denied as a whole, with words, after some were answered", async () => {
    const { resolve, decision } = await stageFor();
    await resolve(pick(1, 1));
    await resolve({ kind: "deny", by: PHONE, reason: "ask me tomorrow" });
    expect(await decision()).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("Their words: ask me tomorrow"),
    });
  });

  it("takes no words that were typed before it was sent, however late they are fetched", async () => {
    const { resolve, clock, decision } = await stageFor(asks(DB, REGION));
    const before = clock.now();
    await resolve(pick(1, 1));
    await clock.advance(READING_TIME_MS + 60_000);
    const late = { ...said("2"), at: before } as ApproverAction;
    expect(await resolve(late)).toEqual({ kind: "question-moved", place: { number: 2, total: 2 } });
    await resolve({ ...said("1"), at: clock.now() } as ApproverAction);
    expect(await decision()).toMatchObject({
      input: { answers: { "Which DB?": "Postgres", "Which region?": "Frankfurt" } },
    });
  });

  it("that cannot be asked is denied with what is wrong, and nobody is asked", async () => {
    const { asked, decision } = await stageFor(asks(DB, DB));
    expect(await decision()).toMatchObject({
      behavior: "deny",
      message: expect.stringMatching(/could not be asked: .*two questions have the same text/),
    });
    expect(asked).toEqual([]);
  });

  it("is no answer to a request that asks none", async () => {
    const { resolve, gate, stopStage } = await stageFor({
      call: { toolName: "Bash", input: {} },
      door: "mcp",
    });
    expect(await resolve(pick(1, 1))).toEqual({ kind: "no-question" });
    expect(await resolve(said("yes"))).toEqual({ kind: "no-question" });
    expect(gate.waiting()).toHaveLength(1);
    await stopStage();
  });
});

describe("several questions", () => {
  it("are asked one after another, the time running on", async () => {
    const { resolve, asked, clock, decision } = await stageFor();
    await clock.advance(60_000);
    expect(await resolve(pick(1, 2))).toMatchObject({ kind: "next", place: { number: 1, total: 2 } });
    expect(asked.map(({ question }) => question)).toEqual([
      { number: 1, leftMs: 300_000 },
      { number: 2, leftMs: 240_000 },
    ]);
    await clock.advance(READING_TIME_MS);
    expect(await resolve(said("1, 3"))).toMatchObject({ kind: "decided" });
    expect(await decision()).toMatchObject({
      input: { answers: { "Which DB?": "SQLite", "Which checks run before a commit?": "Types, Tests" } },
    });
  });

  it("that are not all answered are denied at the one deadline, and leave no timer", async () => {
    const { resolve, clock, decision } = await stageFor();
    await clock.advance(200_000);
    await resolve(pick(1, 1));
    await clock.advance(99_999);
    expect(clock.pending()).toBeGreaterThan(0);
    await clock.advance(1);
    expect(await decision()).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("Nobody answered"),
    });
    expect(clock.pending()).toBe(0);
  });

  it.each(["stop", "shut"] as const)("that are not all answered are denied at a %s", async (how) => {
    const { resolve, gate, stopStage, decision } = await stageFor();
    await resolve(pick(1, 1));
    if (how === "stop") await stopStage();
    else await gate.shut({ kind: "panic", by: PHONE });
    expect((await decision()).behavior).toBe("deny");
  });

  it("keep the first answer to each: a later tap on an answered one changes nothing and says so", async () => {
    const { resolve, asked, decision } = await stageFor();
    await resolve(pick(1, 1));
    expect(await resolve(pick(1, 2, OTHER))).toEqual({
      kind: "question-stale",
      place: { number: 1, total: 2 },
    });
    expect(asked).toHaveLength(2);
    await resolve(pick(2, 1, OTHER));
    expect(await decision()).toMatchObject({ input: { answers: { "Which DB?": "Postgres" } } });
    expect(await resolve(pick(2, 2))).toMatchObject({ kind: "stale" });
  });

  it("do not take a typed answer for a question that its writer cannot have read", async () => {
    const { resolve, clock, decision } = await stageFor(asks(DB, REGION));
    await resolve(said("1"));
    for (const by of [PHONE, OTHER]) {
      expect(await resolve(said("2", by))).toMatchObject({ kind: "question-moved", place: { number: 2 } });
    }
    await clock.advance(READING_TIME_MS - 1);
    expect(await resolve(said("2", OTHER))).toMatchObject({ kind: "question-moved" });
    await clock.advance(1);
    await resolve(said("2", OTHER));
    expect(await decision()).toMatchObject({
      input: { answers: { "Which DB?": "Postgres", "Which region?": "Dublin" } },
    });
  });

  it("do not take a typed answer of a phone that the question has not reached", async () => {
    const { resolve, clock, stopStage } = await stageFor(asks(DB, REGION), {
      ask: async (_request, _signal, question) => [
        { messageId: `SM${question?.number}`, to: PHONE, hasButtons: true, question: question?.number ?? 0 },
      ],
    });
    await resolve(pick(1, 1));
    await clock.advance(10_000);
    expect(await resolve(said("2", OTHER))).toMatchObject({ kind: "question-moved" });
    await stopStage();
  });

  it("stop sending one that was answered while it was on its way", async () => {
    const { resolve, asked, gate, stopStage, log } = await stageFor(asks(DB, REGION), {
      ask: (_request, signal, question) =>
        question?.number === 1
          ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
          : Promise.resolve([{ messageId: "SM9", to: PHONE, hasButtons: true, question: 2 }]),
    });
    await resolve(pick(1, 1));
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked[1]?.signal.aborted).toBe(false);
    expect(gate.waiting()).toHaveLength(1);
    expect(log.entries.filter(({ level }) => level === "error")).toEqual([]);
    await stopStage();
  });

  it("are denied when a later one cannot be sent, or is lost for everybody", async () => {
    let broken = false;
    const thrown = await stageFor(asks(DB, REGION), {
      ask: async () => {
        if (broken) throw new Error("no network");
        broken = true;
        return [{ messageId: "SM1", to: PHONE, hasButtons: true, question: 1 }];
      },
    });
    await thrown.resolve(pick(1, 1));
    expect((await thrown.answer).outcome.status).toBe("undeliverable");

    const lost = await stageFor();
    const failed = (messageId: string) => ({ messageId, state: "failed" as const, at: 0 });
    await lost.resolve(pick(1, 1));
    // Of the first question, which has its answer.
    await lost.gate.receipt(failed("SM1"));
    await lost.gate.receipt(failed("SM2"));
    expect(lost.gate.waiting()).toHaveLength(1);
    await lost.gate.receipt(failed("SM3"));
    expect(lost.gate.waiting()).toHaveLength(1);
    await lost.gate.receipt(failed("SM4"));
    expect((await lost.answer).outcome.status).toBe("undeliverable");
  });

  it("tell which of them a message asks, as long as they wait", async () => {
    const { resolve, gate } = await stageFor();
    await resolve(pick(1, 1));
    expect(["SM1", "SM2", "SM3", "SM4", "SM5"].map(gate.questionOf)).toEqual([1, 1, 2, 2, undefined]);
    await resolve({ kind: "deny", by: PHONE });
    expect(gate.questionOf("SM1")).toBeUndefined();
  });
});

describe("an allow of questions without their answers", () => {
  it("does not come from a full disk: the answer did not count", async () => {
    const { resolve, decision } = await stageFor(asks(DB), {
      store: (real) => ({ ...real, settle: () => Promise.reject(new Error("disk full")) }),
    });
    await resolve(pick(1, 1));
    expect((await decision()).behavior).toBe("deny");
  });

  it("is not recorded either, whatever the gate was told: here the call has changed since it was read", async () => {
    const questions = [DB];
    const call = { toolName: "AskUserQuestion", input: { questions } };
    const { resolve, decision, store, id } = await stageFor({ call, door: "mcp" });
    questions.push(REGION);
    expect(await resolve(pick(1, 1))).toMatchObject({ kind: "stale", approval: { status: "failed" } });
    expect((await decision()).behavior).toBe("deny");
    expect(await store.find(id())).toMatchObject({ status: "failed" });
  });

  it("does not come from a policy, a repeat or the other door", async () => {
    const { gate, decision, resolve, answer } = await stageFor(
      { ...asks(DB, REGION), door: "mcp" },
      { policy: { decide: async () => ({ kind: "allow", rule: "*" }), ended: () => {} } },
    );
    const repeat = gate.request(asks(DB, REGION));
    await resolve(pick(1, 1));
    expect(gate.waiting()).toHaveLength(1);
    await resolve(pick(2, 1));
    expect(await decision()).toMatchObject({ behavior: "allow", hasAnswers: true });
    expect((await repeat).outcome).toEqual((await answer).outcome);
  });
});
