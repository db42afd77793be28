// Values that cannot be what was meant, from how they are written. Says only what is wrong, never what the value is.
import type { ValueFault } from "./setting-findings.ts";

const TYPOGRAPHIC = "“”„‟‘’‚‛«»‹›";
const QUOTES = "'\"`";
/** Characters that nobody sees: zero width, direction marks, no-break spaces, controls. */
const INVISIBLE = /[\p{Cf}\p{Cc}\u00a0\u2007\u202f]/u;
/** What examples have where a value belongs. */
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|\{\{.*\}\}|(?:your|insert|replace|change|enter|paste)[ _-].*|change-?me|todo|https?:\/\/(?:<|your[-_.]).*|\.{3}|…|(?:AC|SK|HX)?x{6,}|(?:whatsapp:)?\+?\d{0,3}[x.…]{4,})$/i;
const REFERENCE = /^\$(?:\{\w+\}|[A-Z_][A-Z0-9_]*)$/;

/** A setting as it is written in a file. */
export interface WrittenSetting {
  readonly name: string;
  /** The value as it is written, with its quotes. */
  readonly written: string;
  /** What follows it in its line. */
  readonly rest: string;
}

export function valueFault({ name, written, rest }: WrittenSetting): ValueFault | undefined {
  const text = written.trim();
  const first = text.charAt(0);
  const last = text.slice(-1);
  const isQuoted = text.length > 1 && QUOTES.includes(first) && last === first;
  const value = isQuoted ? text.slice(1, -1) : text;
  if (value === "") return undefined;
  if (/[\r\n]/.test(value)) return "several-lines";
  if (TYPOGRAPHIC.includes(value.charAt(0)) || TYPOGRAPHIC.includes(value.slice(-1)))
    return "typographic-quotes";
  if (!isQuoted && (QUOTES.includes(first) || QUOTES.includes(last))) return "stray-quote";
  if (INVISIBLE.test(value)) return "invisible";
  if (!isQuoted && rest.startsWith("#") && !/\s$/.test(written)) return "cut-at-hash";
  if (value.startsWith(`${name}=`)) return "own-name";
  if (PLACEHOLDER.test(value)) return "placeholder";
  if (REFERENCE.test(value)) return "reference";
  return /[,;]$/.test(value) ? "end-mark" : undefined;
}
