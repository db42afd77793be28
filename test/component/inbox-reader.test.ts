// Replies read from Twilio's list of messages: without a webhook, and once at the start.

import { describe, expect, it } from "vitest";
import { createChatWindows } from "../../src/channels/twilio/receive/chat-windows.ts";
import { seedContacts } from "../../src/channels/twilio/receive/contacts.ts";
import { createInbox, type MessageListApi } from "../../src/channels/twilio/receive/inbox.ts";
import { ABILITIES } from "../../src/domain/channel.ts";
import { lateTapText } from "../../src/domain/command-words.ts";
import { keptOpenText } from "../../src/domain/keep-open.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createGateStage, PHONE, SUBMISSION } from "../helpers/gate-stage.ts";
import { createInboxStage, type InboxStageOptions, OTHER } from "../helpers/inbox-stage.ts";
import { ACCOUNT, SENDER } from "../helpers/simulator-world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Stage = Awaited<ReturnType<typeof createInboxStage>>;

/** A server that has started, reads always, and asks for one approval. */
async function stageWithWaitingRequest(options: InboxStageOptions = {}) {
  const stage = await createInboxStage(options);
  const reader = await stage.createReader();
  await start(stage, reader);
  const answer = stage.gate.request(SUBMISSION);
  await stage.tick(0);
  reader.changed();
  await stage.settle();
  return { ...stage, reader, answer, request: stage.id() };
}

async function start(stage: Stage, reader: { start(): Promise<void> }): Promise<void> {
  const started = reader.start();
  await stage.settle();
  await started;
}

/** Makes the phone known, as an earlier run would have. */
async function knowPhone({ store, clock }: Stage, phone: Phone = PHONE): Promise<void> {
  await store.recordContact(phone, clock.now() - HOUR, false);
}

/** The record begins now, by the stage's clock. */
function beginRecord({ store, clock }: Stage): void {
  const began = clock.now();
  store.recordBeganAt = async () => began;
}

describe("a clock that is not Twilio's", () => {
  it.each([
    ["16 minutes ahead", 16 * MINUTE],
    ["16 minutes behind", -16 * MINUTE],
    ["a day ahead", 24 * HOUR],
  ])("%s does not make the reader deaf", async (_, aheadMs) => {
    const { simulator, tick, answer, request } = await stageWithWaitingRequest({ aheadMs });
    await tick(2_000);
    await simulator.type(`approve ${request}`);
    await tick(2_000);
    expect((await answer).outcome).toMatchObject({ status: "approved", by: PHONE });
  });

  it("still tells what came before the start from what came after it", async () => {
    const stage = await createInboxStage({ aheadMs: 16 * MINUTE });
    await stage.store.recordContact(PHONE, stage.clock.now() - HOUR, false);
    const message = await stage.sendButtons("kqmwa", "plain");
    await stage.simulator.tap(message, "approve");
    await stage.clock.advance(5_000);
    const reader = await stage.createReader();
    await start(stage, reader);
    expect(stage.told).toEqual([{ to: PHONE, text: lateTapText(ABILITIES.whatsapp) }]);
    const { lastInboundAt = 0 } = await stage.store.contact(PHONE);
    expect(Math.abs(stage.clock.now() - lastInboundAt)).toBeLessThan(10_000);
    await reader.stop();
  });
});

describe("without a webhook", () => {
  it.each([
    ["approve", { status: "approved", by: PHONE }],
    ["deny", { status: "denied", by: PHONE }],
  ])("takes a tap on %s by the id in its title", async (button, outcome) => {
    const { simulator, sendButtons, tick, answer, request } = await stageWithWaitingRequest();
    const message = await sendButtons(request);
    await simulator.tap(message, button);
    expect(simulator.messages().at(-1)?.body).toMatch(new RegExp(`^. ${button} ${request}$`, "iu"));
    await tick(2_000);
    expect((await answer).outcome).toMatchObject(outcome);
  });

  it("takes a typed denial with its reason", async () => {
    const { simulator, tick, answer, request } = await stageWithWaitingRequest();
    await simulator.type(`deny ${request} use the test database`);
    await tick(2_000);
    expect((await answer).outcome).toMatchObject({ status: "denied", reason: "use the test database" });
  });

  it("lets the oldest of several replies win", async () => {
    const { simulator, clock, tick, answer, request } = await stageWithWaitingRequest();
    await simulator.type(`deny ${request}`);
    await clock.advance(1_000);
    await simulator.type(`approve ${request}`);
    await tick(1_000);
    expect((await answer).outcome).toMatchObject({ status: "denied" });
  });

  it("hears RESUME within 30 s during a pause, while nothing waits, and asks no more after it", async () => {
    const { simulator, gate, reader, tick, readCount, answer, request, told } =
      await stageWithWaitingRequest();
    await simulator.type("PAUSE 60");
    await tick(2_000);
    await gate.resolve(request, { kind: "deny", by: PHONE });
    await answer;
    reader.changed();
    await tick(1_000);
    await simulator.type("RESUME");
    const before = readCount();
    await tick(30_000);
    expect(readCount()).toBe(before + 1);
    expect(told.at(-1)?.text).toContain("Resumed");
    await tick(120_000);
    expect(readCount()).toBe(before + 1);
  });

  it("asks every 2 s while something waits, never otherwise, and leaves no timer", async () => {
    const { gate, reader, clock, tick, readCount, answer, request } = await stageWithWaitingRequest();
    const before = readCount();
    for (let round = 1; round <= 3; round += 1) {
      await tick(1_999);
      expect(readCount()).toBe(before + round - 1);
      await tick(1);
      expect(readCount()).toBe(before + round);
    }
    await gate.resolve(request, { kind: "deny", by: PHONE });
    await answer;
    reader.changed();
    await tick(10 * MINUTE);
    expect(readCount()).toBe(before + 3);
    expect(clock.pending()).toBe(0);
  });

  it("asks no more often when requests come and go", async () => {
    const { gate, reader, tick, readCount, request } = await stageWithWaitingRequest();
    const before = readCount();
    await gate.resolve(request, { kind: "deny", by: PHONE });
    reader.changed();
    void gate.request({ ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId: "toolu_2" } });
    await tick(0);
    reader.changed();
    await tick(1_999);
    expect(readCount()).toBe(before);
    await tick(1);
    expect(readCount()).toBe(before + 1);
  });

  it("reads at the next request what was written while nothing waited", async () => {
    const stage = await createInboxStage();
    const reader = await stage.createReader();
    await start(stage, reader);
    await stage.tick(3 * HOUR);
    await stage.simulator.type("STATUS");
    await stage.tick(HOUR);
    expect(stage.told).toEqual([]);
    void stage.gate.request(SUBMISSION);
    await stage.tick(0);
    reader.changed();
    await stage.settle();
    expect(stage.told).toMatchObject([{ to: PHONE, text: expect.stringContaining("1 request waiting") }]);
  });

  it("never has two requests under way", async () => {
    const { simulator, reader, clock, tick, readCount } = await stageWithWaitingRequest();
    simulator.fail({ on: "message-list", kind: "hang" });
    const before = readCount();
    await clock.advance(2_000);
    expect(readCount()).toBe(before + 1);
    reader.changed();
    await clock.advance(MINUTE);
    expect(readCount()).toBe(before + 1);
    await simulator.close();
    await tick(0);
  });

  it("waits 2, 4, 8, 16 and 30 s after errors, logs the first of a row only, and reads on", async () => {
    const { simulator, log, tick, readCount, answer, request } = await stageWithWaitingRequest();
    simulator.fail({ on: "message-list", kind: "reject", httpStatus: 503, times: 6 });
    await simulator.type(`deny ${request}`);
    const before = readCount();
    await tick(2_000);
    for (const [index, seconds] of [2, 4, 8, 16, 30].entries()) {
      expect(readCount()).toBe(before + index + 1);
      await tick(seconds * 1000 - 1);
      expect(readCount()).toBe(before + index + 1);
      await tick(1);
    }
    const errors = log.entries.filter(({ message }) => message.includes("could not be read from Twilio"));
    expect(errors).toHaveLength(1);
    await tick(30_000);
    expect((await answer).outcome).toMatchObject({ status: "denied" });
    expect(log.text()).toContain("replies can be read from Twilio again");
  });

  it("does nothing again that came in by another way", async () => {
    const { simulator, store, clock, tick, told } = await stageWithWaitingRequest();
    await simulator.type("STATUS");
    await store.firstSeen(simulator.messages().at(-1)?.sid ?? "", clock.now());
    await tick(2_000);
    expect(told).toEqual([]);
  });

  it("leaves STOP, START and join to Twilio, and remembers when a phone joined", async () => {
    const { simulator, store, clock, tick, told } = await stageWithWaitingRequest();
    await simulator.type("STOP");
    await simulator.type("start");
    await simulator.type("join happy-fox");
    await tick(2_000);
    expect(told).toEqual([]);
    const joinedAt = clock.now() - 2_000;
    expect(await store.contact(PHONE)).toEqual({ lastInboundAt: joinedAt, joinedAt });
  });

  it("says what to type when a title names no request", async () => {
    const { simulator, sendButtons, tick, told, gate, request } = await stageWithWaitingRequest();
    // What Twilio dates with the second of the start is taken for earlier.
    await tick(1_000);
    await simulator.tap(await sendButtons(request, "plain"), "approve");
    await tick(2_000);
    expect(gate.waiting()).toHaveLength(1);
    expect(told).toMatchObject([{ text: expect.stringContaining("Nothing changed.") }]);
  });

  it("hands nothing on after its stop", async () => {
    const { simulator, reader, clock, tick, readCount, gate, request, holdReads } =
      await stageWithWaitingRequest();
    await simulator.type(`approve ${request}`);
    const release = holdReads();
    await clock.advance(2_000);
    const stopped = reader.stop();
    await clock.advance(1_000);
    await stopped;
    release();
    await tick(0);
    expect(gate.waiting()).toHaveLength(1);
    const before = readCount();
    await tick(MINUTE);
    expect(readCount()).toBe(before);
  });
});

describe("the list of messages", () => {
  it("is followed over all pages and handed on oldest first", async () => {
    const { simulator, real, clock } = await createInboxStage();
    for (let number = 1; number <= 5; number += 1) {
      await simulator.type(`message ${number}`);
      await clock.advance(1_000);
    }
    const messages = await real.since(PHONE, clock.now() - MINUTE, 2);
    expect(messages.map(({ text }) => text)).toEqual([1, 2, 3, 4, 5].map((number) => `message ${number}`));
  });

  it.each([
    ["of another account", { accountSid: `AC${"9".repeat(32)}` }],
    ["to another sender", { to: "whatsapp:+15005550002" }],
    ["from another phone", { from: `whatsapp:${OTHER}` }],
    ["that we sent", { direction: "outbound-api" }],
    ["from before the time asked for", { dateSent: new Date(1_000) }],
  ])("drops a message %s, even if Twilio's answer holds it", async (_, difference) => {
    const good = {
      sid: "SM1",
      accountSid: ACCOUNT,
      direction: "inbound",
      from: `whatsapp:${PHONE}`,
      to: SENDER,
      body: "approve kqmwa",
      dateSent: new Date(100_000),
      dateCreated: new Date(100_000),
    };
    const api: MessageListApi = {
      page: async () => ({ instances: [good, { ...good, sid: "SM2", ...difference }] }),
      getPage: () => Promise.reject(new Error("there is one page")),
    };
    const messages = await createInbox({ api, accountSid: ACCOUNT, from: SENDER }).since(PHONE, 50_000);
    expect(messages).toEqual([{ id: "SM1", from: PHONE, text: "approve kqmwa", at: 100_000 }]);
  });

  it("is read up to twenty pages, however many Twilio says there are", async () => {
    let pages = 0;
    const nextPage = async () => {
      pages += 1;
      const sentAt = new Date(100_000);
      const message = {
        sid: `SM${pages}`,
        accountSid: ACCOUNT,
        direction: "inbound",
        from: `whatsapp:${PHONE}`,
        to: SENDER,
        body: "approve kqmwa",
        dateSent: sentAt,
        dateCreated: sentAt,
      };
      if (pages > 50) throw new Error("it never stops");
      return { instances: [message], nextPageUrl: "https://api.twilio.com/the-next-one" };
    };
    const api: MessageListApi = { page: nextPage, getPage: nextPage };
    const messages = await createInbox({ api, accountSid: ACCOUNT, from: SENDER }).since(PHONE, 50_000);
    expect(messages).toHaveLength(20);
    expect(pages).toBe(20);
  });
});

describe("at the start", () => {
  it.each([true, false])("says once that taps came to nothing (with a webhook: %s)", async (hasWebhook) => {
    const stage = await createInboxStage();
    await knowPhone(stage);
    const message = await stage.sendButtons("kqmwa", "plain");
    await stage.simulator.tap(message, "approve");
    await stage.simulator.tap(message, "deny");
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader({ hasWebhook }));
    expect(stage.told).toEqual([{ to: PHONE, text: lateTapText(ABILITIES.whatsapp) }]);
    await start(stage, await stage.createReader({ hasWebhook }));
    expect(stage.told).toHaveLength(1);
  });

  it("takes a tap that keeps the chat open for what it is, late or not", async () => {
    const stage = await createInboxStage();
    await knowPhone(stage);
    await stage.simulator.type("Keep it open");
    const at = stage.clock.now();
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader());
    expect(stage.told).toEqual([{ to: PHONE, text: keptOpenText(ABILITIES.whatsapp) }]);
    expect((await stage.store.contact(PHONE)).lastInboundAt).toBe(at);
  });

  it("answers a reply with an id by what became of the request", async () => {
    const earlier = createGateStage();
    const stage = await createInboxStage({ store: () => earlier.store });
    await knowPhone(stage);
    void earlier.gate.request(SUBMISSION);
    await earlier.clock.advance(0);
    const request = earlier.id();
    await stage.store.cancelPending(stage.clock.now());
    await stage.simulator.tap(await stage.sendButtons(request), "approve");
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader({ hasWebhook: true }));
    const text = `⌛ ${request} ended 60 s ago: the approval server was restarted: nothing ran`;
    expect(stage.told).toEqual([{ to: PHONE, text }]);
  });

  it("leaves alone what is older than 15 minutes, and what was seen before", async () => {
    const stage = await createInboxStage();
    await knowPhone(stage);
    await stage.simulator.type("STATUS");
    await stage.clock.advance(15 * MINUTE);
    await stage.simulator.type("PENDING");
    await stage.store.firstSeen(stage.simulator.messages().at(-1)?.sid ?? "", stage.clock.now());
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader());
    expect(stage.told).toEqual([]);
  });

  it("takes what a phone wrote before a fresh database knew it as history, for good", async () => {
    const stage = await createInboxStage();
    await stage.simulator.tap(await stage.sendButtons("kqmwa", "plain"), "approve");
    for (const text of ["RESUME", "STATUS", "APPROVE ALL", "DENY kqmwa", "hello"])
      await stage.simulator.type(text);
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader());
    await seedContacts({ ...stage, approvers: [PHONE] }, stage.clock.now());
    await start(stage, await stage.createReader());
    expect(stage.told).toEqual([]);
    expect(await stage.store.serviceMode()).toEqual({ kind: "open" });
  });

  it.each(["PANIC", "PAUSE 60"])("hears %s as the first words ever of a phone, once", async (word) => {
    const stage = await createInboxStage();
    await stage.simulator.type("RESUME");
    await stage.simulator.type(word);
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader());
    expect(stage.told).toHaveLength(1);
    expect((await stage.store.serviceMode()).kind).toBe(word === "PANIC" ? "panic" : "paused");
    await stage.store.setServiceMode({ kind: "open" });
    await start(stage, await stage.createReader());
    expect(stage.told).toHaveLength(1);
    expect(await stage.store.serviceMode()).toEqual({ kind: "open" });
  });

  it("takes nothing from before for words of now at the next start, whenever this one ends", async () => {
    const stage = await createInboxStage();
    await stage.store.setServiceMode({ kind: "paused", by: PHONE, until: stage.clock.now() + HOUR });
    await stage.simulator.type("PAUSE 90");
    await stage.simulator.type("RESUME");
    await stage.clock.advance(MINUTE);
    const receive = stage.store.recordContact;
    const reader = await stage.createReader();
    // The first one that is taken makes the phone known: there this run ends.
    stage.store.recordContact = async (...args) => {
      await receive(...args);
      await reader.stop();
    };
    await start(stage, reader);
    stage.store.recordContact = receive;
    await start(stage, await stage.createReader());
    expect((await stage.store.serviceMode()).kind).toBe("paused");
  });

  it.each([
    [true, "PANIC", "panic"],
    [false, "PANIC", "panic"],
    [true, "RESUME", "paused"],
    [false, "RESUME", "paused"],
  ])(
    "hears what was written hours ago, by a known phone (%s), only where it stops: %s",
    async (isKnown, word, mode) => {
      const stage = await createInboxStage();
      beginRecord(stage);
      if (isKnown) await knowPhone(stage);
      await stage.store.setServiceMode({ kind: "paused", by: PHONE, until: stage.clock.now() + 30 * HOUR });
      await stage.clock.advance(HOUR);
      await stage.simulator.type(word);
      await stage.clock.advance(20 * HOUR);
      await start(stage, await stage.createReader({ hasWebhook: true }));
      expect((await stage.store.serviceMode()).kind).toBe(mode);
      expect(stage.told).toHaveLength(word === "PANIC" ? 1 : 0);
    },
  );

  it("leaves PANIC alone that is older than a day, or older than a quarter of an hour and than this database", async () => {
    const early = await createInboxStage();
    beginRecord(early);
    await early.clock.advance(HOUR);
    await early.simulator.type("PANIC");
    await early.clock.advance(25 * HOUR);
    await start(early, await early.createReader());
    const moved = await createInboxStage();
    await moved.simulator.type("PANIC");
    await moved.clock.advance(16 * MINUTE);
    beginRecord(moved);
    await start(moved, await moved.createReader());
    await knowPhone(moved);
    await start(moved, await moved.createReader());
    for (const { store, told } of [early, moved]) {
      expect(told).toEqual([]);
      expect(await store.serviceMode()).toEqual({ kind: "open" });
    }
  });

  it.each(["typed", "tapped"])(
    "denies what still waits by the first words of a phone (%s), never approves it",
    async (how) => {
      const stage = await createInboxStage();
      const answer = stage.gate.request(SUBMISSION);
      await stage.tick(0);
      const id = stage.id();
      if (how === "typed") await stage.simulator.type(`APPROVE ${id}`);
      if (how === "typed") await stage.simulator.type(`DENY ${id} use the test database`);
      else await stage.simulator.tap(await stage.sendButtons(id), "deny");
      await stage.clock.advance(MINUTE);
      await start(stage, await stage.createReader());
      expect((await answer).outcome).toMatchObject({ status: "denied", by: PHONE });
    },
  );

  it("tells a phone that has never written that its tap came too late, where a request of this database was there before it", async () => {
    const stage = await createInboxStage();
    const button = await stage.sendButtons("kqmwa", "plain");
    await stage.simulator.tap(button, "deny");
    await stage.clock.advance(MINUTE);
    void stage.gate.request(SUBMISSION);
    await stage.tick(0);
    await stage.simulator.tap(button, "approve");
    await stage.simulator.type("RESUME");
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader());
    expect(stage.told.map(({ text }) => text)).toEqual([expect.stringContaining("Your tap came while")]);
  });

  it("knows a newcomer among approvers who are known", async () => {
    const stage = await createInboxStage();
    await knowPhone(stage);
    await stage.simulator.type("STATUS", { from: PHONE });
    await stage.simulator.type("STATUS", { from: OTHER });
    await stage.clock.advance(MINUTE);
    await start(stage, await stage.createReader({ approvers: [PHONE, OTHER] }));
    expect(stage.told.map(({ to }) => to)).toEqual([PHONE]);
  });

  it("leaves what comes afterwards to the webhook where there is one", async () => {
    const stage = await createInboxStage();
    await knowPhone(stage);
    const reader = await stage.createReader({ hasWebhook: true });
    await stage.clock.advance(1_000);
    await stage.simulator.type("STATUS");
    await start(stage, reader);
    expect(stage.told).toEqual([]);
    expect(await stage.store.firstSeen(stage.simulator.messages().at(-1)?.sid ?? "", 0)).toBe(true);
    void stage.gate.request(SUBMISSION);
    await stage.tick(0);
    reader.changed();
    const before = stage.readCount();
    await stage.tick(MINUTE);
    expect(stage.readCount()).toBe(before);
  });

  it("says after five failures what they mean, and reads what came while the server was down once it can", async () => {
    const stage = await createInboxStage();
    await knowPhone(stage);
    await stage.simulator.type("PANIC");
    await stage.clock.advance(MINUTE);
    stage.simulator.fail({ on: "message-list", kind: "reject", httpStatus: 500, times: 9 });
    const reader = await stage.createReader({ hasWebhook: true });
    const started = reader.start();
    for (const seconds of [0, 2, 4, 8, 16]) await stage.tick(seconds * 1000);
    expect(stage.log.text()).toContain("could not be read; it is tried on");
    for (let more = 0; more < 5; more += 1) await stage.tick(30_000);
    await started;
    expect((await stage.store.serviceMode()).kind).toBe("panic");
    expect(stage.clock.pending()).toBe(0);
  });

  it("seeds the session window and the Sandbox's age from what Twilio remembers", async () => {
    const stage = await createInboxStage();
    const joinedAt = stage.clock.now();
    await stage.simulator.type("join happy-fox");
    await stage.clock.advance(HOUR);
    await stage.simulator.type("hello");
    await stage.clock.advance(HOUR);
    await seedContacts({ ...stage, approvers: [PHONE, OTHER] }, stage.clock.now());
    expect(await stage.store.contact(PHONE)).toEqual({ joinedAt, lastInboundAt: joinedAt + HOUR });
    expect(await stage.store.contact(OTHER)).toEqual({});
  });

  it("does without the seeds when Twilio does not answer", async () => {
    const stage = await createInboxStage();
    stage.simulator.fail({ on: "message-list", kind: "reject", httpStatus: 500 });
    await seedContacts({ ...stage, approvers: [PHONE] }, stage.clock.now());
    expect(stage.log.text()).toContain("could not be read from Twilio");
  });
});

describe("how long a chat stays open", () => {
  const DAY = 24 * 60 * MINUTE;
  const SANDBOX = SENDER.replace("whatsapp:", "");

  it("is what Twilio lists, which is written into the record: the words that it was joined with are not", async () => {
    const stage = await createInboxStage();
    const { simulator, clock, store, real: inbox } = stage;
    const windows = createChatWindows({ inbox, store, sandbox: SANDBOX, now: clock.now });
    expect(await windows.ask(PHONE)).toEqual({ closesAt: undefined, membership: undefined });
    await simulator.type("join tall-tree");
    const joinedAt = clock.now();
    await clock.advance(MINUTE);
    await simulator.type("hello");
    const closesAt = clock.now() + DAY;
    expect(await windows.known(PHONE)).toEqual({ closesAt: undefined, membership: undefined });
    const membership = { endsAt: joinedAt + 3 * DAY, sender: SANDBOX };
    expect(await windows.ask(PHONE)).toEqual({
      closesAt,
      membership: { ...membership, joinText: "join tall-tree" },
    });
    expect(await windows.known(PHONE)).toEqual({
      closesAt,
      membership: { ...membership, joinText: undefined },
    });
  });

  it("has no membership with a sender of one's own", async () => {
    const { simulator, clock, store, real: inbox } = await createInboxStage();
    await simulator.type("join tall-tree");
    const windows = createChatWindows({ inbox, store, sandbox: undefined, now: clock.now });
    expect(await windows.ask(PHONE)).toEqual({ closesAt: clock.now() + DAY, membership: undefined });
  });
});
