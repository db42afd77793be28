// Noting a reply for the record changes nothing about the reply.
import { describe, expect, it } from "vitest";
import type { Gate } from "../../src/core/gate-contract.ts";
import { noteReplies } from "../../src/core/noted-replies.ts";
import type { ReplyNote } from "../../src/core/ports/correspondence-store.ts";
import type { ReplyResult } from "../../src/core/reply-result.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const ID = "kqmwa" as ApprovalId;
const PHONE = "+15005550006" as Phone;

function stage(result: ReplyResult, noteReply: (note: ReplyNote) => Promise<void>) {
  const log = createKeptLog();
  const gate = { resolve: async () => result } as unknown as Gate;
  return { log, gate: noteReplies(gate, { store: { noteReply }, clock: createFakeClock(), log }) };
}

describe("a reply", () => {
  it("is noted with what became of it", async () => {
    const notes: ReplyNote[] = [];
    const { gate } = stage({ kind: "not-offered" }, async (note) => void notes.push(note));
    expect(await gate.resolve(ID, { kind: "session", by: PHONE })).toEqual({ kind: "not-offered" });
    expect(notes).toMatchObject([{ requestId: ID, from: PHONE, said: "session", result: "not-offered" }]);
  });

  it("to a request that never was is not noted: anybody could fill the record", async () => {
    const notes: ReplyNote[] = [];
    const { gate } = stage({ kind: "unknown" }, async (note) => void notes.push(note));
    await gate.resolve(ID, { kind: "approve", by: PHONE });
    expect(notes).toEqual([]);
  });

  it("counts all the same when it cannot be noted, and waits for no note", async () => {
    const full = stage({ kind: "failed" }, () => Promise.reject(new Error("disk full")));
    expect(await full.gate.resolve(ID, { kind: "deny", by: PHONE })).toEqual({ kind: "failed" });
    expect(full.log.text()).toContain("a reply could not be recorded");
    const hung = stage({ kind: "failed" }, () => new Promise(() => {}));
    expect(await hung.gate.resolve(ID, { kind: "deny", by: PHONE })).toEqual({ kind: "failed" });
  });
});
