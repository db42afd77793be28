// What comes from Telegram: taps, typed and quoted words, and everything that is not to be heard.
import { describe, expect, it, onTestFinished } from "vitest";
import { createTelegramApi } from "../../src/channels/telegram/api/client.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createTelegramSimulator } from "../../src/simulator/telegram/create-telegram.ts";
import {
  ADDRESS,
  askOptions,
  createHeard,
  createKeptPosition,
  createTelegramStage,
  PERSON,
  TEST_TOKEN,
  type TelegramStage,
} from "../helpers/telegram-stage.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const request: ApprovalRequest = waitingRequest({
  call: { toolName: "Bash", input: { command: "ls" } },
  door: "mcp",
});

async function listening(options: Parameters<typeof createTelegramStage>[0] = {}): Promise<TelegramStage> {
  const stage = await createTelegramStage(options);
  stage.channel.start(stage.heard);
  await stage.until(() => stage.telegram.isPolled());
  return stage;
}

async function asked(): Promise<TelegramStage & { readonly message: number }> {
  const stage = await listening();
  await stage.come(stage.channel.messenger.ask(request, askOptions()));
  const message = stage.telegram.chat().at(-1)?.id ?? 0;
  return { ...stage, message };
}

/** Something that is heard after everything before it. */
async function sentinel({ telegram, heard, until }: TelegramStage): Promise<void> {
  const before = heard.replies.length;
  const id = telegram.write("the last word");
  await until(() => heard.replies.length > before && heard.replies.at(-1)?.id.endsWith(`:${id}`));
}

describe("the time of what is written", () => {
  it("is told by this machine's clock, however wrong that is", async () => {
    let stage: TelegramStage | undefined;
    const now = () => (stage?.clock.now() ?? 0) - 3_600_000;
    const telegram = await createTelegramSimulator({ token: TEST_TOKEN, users: [PERSON], now });
    onTestFinished(() => telegram.stop());
    stage = await createTelegramStage({ telegram });
    const { channel, heard, clock, until } = stage;
    channel.start(heard);
    await until(() => telegram.isPolled());
    telegram.write("RESUME");
    const [reply] = await until(() => heard.replies.length > 0 && heard.replies);
    expect(Math.abs((reply?.at ?? 0) - clock.now())).toBeLessThan(60_000);
  });
});

describe("a person's answer", () => {
  it("by a tap is handed on with the button's id, and answered at once", async () => {
    const { telegram, heard, until, message } = await asked();
    const tap = telegram.tap(message, "approve:kqmwa");
    expect(await until(() => telegram.answerTo(tap))).toEqual({ text: "Received" });
    expect(heard.replies).toEqual([
      { id: `telegram:tap:${tap}`, from: ADDRESS, text: "", buttonId: "approve:kqmwa", verified: true },
    ]);
  });

  it("typed is handed on as it is, with its time", async () => {
    const stage = await asked();
    const { telegram, heard, clock, until } = stage;
    const at = Math.floor(clock.now() / 1000) * 1000;
    const id = telegram.write("/deny kqmwa  Not *that*", { at });
    await until(() => heard.replies.length === 1);
    expect(heard.replies).toEqual([
      { id: `telegram:${PERSON}:${id}`, from: ADDRESS, text: "/deny kqmwa  Not *that*", at: expect.any(Number), verified: true },
    ]);
    // Telegram names whole seconds, twice.
    expect(Math.abs((heard.replies[0]?.at ?? 0) - at)).toBeLessThan(2_500);
  });

  it("typed in reply to a message names that message", async () => {
    const { telegram, heard, until, message } = await asked();
    telegram.write("yes", { quote: message });
    const [reply] = await until(() => heard.replies.length === 1 && heard.replies);
    expect(reply?.quotedMessageId).toBe(`telegram:${PERSON}:${message}`);
    expect(reply?.buttonId).toBeUndefined();
  });

  it("typed like a button's id is no tap", async () => {
    const { telegram, heard, until } = await asked();
    telegram.write("approve:kqmwa");
    const [reply] = await until(() => heard.replies.length === 1 && heard.replies);
    expect(reply).toMatchObject({ text: "approve:kqmwa" });
    expect(reply).not.toHaveProperty("buttonId");
  });

  it("by a late tap is handed on and answered as well", async () => {
    const { telegram, channel, heard, until, message } = await asked();
    channel.ended({ request, outcome: { status: "expired" }, delivery: "queued", askedAt: [] });
    const tap = telegram.tap(message, "deny:kqmwa");
    await until(() => telegram.answerTo(tap));
    await until(() => telegram.chat()[0]?.isEdited);
    expect(heard.replies).toMatchObject([{ buttonId: "deny:kqmwa" }]);
  });

  it("that could not be written down is handed on again, and the tap is told so", async () => {
    const { telegram, heard, until, message, store, log } = await asked();
    heard.failWith = new Error("the disk is full");
    const tap = telegram.tap(message, "approve:kqmwa");
    expect(await until(() => telegram.answerTo(tap))).toEqual({
      text: "It could not be written down yet: it is tried again",
    });
    expect(heard.replies).toEqual([]);
    expect(store.text).toBeUndefined();
    heard.failWith = undefined;
    await until(() => heard.replies.length === 1);
    expect(heard.replies).toMatchObject([{ id: `telegram:tap:${tap}`, buttonId: "approve:kqmwa" }]);
    await until(() => store.text !== undefined);
    expect(log.text()).toContain("it is asked for again");
  });

  it("with a picture is its caption, and without words nothing but a message", async () => {
    const { telegram, heard, until } = await asked();
    telegram.write("", { with: { text: undefined, caption: "yes", photo: [{}] } });
    telegram.write("", { with: { text: undefined, voice: {} } });
    await until(() => heard.replies.length === 2);
    expect(heard.replies.map(({ text }) => text)).toEqual(["yes", ""]);
  });

  it("changed afterwards, and a reaction, are gestures", async () => {
    const { telegram, heard, until, message } = await asked();
    const id = telegram.write("yes kqmwa");
    telegram.edit(id, "no kqmwa");
    telegram.react(message, "👍");
    telegram.react(message, "");
    await until(() => heard.replies.length === 3);
    expect(heard.replies.map(({ gesture, text }) => [gesture, text])).toEqual([
      [undefined, "yes kqmwa"],
      ["edit", "no kqmwa"],
      ["reaction", "👍"],
    ]);
    expect(new Set(heard.replies.map((reply) => reply.id)).size).toBe(3);
  });

  it("typed can be shown as seen, a tap's id cannot", async () => {
    const { telegram, channel, heard, until, message } = await asked();
    telegram.write("no kqmwa");
    telegram.tap(message, "deny:kqmwa");
    await until(() => heard.replies.length === 2);
    for (const { id, from } of heard.replies) channel.receipt.show(id, from as Phone);
    const seen = await until(() => telegram.chat().find(({ reaction }) => reaction !== undefined));
    expect(seen).toMatchObject({ author: "person", text: "no kqmwa", reaction: "👀" });
    expect(telegram.calls("setMessageReaction")).toHaveLength(1);
  });
});

const NOT_COUNTED = "This button does not count. Type APPROVE or DENY and the request's id instead.";

describe("nobody is heard", () => {
  const user = { id: PERSON, is_bot: false };
  const chat = { id: PERSON, type: "private" };
  const message = { message_id: 7, date: 1_700_000_000, from: user, chat, text: "approve kqmwa" };
  const tap = { id: "1", from: user, message, data: "approve:kqmwa", chat_instance: "1" };
  const silent: readonly (readonly [string, Record<string, unknown>])[] = [
    ["in a group", { message: { ...message, chat: { id: -100, type: "group" } } }],
    [
      "in a group that has the person's number",
      { message: { ...message, chat: { ...chat, type: "supergroup" } } },
    ],
    ["in another's private chat", { message: { ...message, chat: { id: 42, type: "private" } } }],
    ["in a channel", { channel_post: { ...message, from: undefined, chat: { id: -1, type: "channel" } } }],
    ["who is a bot", { message: { ...message, from: { ...user, is_bot: true } } }],
    ["whose words are forwarded", { message: { ...message, forward_origin: { type: "user" } } }],
    ["whose words were forwarded long ago", { message: { ...message, forward_date: 1 } }],
    ["whose words are from a bot in line", { message: { ...message, via_bot: { id: 1, is_bot: true } } }],
    ["who speaks for a channel", { message: { ...message, sender_chat: { id: -1, type: "channel" } } }],
    ["who writes through a business", { message: { ...message, business_connection_id: "x" } }],
    ["to a business", { business_message: message }],
    ["without a name", { message: { ...message, from: undefined } }],
    [
      "in a change of a forwarded message",
      { edited_message: { ...message, forward_origin: {}, edit_date: 1 } },
    ],
    ["in a change that is none of the text", { edited_message: message }],
    [
      "who taps in a group",
      { callback_query: { ...tap, message: { ...message, chat: { id: -1, type: "group" } } } },
    ],
    [
      "who taps on a message that went through the bot",
      { callback_query: { ...tap, message: undefined, inline_message_id: "x" } },
    ],
    ["who taps in another's chat", { callback_query: { ...tap, from: { id: 42, is_bot: false } } }],
    [
      "who taps on a message that is also one through the bot",
      { callback_query: { ...tap, inline_message_id: "x" } },
    ],
    ["whose tap has no button", { callback_query: { ...tap, data: undefined, game_short_name: "x" } }],
    [
      "whose tap says what no button of ours says",
      { callback_query: { ...tap, data: "APPROVE kqmwa\nyes" } },
    ],
    ["whose update has another form", { message: { ...message, chat: "x" } }],
    [
      "whose reaction is in a group",
      {
        message_reaction: {
          chat: { id: -1, type: "group" },
          message_id: 1,
          user,
          date: 1,
          new_reaction: [{ type: "emoji", emoji: "👍" }],
        },
      },
    ],
    [
      "whose reaction has no name",
      { message_reaction: { chat, message_id: 1, date: 1, new_reaction: [{ type: "emoji", emoji: "👍" }] } },
    ],
  ];

  it.each(silent)("%s", async (_, update) => {
    const stage = await listening();
    stage.telegram.tell(update);
    await sentinel(stage);
    expect(stage.heard.replies.map(({ text }) => text)).toEqual(["the last word"]);
    expect(stage.heard.strangers).toEqual([]);
    expect(stage.telegram.calls("answerCallbackQuery")).toEqual([]);
  });

  it("who is not bound: their words go to who pairs, and they get no answer", async () => {
    const stage = await listening();
    const { telegram, heard } = stage;
    telegram.write("/start kqmwa", { from: 42 });
    telegram.write("approve kqmwa", { from: 42 });
    telegram.edit(telegram.chat(42)[0]?.id ?? 0, "other", { from: 42 });
    await sentinel(stage);
    expect(heard.strangers.map(({ from, text }) => [from, text])).toEqual([
      ["telegram:42", "kqmwa"],
      ["telegram:42", "approve kqmwa"],
    ]);
    expect(heard.replies.map(({ from }) => from)).toEqual([ADDRESS]);
    expect(telegram.calls("sendMessage")).toEqual([]);
  });

  it("who was unbound since: their tap is not answered", async () => {
    const stage = await asked();
    const { telegram, heard, message } = stage;
    heard.bound.delete(ADDRESS);
    const tap = telegram.tap(message, "approve:kqmwa");
    telegram.write("approve kqmwa");
    await stage.until(() => heard.strangers.length > 0);
    expect(heard.replies).toEqual([]);
    expect(telegram.answerTo(tap)).toBeUndefined();
  });

  it("who sends a tap that the message does not have", async () => {
    const stage = await asked();
    const { telegram, heard, message, until } = stage;
    const tap = telegram.forgeTap(message, "session:kqmwa");
    expect(await until(() => telegram.answerTo(tap))).toEqual({ text: NOT_COUNTED });
    await sentinel(stage);
    expect(heard.replies.map(({ buttonId }) => buttonId)).toEqual([undefined]);
    expect(stage.log.text()).toContain("or has no such button");
  });

  it("who taps on a message that somebody else has sent with the bot's token", async () => {
    const stage = await asked();
    const { telegram, heard, until, clock } = stage;
    const thief = createTelegramApi({ token: TEST_TOKEN, baseUrl: telegram.url, clock });
    const keyboard = [[{ text: "✅ Approve", callback_data: "approve:kqmwa" }]];
    const params = { chat_id: PERSON, text: "Approve: ls", reply_markup: { inline_keyboard: keyboard } };
    await thief.call("sendMessage", params);
    const tap = telegram.tap(telegram.chat().at(-1)?.id ?? 0, "approve:kqmwa");
    expect(await until(() => telegram.answerTo(tap))).toEqual({ text: NOT_COUNTED });
    await sentinel(stage);
    expect(heard.replies.map(({ buttonId }) => buttonId)).toEqual([undefined]);
  });

  it("who taps on our message after somebody else has changed its words with the bot's token", async () => {
    const stage = await asked();
    const { telegram, heard, until, clock, message } = stage;
    const before = telegram.chat().at(-1);
    const thief = createTelegramApi({ token: TEST_TOKEN, baseUrl: telegram.url, clock });
    const reply_markup = { inline_keyboard: before?.keyboard };
    const text = `${before?.text} (harmless)`;
    await thief.call("editMessageText", { chat_id: PERSON, message_id: message, text, reply_markup });
    const tap = telegram.tap(message, "approve:kqmwa");
    expect(await until(() => telegram.answerTo(tap))).toEqual({ text: NOT_COUNTED });
    await sentinel(stage);
    expect(heard.replies.map(({ buttonId }) => buttonId)).toEqual([undefined]);
  });
});

describe("a tap counts", () => {
  it("on the message of a request that has ended meanwhile", async () => {
    const { telegram, channel, heard, until, message } = await asked();
    channel.ended({ request, outcome: { status: "expired" }, delivery: "queued", askedAt: [] });
    await until(() => telegram.chat()[0]?.isEdited);
    const tap = telegram.forgeTap(message, "approve:kqmwa");
    expect(await until(() => telegram.answerTo(tap))).toEqual({ text: "Received" });
    expect(heard.replies).toMatchObject([{ buttonId: "approve:kqmwa" }]);
  });

  it("on a message of which nobody knew that it had arrived", async () => {
    const { telegram, channel, heard, come, until } = await listening();
    telegram.fault({ kind: "reset", done: true }, { method: "sendMessage", times: 1 });
    await come(channel.messenger.ask(request, askOptions()).catch((error: unknown) => error));
    telegram.tap(telegram.chat().at(-1)?.id ?? 0, "approve:kqmwa");
    await until(() => heard.replies.length === 1);
    expect(heard.replies).toMatchObject([{ buttonId: "approve:kqmwa" }]);
  });

  it("on a message of the run before: the record says what became of its request", async () => {
    const first = await asked();
    await first.come(first.channel.close());
    const second = await createTelegramStage({ telegram: first.telegram });
    second.channel.start(second.heard);
    await second.until(() => first.telegram.isPolled());
    const tap = first.telegram.tap(first.message, "deny:kqmwa");
    await second.until(() => first.telegram.answerTo(tap));
    expect(second.heard.replies).toMatchObject([{ buttonId: "deny:kqmwa" }]);
  });
});

describe("where reading goes on", () => {
  it("is kept after what was read was handed on, and used after a restart", async () => {
    const store = createKeptPosition();
    const first = await listening({ store });
    first.telegram.write("one");
    await first.until(() => store.text !== undefined);
    expect(store.text).toMatch(/^\d+ \d+$/);
    await first.come(first.channel.close());
    first.telegram.write("two");

    const second = await createTelegramStage({ store, telegram: first.telegram });
    second.channel.start(second.heard);
    await second.until(() => second.heard.replies.length > 0);
    expect(second.heard.replies.map(({ text }) => text)).toEqual(["two"]);
  });

  it("is not kept past what was handed on: a reply that was fetched before a crash comes once more", async () => {
    const store = createKeptPosition();
    const first = await listening({ store });
    const heard = createHeard();
    first.heard.failWith = new Error("the disk is full");
    first.telegram.write("one");
    await first.until(() => first.log.text().includes("asked for again"));
    await first.come(first.channel.close());
    const second = await createTelegramStage({ store, telegram: first.telegram });
    second.channel.start(heard);
    await second.until(() => heard.replies.length > 0);
    expect(heard.replies.map(({ text }) => text)).toEqual(["one"]);
  });

  it.each([
    "",
    "nonsense",
    "-5 1700000000000",
    `99999999999999999999 1700000000000`,
    "700000900 1690000000000",
  ])("that makes no sense or is old (%j) is as if it were not kept", async (text) => {
    const stage = await createTelegramStage({ store: createKeptPosition(text) });
    stage.telegram.write("one");
    stage.channel.start(stage.heard);
    await stage.until(() => stage.heard.replies.length > 0);
    expect(stage.telegram.calls("getUpdates")[0]?.params).not.toHaveProperty("offset");
  });

  it("is given up after six days without news: Telegram may have begun its numbers anew", async () => {
    const simulator = { token: TEST_TOKEN, users: [PERSON], holdMs: 20 };
    const telegram = await createTelegramSimulator(simulator);
    onTestFinished(() => telegram.stop());
    const { channel, heard, clock, until } = await createTelegramStage({ telegram });
    const offset = () => telegram.calls("getUpdates").at(-1)?.params["offset"];
    channel.start(heard);
    telegram.write("one");
    await until(() => offset() !== undefined);
    clock.sleep(6 * 24 * 3_600_000);
    await until(() => offset() === undefined);
    telegram.renumber(5);
    telegram.write("two");
    await until(() => offset() === 6);
    expect(heard.replies.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("may fail to be kept without a reply being lost", async () => {
    const store = createKeptPosition();
    store.keepChannelPosition = async () => {
      throw new Error("the disk is full");
    };
    const stage = await listening({ store });
    stage.telegram.write("one");
    await stage.until(() => stage.heard.replies.length === 1);
    stage.telegram.write("two");
    await stage.until(() => stage.heard.replies.length === 2);
    expect(stage.heard.replies.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(stage.log.text()).toContain("could not be kept");
  });

  it("asks for reactions, which are not told of by default", async () => {
    const { telegram } = await listening();
    expect(telegram.calls("getUpdates").at(-1)?.params).toMatchObject({
      timeout: 25,
      allowed_updates: ["message", "edited_message", "callback_query", "message_reaction"],
    });
  });
});
