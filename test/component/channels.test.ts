// A call of a real MCP client to the phone and back, over each channel and over several at once.
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createTelegramApi } from "../../src/channels/telegram/api/client.ts";
import { userOf } from "../../src/domain/channel.ts";
import { systemClock } from "../../src/server/system.ts";
import {
  AGENT,
  BOT_TOKEN,
  type ChannelStage,
  STRANGER,
  startChannelStage,
  TELEGRAM,
} from "../helpers/channel-stage.ts";
import { callTool } from "../helpers/server-stage.ts";

const NUMBER = "+15005550006";

const onTelegram = ({ telegram }: ChannelStage) =>
  expect
    .poll(() => telegram.chat().find(({ keyboard }) => keyboard.length > 0))
    .toBeDefined()
    .then(
      () =>
        telegram
          .chat()
          .filter(({ keyboard }) => keyboard.length > 0)
          .at(-1)!,
    );
const onAgent = ({ agent }: ChannelStage) =>
  expect
    .poll(() => agent.chat().find(({ text }) => text.includes("Request ID")))
    .toBeDefined()
    .then(
      () =>
        agent
          .chat()
          .filter(({ text }) => text.includes("Request ID"))
          .at(-1)!,
    );
const idIn = (text: string) => /Request ID:\*? ?([a-z]{5})/.exec(text)?.[1] ?? "none";

function eventsOf({ databasePath }: ChannelStage): readonly { kind: string; data: string }[] {
  const db = new Database(databasePath, { readonly: true });
  const rows = db.prepare("SELECT kind, data FROM events ORDER BY seq").all() as {
    kind: string;
    data: string;
  }[];
  db.close();
  return rows;
}

describe("Telegram alone", () => {
  it("asks, takes the tap, and says on the message how it ended", async () => {
    const stage = await startChannelStage({ channels: "telegram" });
    const notes: string[] = [];
    const answer = callTool(stage.server, undefined, { onProgress: (note) => void notes.push(note) });
    const message = await onTelegram(stage);
    const id = idIn(message.text);
    stage.telegram.tap(message.id, `approve:${id}`);
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect(notes[0]).toBe(`waiting for Telegram approval ${id}, 5:00 left; sending`);
    expect(notes.join()).not.toContain("WhatsApp");
    await expect
      .poll(() => stage.telegram.chat().find((each) => each.id === message.id)?.keyboard)
      .toEqual([]);
    await expect
      .poll(() => stage.telegram.chat().some(({ text }) => text.includes(`${id} approved`)))
      .toBe(true);
    expect(stage.agent.calls()).toEqual([]);
  });

  it("hears nobody who is not bound, whatever they write", async () => {
    const stage = await startChannelStage({ channels: "telegram" });
    const answer = callTool(stage.server);
    const message = await onTelegram(stage);
    const id = idIn(message.text);
    for (const words of [`approve ${id}`, "yes", "RESUME", "PANIC", id])
      stage.telegram.write(words, { from: STRANGER });
    stage.telegram.write(`deny ${id} not now`);
    expect(await answer).toMatchObject({ behavior: "deny", message: expect.stringContaining("not now") });
    expect(stage.telegram.chat(STRANGER).filter(({ author }) => author === "bot")).toEqual([]);
  });

  it("opens no port for webhooks", async () => {
    const { server } = await startChannelStage({ channels: "telegram" });
    expect(server.hasWebhook).toBe(false);
  });
});

describe("the Agent Platform alone", () => {
  it("asks, and takes a quoted yes", async () => {
    const stage = await startChannelStage({ channels: "whatsapp-agent" });
    const answer = callTool(stage.server);
    const message = await onAgent(stage);
    stage.agent.write("yes", { quote: message.id });
    expect(await answer).toMatchObject({ behavior: "allow" });
    await expect
      .poll(() => stage.agent.chat().some(({ text }) => text.includes(`${idIn(message.text)} approved`)))
      .toBe(true);
  });
});

describe("several channels", () => {
  it("ask at once where no time is given: the first answer decides, and the other is told", async () => {
    const stage = await startChannelStage({
      channels: "telegram,whatsapp-agent",
      env: { ESCALATE_AFTER_SECONDS: "0" },
    });
    const answer = callTool(stage.server);
    const [message] = [await onTelegram(stage), await onAgent(stage)];
    const id = idIn(message.text);
    stage.agent.write(`approve ${id}`);
    expect(await answer).toMatchObject({ behavior: "allow" });
    await expect
      .poll(() => stage.telegram.chat().some(({ text }) => text.includes(`${id} approved by`)))
      .toBe(true);
    stage.telegram.forgeTap(message.id, `deny:${id}`);
    await expect.poll(() => stage.telegram.chat().some(({ text }) => text.includes("already"))).toBe(true);
  });

  it("ask the next one at once where the first one refuses, and the event log says why", async () => {
    const stage = await startChannelStage({ channels: "telegram,whatsapp-agent" });
    stage.telegram.fault({ kind: "page", status: 403 }, { method: "sendMessage" });
    const notes: string[] = [];
    const answer = callTool(stage.server, undefined, { onProgress: (note) => void notes.push(note) });
    const message = await onAgent(stage);
    await expect.poll(() => notes.at(-1)).toMatch(/^waiting for WhatsApp \(agent\) approval/);
    stage.agent.write("yes", { quote: message.id });
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect(notes[0]).toMatch(/^waiting for Telegram approval [a-z]{5}, 5:00 left; sending$/);
    const isRerouted = ({ kind }: { readonly kind: string }) => kind === "rerouted";
    await expect.poll(() => eventsOf(stage).some(isRerouted)).toBe(true);
    const rerouted = eventsOf(stage).find(isRerouted);
    expect(JSON.parse(rerouted?.data ?? "{}")).toMatchObject({ from: "telegram", to: "whatsapp-agent" });
  });

  it("beside Twilio: a message that is lost there goes on to the person's Telegram", async () => {
    const stage = await startChannelStage({
      channels: "whatsapp,telegram",
      env: { APPROVAL_PHONE: NUMBER },
      bound: { [TELEGRAM]: NUMBER, [AGENT]: NUMBER },
    });
    stage.phone().fail({ kind: "callback", status: "undelivered", code: 63_016 });
    const answer = callTool(stage.server);
    const message = await onTelegram(stage);
    stage.telegram.tap(message.id, `approve:${idIn(message.text)}`);
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("a button in Telegram that somebody with the bot's token sends decides nothing about what was asked elsewhere", async () => {
    const stage = await startChannelStage({ channels: "whatsapp-agent,telegram" });
    const { telegram, agent } = stage;
    const answer = callTool(stage.server);
    const message = await onAgent(stage);
    const data = `approve:${idIn(message.text)}`;
    const thief = createTelegramApi({ token: BOT_TOKEN, baseUrl: telegram.url, clock: systemClock });
    const reply_markup = { inline_keyboard: [[{ text: "Lunch at noon", callback_data: data }]] };
    await thief.call("sendMessage", { chat_id: userOf(TELEGRAM), text: "Lunch?", reply_markup });
    const tap = telegram.tap(telegram.chat().at(-1)?.id ?? 0, data);
    await expect
      .poll(() => telegram.answerTo(tap))
      .toEqual({ text: expect.stringContaining("does not count") });
    agent.write("no", { quote: message.id });
    expect(await answer).toMatchObject({ behavior: "deny" });
  });

  it("nobody bound: the call is denied at once, and says what to do", async () => {
    const stage = await startChannelStage({ channels: "telegram", bound: {} });
    expect(await callTool(stage.server)).toMatchObject({
      behavior: "deny",
      message: expect.stringMatching(
        /Nobody can be asked\. .*Tell the person: Start the server in a terminal: it shows a code/,
      ),
    });
  });
});
