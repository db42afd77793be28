// How long a line of the log may be: what somebody sends must not fill a disk, nor the reader of the lines. What is cut says so.

/** Bytes as they are written. The longest line of our own, an error with its stack, is below. */
export const MAX_LINE_BYTES = 16_384;
/** What a text in a line that is too long is cut to, tried in turn, UTF-16 units; and how many parts of a list are kept. */
const TEXT_LENGTHS = [2_000, 200, 20];
const MOST_PARTS = 20;
const MOST_LEVELS = 4;
const TOO_LONG = "a line of the log was too long";

/** @param line one of pino's. @returns the same, or one that is shorter, with `cutFrom`: how many bytes it had */
export function withinLimit(line: string): string {
  // A UTF-16 unit has three bytes at most.
  if (line.length * 3 <= MAX_LINE_BYTES) return line;
  const bytes = Buffer.byteLength(line);
  if (bytes <= MAX_LINE_BYTES) return line;
  const { level, time, msg, ...rest } = fieldsOf(line);
  for (const length of TEXT_LENGTHS) {
    const cut = shorter(rest, length, 0) as object;
    const text = `${JSON.stringify({ level, time, ...cut, cutFrom: bytes, msg: shorter(msg, length, 0) })}\n`;
    if (Buffer.byteLength(text) <= MAX_LINE_BYTES) return text;
  }
  return `${JSON.stringify({ level, time, cutFrom: bytes, msg: TOO_LONG })}\n`;
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { level: 40, time: Date.now() };
  }
}

function shorter(value: unknown, length: number, level: number): unknown {
  if (typeof value === "string") return value.length <= length ? value : `${value.slice(0, length)}… (cut)`;
  if (typeof value !== "object" || value === null) return value;
  if (level >= MOST_LEVELS) return "… (cut)";
  if (Array.isArray(value)) return value.slice(0, MOST_PARTS).map((part) => shorter(part, length, level + 1));
  const parts = Object.entries(value).slice(0, MOST_PARTS);
  return Object.fromEntries(
    parts.map(([name, part]) => [name.slice(0, length), shorter(part, length, level + 1)]),
  );
}
