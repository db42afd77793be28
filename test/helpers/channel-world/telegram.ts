// Telegram: a simulated one with the server's calls on the wire.
import { onTestFinished } from "vitest";
import { addressOn } from "../../../src/domain/channel.ts";
import { createTelegramSimulator } from "../../../src/simulator/telegram/create-telegram.ts";
import type { ChannelTraits, OpenWorld } from "./contract.ts";
import { createWire } from "./wire.ts";

const PERSON = 70_000_001;
const STRANGER = 70_000_002;
// In two halves: no scanner takes them for a real one.
const SECRET = "AAtest".repeat(6);
const TOKEN = `7000000001:${SECRET}`;

const TELEGRAM_TRAITS: ChannelTraits = {
  name: "telegram",
  hasButtons: true,
  hasReceipts: false,
  changesMessages: true,
  longText: "messages",
  tooLong: "document and more",
  unknownSend: "given up",
  listens: "poll",
  hasChoices: true,
  canReachStrangers: true,
  shownAs: /Telegram/,
};

export const openTelegramWorld: OpenWorld = async (clock) => {
  const telegram = await createTelegramSimulator({
    token: TOKEN,
    users: [PERSON, STRANGER],
    now: clock.now,
  });
  onTestFinished(() => telegram.stop());
  const wire = await createWire({
    target: telegram.url,
    kindOf: (_, path) =>
      /\/send(Message|Document)$/.test(path) ? "send" : path.endsWith("/getUpdates") ? "poll" : "other",
    isNews: (body) => /"update_id"/.test(body),
  });
  onTestFinished(() => wire.close());
  clock.watch(wire.underWay);
  const ours = (user: number) => telegram.chat(user).filter(({ author }) => author === "bot");
  return {
    traits: TELEGRAM_TRAITS,
    wire,
    env: { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_BASE_URL: wire.url },
    deps: {},
    address: addressOn("telegram", String(PERSON)),
    secrets: [SECRET],
    attach() {},
    chat: () =>
      ours(PERSON).map(({ id, text, entities, keyboard, document }) => ({
        id: String(id),
        text,
        blocks: entities.flatMap(({ type, offset, length }) =>
          type === "pre" ? [text.slice(offset, offset + length)] : [],
        ),
        buttons: keyboard.flat().map((button) => ({ id: button.callback_data, title: button.text })),
        file: document,
      })),
    strangersChat: () => ours(STRANGER).map(({ text }) => text),
    tap: async (message, button) => void telegram.tap(Number(message), button),
    tapLate: async (message, button) => void telegram.forgeTap(Number(message), button),
    write: async (text, quote) =>
      void telegram.write(text, quote === undefined ? {} : { quote: Number(quote) }),
    strangerWrites: async (text) => void telegram.write(text, { from: STRANGER }),
    refuse(...refusals) {
      for (const refusal of refusals) {
        if (refusal === "person") telegram.block(true);
        else
          telegram.fault(
            refusal === "message"
              ? { kind: "error", code: 400, description: "Bad Request: something new" }
              : {
                  kind: "error",
                  code: 429,
                  description: `Too Many Requests: retry after ${refusal.waitSeconds}`,
                  retryAfter: refusal.waitSeconds,
                },
            { method: "sendMessage", times: 1 },
          );
      }
    },
    holdReplies() {
      const release = wire.holdNews();
      return async (order) => release(order === "mixed" ? mixed : undefined);
    },
    repeatNext: wire.repeatNews,
    loseNext() {
      throw new Error("Telegram does not tell whether a message was delivered");
    },
    close: async () => {
      await wire.close();
      await telegram.stop();
    },
  };
};

/** The numbers of the updates stay in their order: what they bring does not. */
function mixed(body: string): string {
  const answer = JSON.parse(body) as { readonly result: readonly { readonly update_id: number }[] };
  const ids = answer.result.map(({ update_id }) => update_id);
  const result = answer.result.toReversed().map((update, index) => ({ ...update, update_id: ids[index] }));
  return JSON.stringify({ ...answer, result });
}
