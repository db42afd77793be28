// Private keys as text: PEM, OpenSSH, PGP and PuTTY, with real line ends or with escaped ones. Only whole lines that look like
// key material are masked; BEGIN, END and whatever else stands between them stay readable.
import type { Part, SecretFinding } from "./secret-findings.ts";

const BEGIN =
  /-----BEGIN ?(?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----|Private-Lines: \d{1,4}/g;
const END = /^[\s"'>*#]*(?:-----END|---- END|Private-MAC:)/;
/** What may stand between the lines of a key: nothing, headers, the armour's own words. */
const HEADER = /^(?:[A-Z][A-Za-z-]{1,20}: ?[^\n]{0,100}|=[A-Za-z0-9+/]{4})?$/;
/** Line ends, written out or escaped once or twice; some put a whole key on one line, with spaces. */
const LINE = /((?:\\{1,2}[rn]|[\s"',+])*)((?:[^\\\s"',]|\\(?!\\?[rn]))*)/y;

/** No key has more lines. */
const MAX_LINES = 600;
/** UTF-16 units: every line of the longest key, with room for their ends. */
const MAX_BLOCK_LENGTH = 60_000;
/** A shorter one may be a word: only the rest of a key is ever so short. UTF-16 units. */
const MIN_LENGTH = 20;

export function findKeyBlocks(text: string): SecretFinding[] {
  if (!text.includes("PRIVATE KEY") && !text.includes("Private-Lines")) return [];
  const begins = [...text.matchAll(BEGIN)];
  return begins.flatMap(({ 0: begin, index }, at) => {
    const from = index + begin.length;
    const next = Math.min(begins[at + 1]?.index ?? text.length, from + MAX_BLOCK_LENGTH);
    const parts = keyLines(text, from, next);
    const secret = parts.map(({ start, end }) => text.slice(start, end)).join("");
    return parts.length === 0 ? [] : [{ secret, parts, prefixed: false }];
  });
}

function keyLines(text: string, from: number, next: number): readonly Part[] {
  const parts: Part[] = [];
  const end = text.slice(from, next).search(/-----END|---- END|Private-MAC:/);
  const isMarked = end >= 0;
  const stop = isMarked ? from + end : next;
  LINE.lastIndex = from;
  for (let count = 0; count < MAX_LINES && LINE.lastIndex < stop; count += 1) {
    const { lastIndex } = LINE;
    const [whole, gap = "", line = ""] = LINE.exec(text) ?? [""];
    if (whole === "") break;
    const start = lastIndex + gap.length;
    if (END.test(line)) break;
    if (isKeyLine(line)) parts.push({ start, end: start + line.length });
    // Without an END nobody knows where the key stops: at the first line that is none of it.
    else if (!isMarked && !HEADER.test(line) && parts.length > 0) break;
  }
  return parts;
}

/** Base64 with every kind of character that a line of random bytes has, and no long word in it. */
function isKeyLine(line: string): boolean {
  if (line.length < MIN_LENGTH || !/^[A-Za-z0-9+/]+={0,2}$/.test(line)) return false;
  const slashes = line.split("/").length - 1;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(line)).length;
  return (
    kinds === (line.length < 32 ? Math.max(2, kinds) : 3) &&
    slashes <= 1 + line.length / 8 &&
    !/[a-z]{11}/.test(line)
  );
}
