// What a body may hold before it is even read: past these, reading alone would keep everybody else waiting. Nobody could judge
// such a call on a phone either. Each door refuses it in its own words.
import { MAX_DEPTH } from "./nesting.ts";

/** Bytes. A file of a megabyte as JSON writes it, and room to spare. */
export const MAX_BODY_BYTES = 3_000_000;
/** Values and keys. */
export const MAX_VALUES = 10_000;
/** With room for the message around a call, which is not counted in MAX_DEPTH. */
export const MAX_LEVELS = MAX_DEPTH + 10;

/** A body that is not read. `message` says what is too much of it, as part of a sentence. */
export class TooMuchError extends Error {
  readonly raw: Buffer;
  /** Set anew by the body parser. */
  status = 413;
  constructor(message: string, raw: Buffer) {
    super(message);
    this.name = "TooMuchError";
    this.raw = raw;
  }
}

/** A body in another encoding than JSON's: its signs are not counted as they come, so none of it is decoded. */
export class NotUtf8Error extends Error {
  override readonly name = "NotUtf8Error";
  /** Set anew by the body parser. */
  status = 415;
}

/** Looks at a body as it came. @param encoding what it would be decoded from @throws TooMuchError, NotUtf8Error */
export function refuseTooMuch(raw: Buffer, encoding = "utf-8"): void {
  if (encoding.toLowerCase() !== "utf-8") throw new NotUtf8Error(encoding);
  if (raw.length > MAX_BODY_BYTES)
    throw new TooMuchError(`it has more than ${number(MAX_BODY_BYTES)} bytes`, raw);
  const { values, levels } = measure(raw);
  if (levels > MAX_LEVELS) throw new TooMuchError(`it is nested deeper than ${MAX_DEPTH} levels`, raw);
  if (values > MAX_VALUES) throw new TooMuchError(`it has more than ${number(MAX_VALUES)} values`, raw);
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Counts the signs between the strings, and stops as soon as there are too many. Whether it is JSON is not its question. */
function measure(raw: Buffer): { readonly values: number; readonly levels: number } {
  let values = 1;
  let level = 0;
  let levels = 0;
  for (let at = 0; at < raw.length && values <= MAX_VALUES && levels <= MAX_LEVELS; at += 1) {
    const sign = raw[at] ?? 0;
    if (sign === QUOTE) at = endOfString(raw, at + 1);
    else if (sign === COMMA || sign === COLON) values += 1;
    else if (OPENING.has(sign)) {
      level += 1;
      levels = Math.max(levels, level);
    } else if (CLOSING.has(sign)) level -= 1;
  }
  return { values, levels };
}

/** @returns where its closing quote stands, or the end */
function endOfString(raw: Buffer, from: number): number {
  let at = raw.indexOf(QUOTE, from);
  while (at > 0) {
    let slashes = 0;
    while (raw[at - 1 - slashes] === BACKSLASH && at - 1 - slashes >= from) slashes += 1;
    if (slashes % 2 === 0) return at;
    at = raw.indexOf(QUOTE, at + 1);
  }
  return raw.length;
}

function number(value: number): string {
  return value.toLocaleString("en");
}
