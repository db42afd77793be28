// A quoted "yes" counts for the request whose message it quotes, as this run of the server has sent it. The record may
// tell what has ended; whoever can write to it must not lead an approval to another request.

import { describe, expect, it } from "vitest";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

describe("a quoted yes", () => {
  it("approves the request whose message it quotes", async () => {
    const { ask, say } = await createReplyStage();
    const { messageId: quotedMessageId, answer } = await ask();
    await say("yes", { quotedMessageId });
    expect((await answer).outcome).toEqual({
      status: "approved",
      by: PHONE,
      via: { how: "quoted", proof: "confirmed" },
    });
  });

  it("is not led to a waiting request by a row of the database", async () => {
    const { ask, say, store, gate, told, stopStage } = await createReplyStage();
    const { id } = await ask();
    await store.addMessages(id, [{ messageId: "SMforged", to: PHONE, hasButtons: true }]);
    await say("yes", { quotedMessageId: "SMforged" });
    expect(gate.waiting().map((request) => request.id)).toEqual([id]);
    expect(await store.find(id)).toMatchObject({ status: "pending" });
    expect(JSON.stringify(told)).not.toContain("approved");
    await stopStage();
  });

  it("is not led from one waiting request to another by a row of the database", async () => {
    const { ask, say, store, gate, stopStage } = await createReplyStage();
    const first = await ask();
    const second = await ask();
    await store.addMessages(second.id, [{ messageId: first.messageId, to: PHONE, hasButtons: true }]);
    await say("yes", { quotedMessageId: first.messageId });
    expect((await first.answer).outcome).toEqual({
      status: "approved",
      by: PHONE,
      via: { how: "quoted", proof: "confirmed" },
    });
    expect(gate.waiting().map(({ id }) => id)).toEqual([second.id]);
    await stopStage();
  });

  it("to a request that has ended is told how that ended, from the record", async () => {
    const { ask, say, clock, told } = await createReplyStage();
    const { id, messageId: quotedMessageId, answer } = await ask();
    await clock.advance(300_000);
    expect((await answer).outcome.status).toBe("expired");
    await say("yes", { quotedMessageId });
    expect(told).toEqual([{ to: PHONE, text: expect.stringContaining(`${id} expired`) }]);
  });

  it("to a message that the record cannot be asked about changes nothing", async () => {
    const store = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      findByMessage: () => Promise.reject(new Error("SQLITE_IOERR")),
    });
    const { ask, say, gate, stopStage } = await createReplyStage({ store });
    const { id } = await ask();
    await say("yes", { quotedMessageId: "SMunknown" });
    expect(gate.waiting().map((request) => request.id)).toEqual([id]);
    await stopStage();
  });
});
