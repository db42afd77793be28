// Whose reply counts, how often, and that no failure of the record keeps a person from being heard.

import { describe, expect, it } from "vitest";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createReplyStage } from "../helpers/reply-stage.ts";

const OTHER = "+15005550009" as Phone;
const STRANGER = "+15005550001";
const DISK_FULL = () => Promise.reject(new Error("SQLITE_FULL: database or disk is full"));

describe("a reply", () => {
  it("of a phone that may not approve changes nothing, is not answered, and leaves no trace of the phone", async () => {
    const { ask, say, gate, store, told, log, stopStage } = await createReplyStage();
    const { id, messageId } = await ask();
    const more = { from: STRANGER, quotedMessageId: messageId, buttonId: `approve:${id}` };
    await say(`approve ${id}`, more);
    await say("PANIC", { from: STRANGER });
    expect(gate.waiting()).toHaveLength(1);
    expect(told).toEqual([]);
    expect(await store.contact(STRANGER as Phone)).toEqual({});
    expect(log.text()).toContain("may not approve");
    expect(log.text()).not.toContain(STRANGER);
    await stopStage();
  });

  it("that a webhook says to be of another channel's address counts for nobody: that channel alone proves it", async () => {
    const CHAT = "telegram:7001" as Phone;
    const { ask, say, gate, told, stopStage } = await createReplyStage({ approvers: [CHAT] });
    const { id, answer } = await ask();
    await say(`deny ${id}`, { from: CHAT });
    await say("PANIC", { from: CHAT });
    expect([gate.waiting().length, told]).toEqual([1, []]);
    await say(`deny ${id}`, { from: CHAT, verified: true });
    expect((await answer).outcome).toMatchObject({ status: "denied", by: CHAT });
    await stopStage();
  });

  it("of a phone that may not approve does not use up the id of one that may", async () => {
    const { ask, say } = await createReplyStage();
    const { id, answer } = await ask();
    await say(`deny ${id}`, { id: "same", from: STRANGER });
    await say(`deny ${id}`, { id: "same" });
    expect((await answer).outcome).toMatchObject({ status: "denied", by: PHONE });
  });

  it("that comes twice is heeded once", async () => {
    const { ask, say, told } = await createReplyStage();
    const { id, answer } = await ask();
    await say(`deny ${id} not now`, { id: "same" });
    (await answer).acknowledge(true);
    await say("what waits?", { id: "same" });
    expect(told).toHaveLength(1);
  });

  it.each<[string, Partial<ApprovalStore>]>([
    ["its id cannot be recorded", { firstSeen: DISK_FULL }],
    ["the time of its phone cannot be recorded", { recordContact: DISK_FULL }],
  ])("is heard although %s", async (_, broken) => {
    const { ask, say, log } = await createReplyStage({ store: (real) => ({ ...real, ...broken }) });
    const { id, answer } = await ask();
    await say(`deny ${id} not now`);
    expect((await answer).outcome).toEqual({
      status: "denied",
      by: PHONE,
      reason: "not now",
      via: { how: "typed", proof: "signed" },
    });
    expect(log.entries.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("is confirmed to the one who decided and told to the others, after the caller has the answer", async () => {
    const { ask, say, clock, told } = await createReplyStage({ approvers: [PHONE, OTHER] });
    const { id, answer } = await ask();
    await say(`approve ${id}`);
    expect(told).toEqual([]);
    (await answer).acknowledge(true);
    await clock.advance(0);
    expect(told.map(({ to }) => to).sort()).toEqual([PHONE, OTHER].sort());
    for (const { text } of told) expect(text).toContain(`${id} approved`);
  });

  it("that says panic stops everything, also when it quotes a request", async () => {
    const { ask, say, mode } = await createReplyStage();
    const { messageId: quotedMessageId, answer } = await ask();
    await say("Panic!!", { quotedMessageId });
    expect(mode.current()).toMatchObject({ kind: "panic", by: PHONE });
    expect((await answer).outcome).toMatchObject({ status: "refused", mode: { kind: "panic" } });
  });
});

describe("what is no decision", () => {
  it("is answered with a short help, once a minute for each phone", async () => {
    const { say, clock, told } = await createReplyStage({ approvers: [PHONE, OTHER] });
    await say("hello");
    clock.pass(59_999);
    await say("hello again");
    expect(told.map(({ to }) => to)).toEqual([PHONE]);
    await say("hello", { from: OTHER });
    clock.pass(1);
    await say("hello a third time");
    expect(told.map(({ to }) => to)).toEqual([PHONE, OTHER, PHONE]);
    expect(new Set(told.map(({ text }) => text)).size).toBe(1);
  });
});
