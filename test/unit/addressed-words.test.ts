// Words in reply to a message that asks for them: who gets them, what is no such word, and that they are proven first.
import { expect, test } from "vitest";
import { type About, createAddressed, type Words } from "../../src/core/addressed.ts";
import type { ReplyVerifier } from "../../src/core/ports/reply-verifier.ts";
import { PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

const DONE = "SM00000000000000000000000000000d01";
const ABOUT: About = { kind: "finished", subject: "session-1" };

async function stageWith(options: { verifier?: ReplyVerifier; verified?: "off" | "all" | "approvals" } = {}) {
  const addressed = createAddressed();
  const got: Words[] = [];
  addressed.note(DONE, ABOUT);
  addressed.serve("finished", {
    receive: async (words) => {
      got.push(words);
      return { kind: "help" };
    },
  });
  return { ...(await createReplyStage({ ...options, addressed })), addressed, got };
}

const quoted = { quotedMessageId: DONE };

test.each([
  "now fix the tests",
  "check the tests",
  "no tests yet, first the docs",
  "yes",
  "yes please, and commit",
  "deny every request without a token",
  "weiter mit Punkt 2",
  "2",
])("%j is handed on as it was written", async (text) => {
  const { say, got } = await stageWith();
  await say(text, quoted);
  expect(got.map((words) => words.text)).toEqual([text]);
  expect(got[0]).toMatchObject({ subject: "session-1", from: PHONE });
});

test.each(["PANIC", "pause 30", "status", "pending", "help"])("%j is a command, as ever", async (text) => {
  const { say, got, told } = await stageWith();
  await say(text, quoted);
  expect(got).toEqual([]);
  expect(told).toHaveLength(1);
});

test("a decision with the id of a request that waits is one, also in reply to such a message", async () => {
  const { say, got, gate, id } = await stageWith();
  const answer = gate.request(SUBMISSION);
  await expect.poll(() => gate.waiting().length).toBe(1);
  await say(`deny ${id()} not now`, quoted);
  expect((await answer).outcome).toMatchObject({ status: "denied", reason: "not now" });
  expect(got).toEqual([]);
});

test("without a quote, or in reply to another message, nobody gets them", async () => {
  const { say, got } = await stageWith();
  await say("now fix the tests");
  await say("now fix the tests", { quotedMessageId: "SM00000000000000000000000000000d02" });
  expect(got).toEqual([]);
});

test("a tap, an edit and a reaction are no words", async () => {
  const { say, got } = await stageWith();
  await say("Approve", { ...quoted, buttonId: "approve:kqmwa" });
  await say("now fix the tests", { ...quoted, gesture: "edit" });
  await say("👍", { ...quoted, gesture: "reaction" });
  expect(got).toEqual([]);
});

test.each([
  ["false", "approvals"],
  ["unchecked", "approvals"],
  ["false", "all"],
] as const)("words that the channel calls %s go nowhere (VERIFY_REPLIES=%s)", async (kind, verified) => {
  const { say, got, told } = await stageWith({
    verified,
    verifier: { verify: async () => ({ kind, problem: "it has another text" }) },
  });
  await say("rm -rf everything", quoted);
  await expect.poll(() => told.length).toBe(1);
  expect(got).toEqual([]);
});

test("only an approver's words are handed on", async () => {
  const { say, got } = await stageWith();
  await say("now fix the tests", { ...quoted, from: "+15005550001" });
  expect(got).toEqual([]);
});

test("the oldest messages are forgotten first", () => {
  const addressed = createAddressed(2);
  for (const id of ["a", "b", "a", "c"]) addressed.note(id, ABOUT);
  expect(["a", "b", "c"].map((id) => addressed.of(id) !== undefined)).toEqual([true, false, true]);
});
