// A reply that is answered by a request's message, and by no sentence, is unfinished until that is sent: a server that is killed
// meanwhile would leave its sender without a word.
import { expect, it } from "vitest";
import type { PartSender } from "../../src/core/ports/part-sender.ts";
import { deferred } from "../../src/core/timing.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { createFakeTaskRunner } from "../helpers/fake-task-runner.ts";
import { PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { DB, questionCall, REGION } from "../helpers/questions.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

/** The stage with messages of requests that leave when they are let go. */
async function held(more?: PartSender["more"]) {
  const gates: ReturnType<typeof deferred<void>>[] = [];
  let count = 0;
  const stage = await createReplyStage({
    runner: createFakeTaskRunner(),
    ...(more === undefined ? {} : { more }),
    ask: async (_request, _signal, question) => {
      const gate = deferred<void>();
      gates.push(gate);
      await gate.promise;
      count += 1;
      const sent = {
        messageId: `held-${count}`,
        to: PHONE,
        hasButtons: true,
        ...(question === undefined ? {} : { question: question.number }),
      };
      return [sent];
    },
  });
  const { store, clock } = stage;
  return {
    ...stage,
    /** One that waits, its message sent. */
    async asked(nth: number) {
      const call = { toolName: "Bash", input: { command: `ls ${nth}` } };
      const answer = stage.gate.request({ ...SUBMISSION, call });
      await clock.advance(0);
      gates[nth]?.resolve();
      await clock.advance(0);
      return { id: stage.id(nth), answer };
    },
    unfinished: async () => (await store.unfinishedReplies()).map(({ inboundId }) => inboundId),
    async letGo(nth: number): Promise<void> {
      gates[nth]?.resolve();
      await clock.advance(0);
      await clock.advance(0);
    },
  };
}

it("RUN is, until its question is on its way", async () => {
  const { say, unfinished, letGo, gate, told } = await held();
  await say("RUN web-shop: fix the failing test");
  expect(gate.waiting()).toHaveLength(1);
  expect(await unfinished()).toEqual(["in-0"]);
  await letGo(0);
  expect(await unfinished()).toEqual([]);
  expect(told).toEqual([]);
});

it("RUN that is not asked about is, until its sender was told so", async () => {
  const { say, unfinished, told, setServiceMode } = await held();
  setServiceMode({ kind: "panic", by: PHONE });
  await say("RUN web-shop: fix the failing test");
  expect(told).toHaveLength(1);
  expect(await unfinished()).toEqual([]);
});

it("an answer is, until the next question is on its way", async () => {
  const { say, unfinished, letGo, gate, clock, told } = await held();
  const answer = gate.request({ ...SUBMISSION, call: questionCall(DB, REGION) });
  await clock.advance(0);
  await letGo(0);
  const [{ id } = { id: "" as ApprovalId }] = gate.waiting();
  await say("1", { buttonId: `answer:${id}:1:1` });
  expect(await unfinished()).toEqual(["in-0"]);
  await letGo(1);
  expect(await unfinished()).toEqual([]);
  expect(told).toEqual([]);
  await say(`DENY ${id}`);
  expect((await answer).outcome.status).toBe("denied");
});

it.each(["APPROVE", "DENY"])("%s with two ids is, until what became of both was told", async (verb) => {
  const { say, unfinished, asked, told, clock } = await held();
  const [one, two] = [await asked(0), await asked(1)];
  await say(`${verb} ${one.id} ${two.id}`);
  expect(await unfinished()).toEqual(["in-0"]);
  for (const { answer } of [one, two]) (await answer).acknowledge(true);
  await clock.advance(0);
  await clock.advance(0);
  expect(told).toHaveLength(1);
  expect(await unfinished()).toEqual([]);
});

it("APPROVE ALL is, until its question is on its way", async () => {
  const { say, unfinished, asked, letGo, told } = await held();
  await asked(0);
  await asked(1);
  await say("APPROVE ALL");
  expect(await unfinished()).toEqual(["in-0"]);
  await letGo(2);
  expect(await unfinished()).toEqual([]);
  expect(told).toEqual([]);
});

it("MORE is, until its parts were sent", async () => {
  const parts = deferred<number>();
  const { say, unfinished, asked, told, clock } = await held(() => parts.promise);
  const { id } = await asked(0);
  await say(`MORE ${id}`);
  expect([await unfinished(), told]).toEqual([["in-0"], []]);
  parts.resolve(2);
  await clock.advance(0);
  await clock.advance(0);
  expect(await unfinished()).toEqual([]);
});
