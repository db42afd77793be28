// Messages to a chat, and changes of them: a text, a text file, what takes the buttons away.
import { z } from "zod";
import { type Keyboard, replyMarkup } from "../format/keyboard.ts";
import type { TextDocument } from "../format/parts.ts";
import type { RichText } from "../format/rich-text.ts";
import type { ChatCall, SendCall } from "./send-call.ts";

type How = Pick<ChatCall, "priority" | "signal" | "leftMs">;

/** A message that Telegram took. */
interface TakenMessage {
  /** Telegram's number of it in its chat. */
  readonly message: number;
  /** What Telegram says that it says; undefined where it does not tell. */
  readonly text: string | undefined;
}

export interface ChatOutbound {
  /** @throws as SendCall */
  text(chat: number, message: RichText, how: How, keyboard?: Keyboard): Promise<TakenMessage>;
  document(chat: number, document: TextDocument, how: How): Promise<TakenMessage>;
  /** Puts another text in a message's place, without buttons. */
  replace(chat: number, message: number, text: RichText): Promise<void>;
  takeButtons(chat: number, message: number): Promise<void>;
}

const sentSchema = z.object({ message_id: z.number().int().positive(), text: z.string().optional() });

/** No address in a text becomes a preview, ours or a foreign one. */
const NO_PREVIEW = { link_preview_options: { is_disabled: true } } as const;

export function createOutbound(send: SendCall): ChatOutbound {
  const sent = async (call: ChatCall) => {
    // What was taken without a number cannot be answered or quoted: as if nobody knew whether it was taken.
    const result = sentSchema.safeParse(await send(call));
    if (!result.success) throw new Error("Telegram's answer names no message");
    return { message: result.data.message_id, text: result.data.text };
  };
  const change = { priority: "decoration", isIdempotent: true } as const;
  return {
    text: (chat, { text, entities }, how, keyboard) =>
      sent({
        ...how,
        chat,
        method: "sendMessage",
        params: {
          text,
          entities,
          ...NO_PREVIEW,
          ...(keyboard === undefined ? {} : { reply_markup: replyMarkup(keyboard) }),
        },
      }),
    document: (chat, { name, text, caption }, how) =>
      sent({
        ...how,
        chat,
        method: "sendDocument",
        params: {
          caption: caption.text,
          caption_entities: caption.entities,
          disable_content_type_detection: true,
        },
        file: { field: "document", name, text },
      }),
    async replace(chat, message, { text, entities }) {
      const params = { message_id: message, text, entities, ...NO_PREVIEW };
      await send({ ...change, chat, method: "editMessageText", params });
    },
    async takeButtons(chat, message) {
      await send({ ...change, chat, method: "editMessageReplyMarkup", params: { message_id: message } });
    },
  };
}
