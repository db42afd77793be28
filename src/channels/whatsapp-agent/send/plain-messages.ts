// A long text of several lines as messages that are short enough: cut at line ends, where no mark is open.
import { cutEnd } from "../../../domain/visible.ts";

/** @param max UTF-16 units @returns at least one */
export function splitAtLines(text: string, max: number): readonly string[] {
  const messages: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const lineEnd = rest.lastIndexOf("\n", max);
    const end = lineEnd > 0 ? lineEnd : cutEnd(rest, max);
    messages.push(rest.slice(0, end));
    rest = rest.slice(lineEnd > 0 ? end + 1 : end);
  }
  return [...messages, rest];
}
