// Patterns of a schema, tested in time that grows with the text and no faster: with the language's own, a pattern such as
// ^(\w+\.?)+$ and thirty letters from a caller keep the whole server busy for a minute.
import { RE2JS } from "re2js";

interface Pattern {
  test(text: string): boolean;
  /** Tells patterns apart. */
  toString(): string;
}

/**
 * In the form that the validator takes.
 * @param flags those of the language, with which it must be a pattern, too
 * @throws Error where it is none, or can only be tested by trial: look-around and references back
 */
export function linearPattern(pattern: string, flags: string): Pattern {
  new RegExp(pattern, flags);
  // Would be taken as the letter.
  if (/(?:^|[^\\])(?:\\\\)*\\k/.test(pattern))
    throw new Error(`pattern ${pattern}: references back are not taken`);
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => compiled.test(text), toString: () => pattern };
}

/** For generated source, of which none is kept. */
linearPattern.code = "linearPattern";
