// A person's words with the marks that Telegram takes out of them: it tells apart from the text what is struck through or cited.
// Without them a yes that was taken back, or another's, would look like any other.
import type { TelegramMessage } from "./update.ts";

/** What stands before and behind such a part, as WhatsApp writes it. Other formats change nothing of what is said. */
const MARKS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["strikethrough", ["~", "~"]],
  ["blockquote", ["> ", ""]],
  ["expandable_blockquote", ["> ", ""]],
]);

/** The text or the caption of a message, or an empty text. */
export function asWritten({
  text,
  caption,
  entities,
  caption_entities,
}: Pick<TelegramMessage, "text" | "caption" | "entities" | "caption_entities">): string {
  const plain = text ?? caption ?? "";
  const marked = (text === undefined ? caption_entities : entities) ?? [];
  const put = marked.flatMap(({ type, offset, length }) => {
    const [before, behind] = MARKS.get(type) ?? [];
    return before === undefined || behind === undefined
      ? []
      : [
          { at: offset, mark: before },
          { at: offset + length, mark: behind },
        ];
  });
  // From the end on, so that the places before stay where they are.
  return put
    .toSorted((a, b) => b.at - a.at)
    .reduce((said, { at, mark }) => said.slice(0, at) + mark + said.slice(at), plain);
}
