// A line of a list in a terminal's width: a head that is always whole, and behind it as much of the rest as fits.

/** Less than this beside the head tells nothing: the rest goes under it. */
const MIN_BESIDE = 32;
/** How far it is set in there. */
const INDENT = "    ";
/** Narrower than this no terminal is taken to be. */
const MIN_WIDTH = 20;

interface LineHead {
  /** Columns that it takes. */
  readonly columns: number;
  /** As it is printed, with its colours. */
  readonly shown: string;
}

/** @param width of the terminal, in columns; undefined where it is none, and nothing is cut. @returns one line or two */
export function fittingLine({ columns, shown }: LineHead, rest: string, width: number | undefined): string {
  const beside = `${`${shown}  ${rest}`.trimEnd()}\n`;
  if (width === undefined) return beside;
  const left = width - columns - 2;
  if (widthOf(rest) <= left) return beside;
  if (left >= MIN_BESIDE) return `${shown}  ${cut(rest, left)}\n`;
  const under = rest.trimStart();
  if (under === "") return beside;
  return `${shown.trimEnd()}\n${INDENT}${cut(under, Math.max(MIN_WIDTH, width) - INDENT.length)}\n`;
}

/** Cut to so many columns. */
export function cut(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  let fits = 0;
  for (const character of text) {
    width += columnsOfCharacter(character);
    end += character.length;
    if (width <= columns - 1) fits = end;
  }
  return width <= columns ? text : `${text.slice(0, fits)}…`;
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOfCharacter(character);
  return width;
}

/** What may be two columns wide counts as two. */
function columnsOfCharacter(character: string): number {
  return character >= "\u1100" && !/[\u2000-\u2bff]/.test(character) ? 2 : 1;
}
