// Recognises our buttons' titles in inbound messages: Twilio's list of messages shows a tap as the title alone, without
// the button's id. Never changes any other text: it stays as the person typed it.
import { type ApprovalId, isApprovalId } from "../../../domain/tool-call.ts";
import { type MessageTemplate, withoutEmoji } from "./template.ts";

/** From each title to the word that the reply grammar knows: "✅ Approve" → "approve". */
export type ButtonTitles = ReadonlyMap<string, string>;

export type TitleReading =
  /** Typed, or a title with an id, rewritten as if it had been typed. */
  | { readonly kind: "typed"; readonly text: string }
  /** One of our titles and nothing else: which request it was for is not known. */
  | { readonly kind: "bare"; readonly verb: string };

const ID_SUFFIX = / \{\{id\}\}$/;
/** Some phones add it to an emoji, some drop it. */
const VARIATION_SELECTOR = /\uFE0F/g;

/** The titles of templates: with their emoji, and without, as WhatsApp's approval wants them. */
export function buttonTitles(templates: Iterable<Pick<MessageTemplate, "buttons">>): ButtonTitles {
  const buttons = [...templates].flatMap((template) => template.buttons);
  return new Map(
    buttons.flatMap(({ title, id }) => {
      const bare = title.replace(ID_SUFFIX, "").replace(VARIATION_SELECTOR, "");
      const verb = id.split(":")[0] ?? "";
      return [
        [bare, verb],
        [withoutEmoji(bare), verb],
      ];
    }),
  );
}

/** @param text the body of an inbound message. */
export function readTitle(titles: ButtonTitles, text: string): TitleReading {
  const button = buttonOf(titles, text);
  if (button === undefined) return { kind: "typed", text };
  return button.id === undefined
    ? { kind: "bare", verb: button.verb }
    : { kind: "typed", text: `${button.verb} ${button.id}` };
}

/** The button whose title a text is, with the id where the title carries one. */
export function buttonOf(
  titles: ButtonTitles,
  text: string,
): { readonly verb: string; readonly id?: ApprovalId } | undefined {
  const plain = text.replace(VARIATION_SELECTOR, "").trim();
  const bare = titles.get(plain);
  if (bare !== undefined) return { verb: bare };
  const space = plain.lastIndexOf(" ");
  const verb = titles.get(plain.slice(0, Math.max(0, space)));
  const id = plain.slice(space + 1);
  return verb !== undefined && isApprovalId(id) ? { verb, id } : undefined;
}
