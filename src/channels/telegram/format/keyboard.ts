// The buttons under a message.

interface Button {
  readonly text: string;
  /** What a tap sends: the button's id. */
  readonly id: string;
}

/** Rows of buttons. */
export type Keyboard = readonly (readonly Button[])[];

/** Telegram takes 64 bytes with a button. */
const MAX_ID_BYTES = 64;

export const APPROVE = "✅ Approve";
export const DENY = "❌ Deny";
export const SESSION = "🔁 Session";

/** As Telegram takes it. @throws Error for an id that it would refuse: none of ours is that long */
export function replyMarkup(keyboard: Keyboard): object {
  const long = keyboard.flat().find(({ id }) => Buffer.byteLength(id) > MAX_ID_BYTES);
  if (long !== undefined) throw new Error("a button's id is too long");
  return {
    inline_keyboard: keyboard.map((row) => row.map(({ text, id }) => ({ text, callback_data: id }))),
  };
}
