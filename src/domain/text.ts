// What a message says, apart from how it looks: words of ours with foreign words among them, line by line with the role
// of each line. A channel adds the markup, makes foreign words safe to show, and cuts them to what its messages take.

/**
 * What a foreign text is: a channel shows it accordingly. A `block`, a `line` and
 * what is `indented` are always shown in full; the lines of an indented text after its first one stand below it.
 */
export type ForeignRole = "block" | "line" | "indented" | "project" | "tool" | "headline" | "offer" | "words";

/** The roles of what is shown in full, over as many lines as it takes. */
export type WholeRole = "block" | "line" | "indented";

export interface Foreign {
  readonly foreign: string;
  readonly role: ForeignRole;
  /** With `indented`: how far its further lines stand in, in spaces. */
  readonly indent?: number | undefined;
}

/** A text and what is to stand in its place: a channel shows what differs, line by line. */
export interface TextChange {
  readonly before: string;
  readonly after: string;
  /** Two lines that look alike may differ, because of a mask: all of both texts is to be shown. */
  readonly isUnlike: boolean;
  /** What is shown of texts that cannot be compared. */
  readonly otherwise: "both" | "after";
}

export type TextPart = string | Foreign | TextChange;

export type Text = readonly TextPart[];

export type Line =
  | { readonly role: "title"; readonly text: Text }
  | { readonly role: "field"; readonly name: string; readonly text: Text }
  | { readonly role: "line"; readonly text: Text };

export function foreign(role: ForeignRole, text: string, indent?: number): Foreign {
  return { role, foreign: text, ...(indent === undefined ? {} : { indent }) };
}

/** Template tag: words of ours, and between them numbers, foreign words and texts. */
export function text(words: TemplateStringsArray, ...between: (number | TextPart | Text)[]): Text {
  return words.flatMap((word, index) => {
    const next = between[index] ?? "";
    if (typeof next === "number") return [word, String(next)];
    return Array.isArray(next) ? [word, ...(next as Text)] : [word, next as TextPart];
  });
}

export function line(words: Text | string): Line {
  return { role: "line", text: typeof words === "string" ? [words] : words };
}

export function field(name: string, words: Text): Line {
  return { role: "field", name, text: words };
}
