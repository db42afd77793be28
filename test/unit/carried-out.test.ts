// A command that closes or ends something is written down as carried out before a word of that goes out: a server that is killed
// from then on says that it was, and does not carry it out again, which might undo what was said after it.
import { describe, expect, it, vi } from "vitest";
import type { UnfinishedReply } from "../../src/core/ports/contact-store.ts";
import { createFakeTaskRunner } from "../helpers/fake-task-runner.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

/** What a crash right before the first word would leave to the next start. */
async function leftBefore(
  text: string,
  prepare?: (stage: Stage) => unknown,
): Promise<UnfinishedReply | undefined> {
  const stage = await createReplyStage({ runner: createFakeTaskRunner() });
  const { store, say, told } = stage;
  await prepare?.(stage);
  const before = told.length;
  const left: (readonly UnfinishedReply[])[] = [];
  const { replyDone, finishReply } = store;
  vi.spyOn(store, "replyDone").mockImplementation(async (id, done) => {
    expect(told).toHaveLength(before);
    await replyDone(id, done);
    left.push(await store.unfinishedReplies());
  });
  vi.spyOn(store, "finishReply").mockImplementation(async (id) => {
    left.push(await store.unfinishedReplies());
    await finishReply(id);
  });
  await say(text);
  expect(told).toHaveLength(before + 1);
  expect(await store.unfinishedReplies()).toEqual([]);
  return left[0]?.at(-1);
}

type Stage = Awaited<ReturnType<typeof createReplyStage>>;

const start = async ({ say }: Stage) => say("PANIC");
const grant = async ({ ask, say }: Stage) => {
  const { id } = await ask();
  await say(`SESSION ${id}`);
};

describe("before it is said that it was, it is written down as carried out:", () => {
  it.each<[string, string, ((stage: Stage) => unknown)?]>([
    ["PANIC", "PANIC"],
    ["PANIC", "panic!!", start],
    ["PAUSE", "pause 10"],
    ["REVOKE", "revoke all"],
    ["REVOKE", "revoke all", grant],
  ])("%s (%s)", async (done, text, prepare) => {
    const left = await leftBefore(text, prepare);
    expect(left).toMatchObject({ done });
    expect(left?.denial).toBeUndefined();
  });
});

describe("it is left to be carried out by the next start:", () => {
  it.each<[string, string, ((stage: Stage) => unknown)?]>([
    ["a pause that a panic does not let in", "PAUSE 10", start],
    ["a grant that is not there", "REVOKE kqmwz"],
    ["a task that is not there", "KILL s7"],
    [
      "a panic that cannot be written down",
      "PANIC",
      ({ store }) => vi.spyOn(store, "setServiceMode").mockRejectedValue(new Error("disk full")),
    ],
  ])("%s", async (_, text, prepare) => {
    expect(await leftBefore(text, prepare)).toMatchObject({ denial: { text } });
  });
});

it("where that cannot be written down, its words go out all the same", async () => {
  const { store, say, told, log } = await createReplyStage();
  vi.spyOn(store, "replyDone").mockRejectedValue(new Error("disk full"));
  await say("PANIC");
  expect(told).toEqual([expect.objectContaining({ text: expect.stringContaining("Stopped") })]);
  expect(log.entries).toContainEqual(
    expect.objectContaining({ message: "that a reply was carried out could not be recorded" }),
  );
});

it("of a list, and of all, what it named is left: the words would mean something else by then", async () => {
  const left: unknown[] = [];
  const { store, say, ask } = await createReplyStage();
  const [one, two] = [await ask(), await ask()];
  const { firstSeen } = store;
  vi.spyOn(store, "firstSeen").mockImplementation((id, at, unfinished) => {
    left.push(unfinished?.denial?.ids);
    return firstSeen(id, at, unfinished);
  });
  await say("DENY ALL");
  await say(`DENY ${one.id} ${two.id}`);
  await say(`DENY ${one.id}`);
  expect(left).toEqual([[one.id, two.id], undefined, undefined]);
});
