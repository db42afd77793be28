// What comes in through the WhatsApp Agent Platform, over its simulated server: each once, in order, nothing lost and nobody believed.
import { describe, expect, it } from "vitest";
import { addressOn } from "../../src/domain/channel.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { AGENT_KEY, agentRequest, bash, PERSON, startAgent } from "../helpers/agent-stage.ts";
import { DB, questionCall } from "../helpers/questions.ts";

const SHORT = agentRequest(bash("ls -la /etc"));

describe("a reply", () => {
  it("is handed on with who wrote it, as fetched from the platform, and with what it quotes", async () => {
    const { ask, platform, replies, until, clock } = await startAgent();
    await ask(SHORT).over();
    const id = platform.write("yes", { quote: "wamid.OUT1" });
    await until(() => replies.length === 1);
    expect(replies).toEqual([
      {
        id,
        from: PERSON,
        text: "yes",
        at: expect.any(Number),
        verified: true,
        quotedMessageId: "wamid.OUT1",
      },
    ]);
    expect(Math.abs((replies[0]?.at ?? 0) - clock.now())).toBeLessThan(30_000);
  });

  it("never taps a button, whatever is typed", async () => {
    const { platform, replies, until } = await startAgent();
    platform.write("approve:kqmwa");
    await until(() => replies.length === 1);
    expect(replies[0]).not.toHaveProperty("buttonId");
  });

  it("of every type with words is handed on with them; one without says nothing", async () => {
    const { platform, replies, until } = await startAgent();
    platform.deliver("image", { id: "m1", mime_type: "image/png", sha256: "x", caption: "no, see this" });
    platform.deliver("document", { id: "m2", mime_type: "text/plain", sha256: "x", filename: "a.txt" });
    platform.deliver("audio", { id: "m3", mime_type: "audio/ogg", sha256: "x", voice: true });
    platform.deliver("sticker", { id: "m4", mime_type: "image/webp", sha256: "x", animated: false });
    await until(() => replies.length === 4);
    expect(replies.map(({ text }) => text)).toEqual(["no, see this", "", "", ""]);
  });

  it("of somebody else's words that were passed on is no answer, and binds nobody", async () => {
    const { platform, replies, strangers, until, pass } = await startAgent();
    const passedOn = [
      { forwarded: true },
      { frequently_forwarded: true },
      { forwarded: "yes" },
      { forwarded: 1 },
    ];
    for (const context of passedOn) platform.write("APPROVE kqmwa", { context });
    for (const context of [{ forwarded: false }, { forwarded: null }, {}])
      platform.write("APPROVE kqmwa", { context });
    await until(() => replies.length === 7);
    expect(replies.map(({ gesture }) => gesture)).toEqual([
      ...passedOn.map(() => "forward"),
      undefined,
      undefined,
      undefined,
    ]);
    platform.write("abcde", { from: "user:666", context: { forwarded: true } });
    await pass(10_000);
    expect(strangers).toEqual([]);
  });

  it.each([
    ["a location", "location", { latitude: 1, longitude: 2 }],
    ["a type that nobody knows", "hologram", { anything: [1, { deep: null }] }],
    ["a text without a body", "text", {}],
    ["one of the prototype's names", "constructor", {}],
  ])("does not stop what comes after it: %s", async (_, type, payload) => {
    const { platform, replies, until, channel, log } = await startAgent();
    platform.deliver(type, payload);
    platform.write("panic");
    await until(() => replies.length === 1);
    expect(replies[0]?.text).toBe("panic");
    expect(channel.health().state).toBe("up");
    expect(log.text()).toMatch(/ignored: nothing that is read|could not be read/);
  });

  it.each(["named", "nameless", "absent"] as const)("is read where contacts are %s", async (contacts) => {
    const { platform, replies, until } = await startAgent({ platform: { switches: { contacts } } });
    platform.write("yes kqmwa");
    await until(() => replies.length === 1);
  });
});

describe("somebody who is not bound", () => {
  it("is a stranger: nothing of it is a reply, and nothing is said to it", async () => {
    const { platform, strangers, replies, until, pass } = await startAgent();
    platform.write("APPROVE kqmwa", { from: "user:666" });
    platform.write("approve", { from: "user:111222333 " });
    await until(() => strangers.length === 2);
    await pass(10_000);
    expect(replies).toEqual([]);
    expect(strangers[0]).toMatchObject({
      from: addressOn("whatsapp-agent", "user:666"),
      text: "APPROVE kqmwa",
    });
    expect(platform.chat().filter(({ by }) => by === "agent")).toEqual([]);
    expect(platform.calls("statuses")).toEqual([]);
  });

  it("becomes bound by the code, from the next message on", async () => {
    const bound = new Set<string>();
    const { platform, replies, until } = await startAgent({
      heard: {
        isBound: (address) => bound.has(address),
        isWaiting: () => false,
        stranger: async ({ from, text }) => {
          if (text !== "abcde") return "ignored";
          bound.add(from);
          return "bound";
        },
      },
    });
    platform.write("first");
    platform.write("abcde");
    platform.write("status");
    await until(() => replies.length === 1);
    expect(replies[0]?.text).toBe("status");
  });
});

describe("a place to read on from", () => {
  it.each([
    ["beyond what a number holds", 9_007_199_254_740_993n],
    ["at the end of 64 bits", 2n ** 63n - 4n],
  ])("is kept as it is %s", async (_, firstOffset) => {
    const { platform, positions, replies, until } = await startAgent({ platform: { firstOffset } });
    platform.write("one");
    platform.write("two");
    await until(() => replies.length === 2 && positions.length > 0);
    const next = String(firstOffset + 2n);
    expect(positions.at(-1)).toBe(next);
    await until(() => platform.calls("updates").at(-1)?.query.includes(`offset=${next}&`) === true);
  });

  it("is where the next run begins", async () => {
    const { platform, replies, until, positions } = await startAgent({
      position: "9007199254740994",
      isStarted: true,
    });
    platform.write("one");
    platform.write("two");
    await until(() => replies.length > 0);
    expect(replies.map(({ text }) => text)).toEqual(["two"]);
    expect(platform.calls("updates")[0]?.query).toContain("offset=9007199254740994&");
    await until(() => positions.length === 2);
  });

  it.each(["1e3", "", "12345678901234567890", "1.5", "offset"])(
    "that is none is not used: %s",
    async (position) => {
      const { platform, replies, until } = await startAgent({ position });
      platform.write("one");
      await until(() => replies.length === 1);
      expect(platform.calls("updates")[0]?.query).toContain("offset=0&");
    },
  );

  it("that is refused gives way to all that is there, each still once", async () => {
    const { platform, replies, until } = await startAgent();
    platform.write("one");
    await until(() => replies.length === 1);
    const places = () =>
      platform.calls("updates").map(({ query }) => new URLSearchParams(query).get("offset"));
    await until(() => places().at(-1) !== "0");
    platform.fail("updates", { status: 400, code: 131_009 });
    platform.write("two");
    await until(() => replies.length === 2);
    const moved = places().findIndex((place) => place !== "0");
    await until(() => places().lastIndexOf("0") > moved);
    platform.write("three");
    await until(() => replies.length === 3);
    expect(replies.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  it("that cannot be kept stops nothing", async () => {
    const { platform, replies, until, log } = await startAgent({
      store: {
        channelPosition: async () => undefined,
        keepChannelPosition: () => Promise.reject(new Error("disk full")),
      },
    });
    platform.write("one");
    await until(() => replies.length === 1);
    platform.write("two");
    await until(() => replies.length === 2);
    expect(log.text()).toContain("could not be kept");
  });

  it("is kept only after all of it was handed on, and what was kept is not handed on again", async () => {
    let refusals = 2;
    const got: string[] = [];
    const { platform, positions, until, channel } = await startAgent({
      heard: {
        reply: async ({ text }) => {
          if (text === "two" && refusals > 0) {
            refusals -= 1;
            throw new Error("disk full");
          }
          got.push(text);
        },
      },
    });
    for (const text of ["one", "two", "panic"]) platform.write(text);
    await until(() => refusals === 1);
    expect(positions).toEqual([]);
    await until(() => channel.health().state === "down");
    await until(() => positions.length > 0);
    expect(got).toEqual(["one", "panic", "two"]);
    expect(channel.health().state).toBe("up");
  });

  it("does not hand on again what comes a second time", async () => {
    const { platform, replies, until, pass } = await startAgent({ position: "-5" });
    platform.write("one");
    await until(() => replies.length === 1);
    platform.fail("updates", { status: 200, body: again("wamid.IN1") });
    platform.write("two");
    await until(() => replies.length === 2);
    await pass(30_000);
    expect(replies.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("of a first run is the beginning, and of what is old only what stops something counts, for a day", async () => {
    const { platform, replies, until, clock } = await startAgent({ isStarted: false });
    const { channel, heard } = await startAgent({ isStarted: false, baseUrl: platform.url });
    platform.write("RUN old", { at: clock.now() - 15 * 60_000 - 1_000 });
    platform.write("panic", { at: clock.now() - 15 * 60_000 - 1_000 });
    platform.write("panic of yesterday", { at: clock.now() - 25 * 3_600_000 });
    platform.write("RUN young", { at: clock.now() - 14 * 60_000 });
    const got: [string, boolean | undefined][] = [];
    channel.start({ ...heard, reply: async ({ text, stopsOnly }) => void got.push([text, stopsOnly]) });
    await until(() => got.length > 2);
    expect(got).toEqual([
      ["RUN old", true],
      ["panic", true],
      ["RUN young", undefined],
    ]);
    expect(replies).toEqual([]);
  });

  it("of a later run brings what nobody has read yet, with its time: whether it is too old depends on what it would do", async () => {
    const { platform, replies, until, clock } = await startAgent({ position: "0" });
    for (const text of ["RUN old", "Panic!"]) platform.write(text, { at: clock.now() - 3_600_000 });
    platform.write("after");
    await until(() => replies.length === 3);
    expect(replies.map(({ text }) => text)).toEqual(["RUN old", "Panic!", "after"]);
    for (const { at } of replies.slice(0, 2)) expect(at).toBeLessThan(clock.now() - 3_500_000);
  });

  it("is told by the platform's clock, where this machine's is wrong", async () => {
    const platformClock = { ahead: 3_600_000 };
    const { platform, replies, until, clock } = await startAgent({ isStarted: false });
    const ours = { ...clock, now: () => clock.now() + platformClock.ahead };
    const { channel, heard } = await startAgent({ isStarted: false, baseUrl: platform.url, clock: ours });
    platform.write("hello");
    const got: number[] = [];
    channel.start({ ...heard, reply: async ({ at = 0 }) => void got.push(at) });
    await until(() => got.length > 0);
    expect(Math.abs((got[0] ?? 0) - ours.now())).toBeLessThan(5_000);
    expect(replies).toEqual([]);
  });
});

describe("the poll", () => {
  it.each([200, 204] as const)(
    "goes on from the same place where nothing is new: HTTP %s",
    async (idleStatus) => {
      const { platform, replies, until, channel } = await startAgent({
        platform: { switches: { idleStatus } },
      });
      await until(() => platform.calls("updates").length >= 3);
      expect(channel.health()).toEqual({ channel: "whatsapp-agent", state: "up" });
      const places = platform.calls("updates").map(({ query }) => new URLSearchParams(query).get("offset"));
      expect(new Set(places).size).toBe(1);
      platform.write("one");
      await until(() => replies.length === 1);
    },
  );

  it("that another program has replaced is not fought over: it is said, and no more is asked", async () => {
    const { platform, until, pass, channel, log } = await startAgent();
    await until(() => platform.openPolls() === 1);
    const theirs = fetch(`${platform.url}/agent/v1/updates?timeout=25`, {
      headers: { authorization: `Bearer ${AGENT_KEY}` },
    });
    await until(() => channel.health().state === "refused");
    const before = platform.calls("updates").length;
    await pass(30 * 60_000);
    expect(platform.calls("updates")).toHaveLength(before);
    expect(channel.health().problem).toContain("Another program reads this agent's messages.");
    expect(log.text()).toContain("could not be read");
    expect((await theirs).status).toBe(204);
  });

  it.each([
    ["429", { status: 429, code: 130_429 }],
    ["500", { status: 500, code: 2 }],
    ["502 of a proxy", { status: 502, body: "<html>" }],
    ["a reset", {}],
    ["an answer that is none", { status: 200, body: "{" }],
    ["an answer of another kind", { status: 200, body: '{"entry":"x"}' }],
  ])("backs off from the same place after %s", async (_, fault) => {
    const { platform, until, channel, replies, clock } = await startAgent();
    platform.fail("updates", fault, fault, fault);
    platform.write("one");
    await until(() => channel.health().state === "down");
    const { problem } = channel.health();
    expect(problem).toContain("It is tried again by itself.");
    await until(() => replies.length === 1);
    expect(channel.health()).toEqual({ channel: "whatsapp-agent", state: "up" });
    const polls = platform.calls("updates");
    expect(new Set(polls.slice(0, 4).map(({ query }) => query)).size).toBe(1);
    const gaps = polls.slice(1, 4).map(({ at }, index) => at - (polls[index]?.at ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(2_000);
    expect(gaps[1]).toBeGreaterThanOrEqual(4_000);
    expect(gaps[2]).toBeGreaterThanOrEqual(8_000);
    expect(clock.now()).toBeGreaterThan(0);
  });

  it("that hangs is given up, and goes on", async () => {
    const { platform, until, pass, channel, replies } = await startAgent();
    platform.fail("updates", { hangs: true });
    platform.write("one");
    await pass(41_000);
    expect(channel.health().state).toBe("down");
    await until(() => replies.length === 1);
  });

  it("with a key that holds no longer says what to do, and seldom tries again", async () => {
    const { platform, until, clock, channel, replies } = await startAgent();
    await until(() => platform.calls("updates").length >= 1);
    platform.rotateKey("another");
    platform.write("one");
    await until(() => channel.health().state === "refused");
    expect(channel.health().problem).toContain("set WHATSAPP_AGENT_KEY");
    platform.rotateKey(AGENT_KEY);
    const refusedAt = clock.now();
    await until(() => channel.health().state === "up");
    expect(clock.now() - refusedAt).toBeGreaterThan(4 * 60_000);
    await until(() => replies.length === 1);
  });

  it("ends with the channel, at once, and leaves no timer", async () => {
    const { platform, until, close, clock, replies, channel, heard } = await startAgent();
    await until(() => platform.openPolls() === 1);
    await close();
    expect(clock.pending()).toBe(0);
    await until(() => platform.openPolls() === 0);
    platform.write("late");
    channel.start(heard);
    await clock.advance(60_000);
    expect(replies).toEqual([]);
  });
});

describe("receipts", () => {
  it.each(["twice", "reversed", "read"] as const)(
    "of a message are told once each, never back from read: %s",
    async (receipts) => {
      const stage = await startAgent({ platform: { switches: { receipts } } });
      const { ask, until, pass } = stage;
      await ask(SHORT).over();
      await until(() => stage.receipts.some(({ state }) => state === "read"));
      await pass(10_000);
      const states = stage.receipts.map(({ state }) => state);
      expect(states).toEqual(receipts === "reversed" ? ["read"] : ["delivered", "read"]);
      expect(stage.receipts[0]).toMatchObject({ messageId: "wamid.OUT1", at: expect.any(Number) });
    },
  );

  it("of an earlier run's messages are told too", async () => {
    const { platform, receipts, until } = await startAgent();
    platform.receipt("wamid.EARLIER", "read");
    await until(() => receipts.length === 1);
    expect(receipts).toMatchObject([{ messageId: "wamid.EARLIER", state: "read" }]);
  });

  it("that say failed are told with words of ours; after read they are not believed", async () => {
    const { platform, receipts, until, pass } = await startAgent();
    platform.receipt("wamid.A", "failed");
    platform.receipt("wamid.B", "read");
    platform.receipt("wamid.B", "failed");
    platform.receipt("wamid.B", "exploded");
    await until(() => receipts.length === 2);
    await pass(5_000);
    expect(receipts).toMatchObject([
      {
        messageId: "wamid.A",
        state: "failed",
        failure: { message: expect.stringContaining("could not deliver it") },
      },
      { messageId: "wamid.B", state: "read" },
    ]);
    expect(receipts).toHaveLength(2);
  });

  it("that cannot be written down hold no reply up", async () => {
    let isFull = true;
    const { platform, replies, until, positions } = await startAgent({
      heard: { receipt: () => (isFull ? Promise.reject(new Error("disk full")) : Promise.resolve()) },
    });
    platform.receipt("wamid.A", "read");
    platform.write("deny kqmwa");
    await until(() => replies.length === 1);
    platform.write("panic");
    await until(() => replies.length === 2);
    expect(positions).toEqual([]);
    isFull = false;
    await until(() => positions.length > 0);
    expect(replies).toHaveLength(2);
  });
});

describe("a reaction", () => {
  it("decides nothing by itself", async () => {
    const { ask, platform, replies, until, pass } = await startAgent();
    await ask(SHORT).over();
    for (const sign of ["👍", "👎", "✅"]) platform.react("wamid.OUT1", sign);
    platform.write("after");
    await until(() => replies.length > 0);
    await pass(5_000);
    expect(replies.map(({ text }) => text)).toEqual(["after"]);
  });

  it.each([
    ["👍", "APPROVE kqmwa"],
    ["👍🏽", "APPROVE kqmwa"],
    ["✅", "APPROVE kqmwa"],
    ["👎", "DENY kqmwa"],
    ["👎🏿", "DENY kqmwa"],
    ["❌", "DENY kqmwa"],
  ])("is read as words where that is set: %s", async (sign, text) => {
    const { ask, platform, replies, until } = await startAgent({ reactions: "on" });
    await ask(SHORT).over();
    const id = platform.react("wamid.OUT1", sign);
    await until(() => replies.length === 1);
    expect(replies).toMatchObject([
      { id, from: PERSON, text, quotedMessageId: "wamid.OUT1", verified: true },
    ]);
    expect(replies[0]).not.toHaveProperty("buttonId");
  });

  it("says nothing where it is another sign, is taken back, or is beside another message", async () => {
    const { ask, channel, platform, replies, strangers, until, pass } = await startAgent({ reactions: "on" });
    await ask(agentRequest(bash("long\n".repeat(2_000)))).over();
    await ask(agentRequest(questionCall(DB)), { question: { number: 1, leftMs: 300_000 } }).over();
    let isTold = false;
    void channel.messenger.tell(PERSON, { kind: "unknown", id: "kqmwb" as ApprovalId }).then(() => {
      isTold = true;
    });
    await until(() => isTold);
    const [document, request, question, notice] = platform.chat().map(({ id }) => id);
    for (const sign of ["❤️", "", "👍👍", "yes", "constructor"]) platform.react(request ?? "", sign);
    for (const id of [document, question, notice, "wamid.EARLIER"]) platform.react(id ?? "", "👍");
    platform.react(request ?? "", "👍", { from: "user:666" });
    platform.write("after");
    await until(() => replies.length > 0);
    await pass(5_000);
    expect(replies.map(({ text }) => text)).toEqual(["after"]);
    expect(strangers).toEqual([]);
  });
});

describe("the sign that a reply was taken", () => {
  it("marks it as read and shows typing, once", async () => {
    const { channel, platform, replies, until, pass } = await startAgent();
    const id = platform.write("yes kqmwa");
    await until(() => replies.length === 1);
    channel.receipt.show(id, PERSON);
    channel.receipt.show(id, PERSON);
    await until(() => platform.calls("statuses").length === 1);
    await pass(60_000);
    expect(platform.calls("statuses")).toHaveLength(1);
    expect(platform.chat()).toMatchObject([{ id, state: "read", isTyping: true }]);
  });

  it("comes only after the reply is kept, since the platform may forget it then", async () => {
    let keep = () => {};
    let id = "";
    const stage = await startAgent({
      heard: {
        reply: (inbound) =>
          new Promise((resolve) => {
            stage.channel.receipt.show(inbound.id, PERSON);
            keep = resolve;
          }),
      },
    });
    id = stage.platform.write("yes kqmwa");
    await stage.until(
      () => stage.log !== undefined && stage.platform.calls("updates").length > 0 && keep !== undefined,
    );
    await stage.pass(5_000);
    expect(stage.platform.calls("statuses")).toEqual([]);
    keep();
    await stage.until(() => stage.platform.calls("statuses").length === 1);
    expect(stage.platform.calls("statuses")[0]?.body).toContain(id);
  });

  it("is not shown for what is not its own", async () => {
    const { channel, platform, pass } = await startAgent();
    for (const id of ["SM0123456789abcdef0123456789abcdef", "telegram:1:2", "wamid.NEVER"])
      channel.receipt.show(id, PERSON);
    await pass(5_000);
    expect(platform.calls("statuses")).toEqual([]);
  });

  it.each([
    ["403", { status: 403, code: 131_005 }],
    ["400", { status: 400, code: 131_009 }],
    ["500", { status: 500 }],
    ["a reset", {}],
  ])("fails without a word to anybody: %s", async (_, fault) => {
    const { channel, platform, replies, until, lost, pass } = await startAgent();
    platform.fail("statuses", fault);
    const id = platform.write("yes kqmwa");
    await until(() => replies.length === 1);
    channel.receipt.show(id, PERSON);
    await until(() => platform.calls("statuses").length === 1);
    await pass(5_000);
    expect(platform.calls("statuses")).toHaveLength(1);
    expect(lost).toEqual([]);
    expect(channel.health().state).toBe("up");
  });
});

/** A poll's answer that brings a message once more. */
function again(id: string): string {
  const message = {
    from: "user:111222333",
    id,
    timestamp: "1700000000",
    type: "text",
    text: { body: "one" },
  };
  return JSON.stringify({ entry: [{ changes: [{ value: { messages: [message] } }] }] });
}
