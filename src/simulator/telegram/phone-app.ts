// The simulated Telegram as an app on the phone.
import type { Clock } from "../../core/ports/clock.ts";
import { withDeadline } from "../../core/timing.ts";
import { NotOnPhoneError } from "../not-on-phone.ts";
import { followMessages } from "../phone/followed-messages.ts";
import type { PhoneApp, PhoneMessage } from "../phone/phone-app.ts";
import type { SimulatedMessage, TelegramSimulator } from "./contract.ts";

/** How long a button shows that it waits for its answer, ms. */
const ANSWER_MS = 10_000;

interface TelegramAppDeps {
  readonly telegram: TelegramSimulator;
  /** Those who have a chat with the bot. */
  readonly users: readonly number[];
  readonly clock: Clock;
  /** Ends what waits for an answer. */
  readonly closing: AbortSignal;
}

export function createTelegramApp({ telegram, users, clock, closing }: TelegramAppDeps): PhoneApp {
  const messages = followMessages({
    kept: () => users.flatMap((user) => telegram.chat(user)),
    onChange: telegram.onChange,
    toMessage,
  });

  function place(sid: string): { readonly from: number; readonly id: number } {
    if (messages.find(sid) === undefined) throw new NotOnPhoneError("this message");
    const [from = 0, id = 0] = sid.split("-").map(Number);
    return { from, id };
  }

  return {
    channel: "telegram",
    sender: "bot",
    phones: users.map(String),
    hasReactions: false,
    messages: messages.all,
    onMessage: messages.onMessage,
    // Its bot does not tell that it types.
    onTyping: () => () => undefined,
    async tap({ sid }, button) {
      const { from, id } = place(sid);
      const tap = telegram.tap(id, button, { from });
      const wait = withDeadline(ANSWER_MS, () => telegram.answered(tap), { clock, signal: closing });
      const answer = await wait.catch(() => undefined);
      return answer === undefined
        ? { status: 202, error: "it has not answered the tap" }
        : { status: 200, answer: answer.text };
    },
    async type(text, { phone, quote }) {
      telegram.write(text, {
        from: Number(phone),
        ...(quote === undefined ? {} : { quote: place(quote).id }),
      });
      return { status: 202 };
    },
    // A bot is not told.
    read() {},
    react() {},
  };
}

function toMessage(message: SimulatedMessage): PhoneMessage {
  const { user, id, author, text, entities, keyboard, document, quote, at, isEdited, reaction } = message;
  const isBot = author === "bot";
  return {
    sid: `${user}-${id}`,
    direction: isBot ? "to-phone" : "from-phone",
    phone: String(user),
    body: text,
    entities,
    buttons: keyboard.flat().map(({ text: title, callback_data }) => ({ id: callback_data, title })),
    rows: keyboard.map((row) => row.length),
    status: isBot ? "read" : "received",
    document,
    quotes: quote === undefined ? undefined : `${user}-${quote}`,
    at,
    isEdited,
    reaction,
  };
}
