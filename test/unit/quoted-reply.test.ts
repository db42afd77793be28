// A quoted "yes" counts for the request whose message it quotes, as this run of the server has sent it. The record may
// tell what has ended; whoever can write to it must not lead an approval to another request.
import { describe, expect, it } from "vitest";
import { createCommandRunner } from "../../src/core/commands.ts";
import { createConversation } from "../../src/core/conversation.ts";
import type { ApprovalStore } from "../../src/core/ports.ts";
import { createStandingKeeper } from "../../src/core/standing.ts";
import type { Phone } from "../../src/domain/approval.ts";
import { createGateStage, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";

async function createStage(wrap: (real: ApprovalStore) => ApprovalStore = (real) => real) {
  const stage = createGateStage({ store: wrap });
  const { gate, store, clock, log } = stage;
  const told: string[] = [];
  const messenger = { ask: async () => [], tell: async (_: Phone, text: string) => void told.push(text) };
  const standing = await createStandingKeeper(store, clock, log);
  const run = createCommandRunner({ gate, standing, clock });
  const approvers = [PHONE];
  const conversation = createConversation({ gate, store, messenger, clock, log, approvers, run });
  let count = 0;
  /** Has a message sent by the approver, and waits for what it sets in motion. */
  const say = async (text: string, quotedMessageId: string) => {
    await conversation.receive({ id: `in-${count++}`, from: PHONE, text, quotedMessageId });
    await clock.advance(0);
  };
  /** One request that waits, its message `SM<n>` sent. */
  const ask = async () => {
    const index = stage.asked.length;
    const call = { toolName: "Bash", input: { command: `ls ${index}` } };
    const answer = gate.request({ ...SUBMISSION, call });
    await clock.advance(0);
    return { id: stage.id(index), messageId: `SM${index + 1}`, answer };
  };
  return { ...stage, told, say, ask };
}

describe("a quoted yes", () => {
  it("approves the request whose message it quotes", async () => {
    const { ask, say } = await createStage();
    const { messageId, answer } = await ask();
    await say("yes", messageId);
    expect((await answer).outcome).toEqual({ status: "approved", by: PHONE });
  });

  it("is not led to a waiting request by a row of the database", async () => {
    const { ask, say, store, gate, told, stopStage } = await createStage();
    const { id } = await ask();
    await store.addMessages(id, [{ messageId: "SMforged", to: PHONE, hasButtons: true }]);
    await say("yes", "SMforged");
    expect(gate.waiting().map((request) => request.id)).toEqual([id]);
    expect(await store.find(id)).toMatchObject({ status: "pending" });
    expect(told.join()).not.toContain("approved");
    await stopStage();
  });

  it("is not led from one waiting request to another by a row of the database", async () => {
    const { ask, say, store, gate, stopStage } = await createStage();
    const first = await ask();
    const second = await ask();
    await store.addMessages(second.id, [{ messageId: first.messageId, to: PHONE, hasButtons: true }]);
    await say("yes", first.messageId);
    expect((await first.answer).outcome).toEqual({ status: "approved", by: PHONE });
    expect(gate.waiting().map(({ id }) => id)).toEqual([second.id]);
    await stopStage();
  });

  it("to a request that has ended is told how that ended, from the record", async () => {
    const { ask, say, clock, told } = await createStage();
    const { id, messageId, answer } = await ask();
    await clock.advance(300_000);
    expect((await answer).outcome.status).toBe("expired");
    await say("yes", messageId);
    expect(told.join()).toContain(`${id} expired`);
  });

  it("to a message that the record cannot be asked about changes nothing", async () => {
    const broken = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      findByMessage: () => Promise.reject(new Error("SQLITE_IOERR")),
    });
    const { ask, say, gate, stopStage } = await createStage(broken);
    const { id } = await ask();
    await say("yes", "SMunknown");
    expect(gate.waiting().map((request) => request.id)).toEqual([id]);
    await stopStage();
  });
});
