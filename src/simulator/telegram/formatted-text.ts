// What Telegram makes of a text and its entities: characters that it takes out, blanks that it takes off, entities that it ignores, and the
// links that it finds by itself where no code is.
import { ERRORS } from "./api-error.ts";
import type { SimulatedEntity } from "./contract.ts";

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly SimulatedEntity[];
}

const MAX_ENTITIES = 100;
/** Those that are counted first, and that no link is found in. */
const CODE = new Set(["code", "pre"]);

/**
 * @param max characters
 * @throws BotApiError
 */
export function formatText(text: string, given: readonly SimulatedEntity[], max: number): FormattedText {
  for (const entity of given) assertWhole(text, entity);
  const kept = keptText(text);
  const moved = given.map(({ type, offset, length }) => {
    const start = kept.before(offset);
    return { type, offset: start, length: kept.before(offset + length) - start };
  });
  const { shown, skipped } = trimmed(kept.text, moved);
  if ([...shown].length > max) throw max > 2_000 ? ERRORS.tooLong() : ERRORS.captionTooLong();
  const within = moved.flatMap(({ type, offset, length }) => {
    const start = Math.max(0, offset - skipped);
    const end = Math.min(shown.length, offset - skipped + length);
    return end > start ? [{ type, offset: start, length: end - start }] : [];
  });
  const counted = [
    ...within.filter(({ type }) => CODE.has(type)),
    ...within.filter(({ type }) => !CODE.has(type)),
  ].slice(0, MAX_ENTITIES);
  return { text: shown, entities: withLinks(shown, counted) };
}

function assertWhole(text: string, { offset, length }: SimulatedEntity): void {
  const isHalf = (at: number) =>
    /[\uDC00-\uDFFF]/.test(text[at] ?? "") && /[\uD800-\uDBFF]/.test(text[at - 1] ?? "");
  if (offset < 0 || length < 0) throw ERRORS.entity(`receive an entity with incorrect offset ${offset}`);
  if (isHalf(offset)) throw ERRORS.entity("entity begins in a middle of a UTF-16 symbol");
  if (isHalf(offset + length)) throw ERRORS.entity("entity ends in a middle of a UTF-16 symbol");
  if (offset + length > text.length)
    throw ERRORS.entity(`entity beginning at UTF-16 offset ${offset} ends after the end of the text`);
}

/** Controls become blanks; line separators, direction marks and three combining marks go. */
function keptText(text: string): { text: string; before(offset: number): number } {
  const gone = /[\r\u2028-\u202E]|\u0333|\u033F|\u030A/g;
  const shown = text.replace(/(?![\n\r\u007F-\u009F])\p{Cc}/gu, " ");
  return {
    text: shown.replace(gone, ""),
    before: (offset) => shown.slice(0, offset).replace(gone, "").length,
  };
}

function trimmed(text: string, entities: readonly SimulatedEntity[]): { shown: string; skipped: number } {
  const end = text.replace(/[ \n]+$/, "");
  if (end === "") throw ERRORS.empty();
  const first = Math.min(...entities.map(({ offset }) => offset), end.length);
  const blanks = /^[ \n]*/.exec(end)?.[0].length ?? 0;
  const skipped = Math.min(first, blanks);
  return { shown: end.slice(skipped), skipped };
}

const FOUND: readonly (readonly [type: string, pattern: RegExp])[] = [
  ["mention", /(?<![\w@])@\w{3,32}/g],
  ["bot_command", /(?<![\w/])\/\w{1,64}/g],
  ["hashtag", /(?<![\w#])#\p{L}\w*/gu],
  ["cashtag", /(?<![\w$])\$[A-Z]{1,8}\b/g],
  ["email", /[\w.+-]+@[\w-]+\.\w{2,}/g],
  ["url", /(?:\w+:\/\/\S+|(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[/?#]\S*)?)/gu],
  ["phone_number", /\+\d[\d\s().-]{6,}\d/g],
  ["bank_card_number", /(?<!\d)(?:\d[ -]?){13,19}(?!\d)/g],
];

function withLinks(text: string, entities: readonly SimulatedEntity[]): SimulatedEntity[] {
  const code = entities.filter(({ type }) => CODE.has(type));
  const found = FOUND.flatMap(([type, pattern]) =>
    [...text.matchAll(pattern)].map(({ 0: word, index }) => ({ type, offset: index, length: word.length })),
  );
  const isApart = (link: SimulatedEntity) =>
    code.every(({ offset, length }) => link.offset + link.length <= offset || link.offset >= offset + length);
  return [...entities, ...found.filter(isApart)].sort((a, b) => a.offset - b.offset);
}
