// What the gate makes of news about its messages: only what is new and of a request that still waits.

import { describe, expect, it } from "vitest";
import type { SentMessage } from "../../src/domain/delivery.ts";
import { createGateStage, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";

const APPROVE = { kind: "approve", by: PHONE } as const;

describe("a receipt", () => {
  it("that says what is known already is told to nobody", async () => {
    const { gate, clock, stopStage } = createGateStage();
    const notes: string[] = [];
    void gate.request(SUBMISSION, { onProgress: ({ delivery }) => void notes.push(delivery) });
    await clock.advance(0);
    for (const state of ["delivered", "delivered", "sent", "read", "read"] as const) {
      await gate.receipt({ messageId: "SM1", state, at: 0 });
    }
    expect(notes).toEqual(["sending", "queued", "delivered", "read"]);
    await stopStage();
  });

  it("of a message that nobody knows changes nothing", async () => {
    const { gate, clock, log, stopStage } = createGateStage();
    void gate.request(SUBMISSION);
    await clock.advance(0);
    for (const state of ["failed", "read"] as const) {
      await gate.receipt({ messageId: "SMunknown", state, at: 0 });
    }
    expect(gate.waiting()).toHaveLength(1);
    expect(log.entries.filter(({ level }) => level === "error")).toEqual([]);
    await stopStage();
  });
});

describe("the messages of a request that waits", () => {
  it("still lead to it, and their failure still ends it, when another request has ended", async () => {
    const { gate, clock, id, stopStage } = createGateStage();
    void gate.request(SUBMISSION);
    await clock.advance(0);
    const second = gate.request({ ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId: "toolu_2" } });
    await clock.advance(0);
    await gate.resolve(id(0), APPROVE);
    expect([gate.requestOf("SM1"), gate.requestOf("SM2")]).toEqual([undefined, id(1)]);
    await gate.receipt({ messageId: "SM2", state: "failed", at: 0 });
    expect((await second).outcome.status).toBe("undeliverable");
    await stopStage();
  });
});

describe("a message that is accepted after its request has ended", () => {
  it("leads to no request, and its failure ends nothing", async () => {
    let send = (_: readonly SentMessage[]) => {};
    const sent = new Promise<readonly SentMessage[]>((resolve) => {
      send = resolve;
    });
    const { gate, clock, id, ended } = createGateStage({ ask: () => sent });
    const waiting = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.resolve(id(), APPROVE);
    expect((await waiting).outcome.status).toBe("approved");
    send([{ messageId: "SM1", to: PHONE, hasButtons: true }]);
    await clock.advance(0);
    expect(gate.requestOf("SM1")).toBeUndefined();
    await gate.receipt({ messageId: "SM1", state: "failed", at: 0 });
    await clock.advance(0);
    expect(ended.map(({ outcome }) => outcome.status)).toEqual(["approved"]);
  });
});

describe("a request on its way to the phone", () => {
  it("keeps who asks, from where, in which session and mode", async () => {
    const { gate, clock, asked, store, id, stopStage } = createGateStage();
    const from = { project: "web-shop", requester: "ci", sessionId: "s1", permissionMode: "plan" };
    void gate.request({ ...SUBMISSION, ...from });
    await clock.advance(0);
    expect(asked[0]?.request).toMatchObject(from);
    expect(await store.find(id())).toMatchObject({ project: "web-shop", requester: "ci" });
    await stopStage();
  });

  it("names nothing that its caller did not say", async () => {
    const { gate, clock, asked, stopStage } = createGateStage();
    void gate.request(SUBMISSION);
    await clock.advance(0);
    for (const field of ["project", "requester", "sessionId", "permissionMode"]) {
      expect(
        Object.entries(asked[0]?.request ?? {}).filter(
          ([key, value]) => key === field && value !== undefined,
        ),
      ).toEqual([]);
    }
    await stopStage();
  });
});

describe("a message that is lost while the send to another phone hangs", () => {
  it("goes on at once in another way, and once more counts when the send is over", async () => {
    const OTHER = "+15005550009" as typeof PHONE;
    const lost: string[] = [];
    let finish = (_: readonly SentMessage[]) => {};
    const hanging = new Promise<readonly SentMessage[]>((resolve) => {
      finish = resolve;
    });
    const message = { messageId: "SM1", to: PHONE, hasButtons: true };
    const { gate, clock, stopStage } = createGateStage({
      ask(_request, _signal, _question, onSent) {
        onSent?.(message);
        return hanging;
      },
      lost: (_id, to) => {
        lost.push(to);
        return lost.length < 3;
      },
    });
    const answer = gate.request(SUBMISSION);
    await clock.advance(0);
    await gate.receipt({ messageId: "SM1", state: "failed", at: 0 });
    expect(lost).toEqual([PHONE]);
    expect(gate.waiting()).toHaveLength(1);
    finish([message, { messageId: "SM2", to: OTHER, hasButtons: true }]);
    await expect.poll(() => lost).toEqual([PHONE, PHONE]);
    await gate.receipt({ messageId: "SM2", state: "failed", at: 0 });
    expect((await answer).outcome.status).toBe("undeliverable");
    await stopStage();
  });
});
