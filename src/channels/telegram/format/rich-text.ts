// A text of Telegram: characters, and entities that say what is bold or code. Nothing is ever parsed, so nothing has to be escaped.
// Whatever Telegram would make a link, a mention or a command of stands in code, where it does not.
import { escapeRun } from "../../../domain/visible.ts";

export type TextStyle = "bold" | "code" | "pre";

/** A run of characters of one look. */
export interface RichSpan {
  readonly text: string;
  readonly style?: TextStyle | undefined;
}

/** Both in UTF-16 units. */
export interface Entity {
  readonly type: TextStyle;
  readonly offset: number;
  readonly length: number;
}

export interface RichText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** Telegram takes 4,096 characters; the rest is for the line that says how a request has ended. UTF-16 units. */
export const MAX_LENGTH = 4_000;
/** Telegram ignores every entity after the hundredth, and what it ignores would not be code any more. */
export const MAX_ENTITIES = 90;

/** What Telegram takes out of a text in silence: combining lines and the ring above. */
const TAKEN_OUT = /(\u0333|\u033F|\u030A)\1*/g;

/** Words, and numbers that may be of a telephone or a card. Every character is looked at once: a text may be long. */
const WORDS = /\+?\d[\d ().-]{6,}\d|\S+/g;
/** What its clients make links of: addresses, domains, mentions, hashtags, cashtags, commands, long numbers. */
const LINKABLE = /[@#$/][\p{L}\p{N}_]|:\/\/|[\p{L}\p{N}]\.[\p{L}\p{N}]|\+\d|\d{7}|^\+?\d[\d ().-]{6,}\d$/u;

/** @param text made visible already */
export function keptByTelegram(text: string): string {
  return text.replace(TAKEN_OUT, escapeRun);
}

export function richText(spans: readonly RichSpan[]): RichText {
  const shown = inertSpans(spans);
  const text = shown.map((span) => span.text).join("");
  const entities = entitiesOf(shown);
  if (entities.length <= MAX_ENTITIES) return { text, entities };
  return { text, entities: [{ type: "pre", offset: 0, length: text.length }] };
}

/** The same spans, cut so that nothing in them becomes a link. */
export function inertSpans(spans: readonly RichSpan[]): RichSpan[] {
  return spans.flatMap(({ text, style }) => {
    const kept = keptByTelegram(text);
    return style === "code" || style === "pre" ? [{ text: kept, style }] : inert(kept, style);
  });
}

function inert(text: string, style: "bold" | undefined): RichSpan[] {
  const spans: RichSpan[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORDS)) {
    if (!LINKABLE.test(word)) continue;
    spans.push({ text: text.slice(end, index), style }, { text: word, style: "code" });
    end = index + word.length;
  }
  return [...spans, { text: text.slice(end), style }];
}

function entitiesOf(spans: readonly RichSpan[]): Entity[] {
  const entities: Entity[] = [];
  let offset = 0;
  for (const { text, style } of spans) {
    if (style !== undefined && text !== "") entities.push({ type: style, offset, length: text.length });
    offset += text.length;
  }
  return entities;
}

/** One after the other. */
export function joined(...texts: readonly RichText[]): RichText {
  let text = "";
  const entities: Entity[] = [];
  for (const each of texts) {
    for (const entity of each.entities) entities.push({ ...entity, offset: entity.offset + text.length });
    text += each.text;
  }
  return { text, entities };
}
