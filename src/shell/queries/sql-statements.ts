// Cuts SQL into statements, with quotes and comments out of the way. Dialects disagree about what is a quote and what is a
// comment, and which one a server speaks is not known here: a text is read in every way that some server would read it.
// Never throws; the time that it takes grows with the text's length.

/** How one family of servers reads. */
interface Dialect {
  /** Whether a backslash hides the next character in every string; else only in `E'…'`. */
  readonly backslash: boolean;
  /** Whether `#` starts a comment. */
  readonly hash: boolean;
  /** Whether `$tag$ … $tag$` is a string. */
  readonly dollar: boolean;
  /** Whether `[…]` is a name. */
  readonly brackets: boolean;
  /** Whether comments stand inside each other. */
  readonly nests: boolean;
}

const DIALECTS: readonly Dialect[] = [
  { backslash: false, hash: false, dollar: true, brackets: false, nests: true },
  { backslash: true, hash: true, dollar: false, brackets: false, nests: false },
  { backslash: false, hash: false, dollar: false, brackets: true, nests: false },
];

/** How deep code in strings is followed. */
const MAX_DEPTH = 4;
/** A statement that runs what a string of it holds. */
const RUNS_TEXT = /(^| )(EXECUTE|EXEC|PREPARE|SP_EXECUTESQL|DO|AS)( |$)/;

/**
 * Every statement that some server would see, also those in brackets and in strings that are run. Words in capitals, a blank
 * around each, `''` for a string, `""` for a quoted name, `()` for what stands in brackets.
 */
export function sqlStatements(text: string, depth = 0): readonly string[] {
  const found = new Set<string>();
  const run = new Set<string>();
  for (const dialect of DIALECTS) readStatements(text, dialect, found, run);
  if (depth < MAX_DEPTH)
    for (const inner of run) for (const each of sqlStatements(inner, depth + 1)) found.add(each);
  return [...found];
}

/** @param found takes the statements. @param run takes the strings of those that run what a string holds. */
function readStatements(text: string, dialect: Dialect, found: Set<string>, run: Set<string>): void {
  /** The brackets that are open, the outermost first: what was read in each. */
  const open: string[][] = [[]];
  let strings: string[] = [];
  const words = () => open.at(-1) as string[];
  const end = () => {
    const statement = words().join(" ");
    if (statement === "") return;
    found.add(statement);
    if (RUNS_TEXT.test(statement)) for (const each of strings) run.add(each);
  };
  for (const token of tokens(text, dialect)) {
    if (token.kind === "string") {
      strings.push(token.text);
      words().push("''");
    } else if (token.text === ";") {
      for (; open.length > 1; open.pop()) end();
      end();
      open.splice(0, 1, []);
      strings = [];
    } else if (token.text === "(") {
      words().push("()");
      open.push([]);
    } else if (token.text === ")") {
      if (open.length === 1) continue;
      end();
      open.pop();
    } else words().push(token.text);
  }
  for (; open.length > 0; open.pop()) end();
}

interface Token {
  readonly kind: "word" | "string";
  readonly text: string;
}

const WORD = /[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*/uy;
const DOLLAR = /\$(?:[A-Za-z_]\w*)?\$/y;

function* tokens(text: string, dialect: Dialect): Generator<Token> {
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    const char = text[at] as string;
    const tag = dialect.dollar && char === "$" ? take(DOLLAR) : undefined;
    if (two === "--" && (!dialect.hash || /^--(\s|$)/.test(text.slice(at, at + 3)))) at = lineEnd(text, at);
    else if (char === "#" && dialect.hash) at = lineEnd(text, at);
    // `/*! … */` is a comment to all but MySQL, which runs what is in it.
    else if (two === "/*" && dialect.hash && text[at + 2] === "!")
      at += 3 + (/^\d*/.exec(text.slice(at + 3, at + 9))?.[0].length ?? 0);
    else if (two === "/*") at = commentEnd(text, at, dialect.nests);
    else if (tag !== undefined) {
      const close = text.indexOf(tag, at + tag.length);
      const stop = close < 0 ? text.length : close;
      yield { kind: "string", text: text.slice(at + tag.length, stop) };
      at = stop + tag.length;
    } else if (char === "'" || char === '"' || char === "`" || (char === "[" && dialect.brackets)) {
      const escapes =
        dialect.backslash || (char === "'" && /^\W?[eE]$/.test(text.slice(Math.max(0, at - 2), at)));
      const stop = quoteEnd(text, at, char === "[" ? "]" : char, escapes);
      const inside = text.slice(at + 1, stop - 1);
      if (char === "'") yield { kind: "string", text: inside.replaceAll("''", "'") };
      else yield { kind: "word", text: '""' };
      at = stop;
    } else {
      const word = take(WORD);
      if (word === undefined && /\s/.test(char)) at += 1;
      else {
        yield { kind: "word", text: (word ?? char).toUpperCase() };
        at += (word ?? char).length;
      }
    }
  }
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function commentEnd(text: string, at: number, nests: boolean): number {
  let depth = 0;
  for (let next = at; next < text.length; next += 1) {
    const two = text.slice(next, next + 2);
    if (two === "/*" && (nests || depth === 0)) depth += 1;
    else if (two === "*/") depth -= 1;
    else continue;
    next += 1;
    if (depth === 0) return next + 1;
  }
  return text.length;
}

/** Where a quote ends; a doubled sign inside is that sign. */
function quoteEnd(text: string, at: number, sign: string, escapes: boolean): number {
  for (let next = at + 1; next < text.length; next += 1) {
    if (escapes && text[next] === "\\") next += 1;
    else if (text[next] === sign) {
      if (text[next + 1] !== sign) return next + 1;
      next += 1;
    }
  }
  return text.length;
}
