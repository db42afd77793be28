// A change as lines: − what goes, + what comes, and three lines around each that stay. A line that begins with ⋯ is ours:
// those of a text always stand behind one of the other marks.
import { structuredPatch } from "diff/lib/patch/create.js";
import { count } from "../../domain/names.ts";
import type { TextChange } from "../../domain/text.ts";
import { visibleBlock } from "../../domain/visible.ts";

const CONTEXT_LINES = 3;
/** Lines that may go and come: the time grows with its square; this many take 0.1 s. */
const MAX_DIFFERENT = 500;
/** Lines of either text. */
const MAX_LINES = 20_000;
/** How the library writes that a text ends without a line break. */
const NO_LINE_BREAK = "\\";

export function renderChange({ before, after, isUnlike, otherwise }: TextChange): string {
  // What was made visible differs exactly where the texts do.
  const [old, next] = [visibleBlock(before), visibleBlock(after)];
  if (isUnlike) return allOf(old, next);
  if (old === next) return "⋯ nothing changes: both texts are the same";
  const lines = changedLines(old, next);
  if (lines !== undefined) return lines.join("\n");
  if (otherwise === "both") return allOf(old, next);
  return ["⋯ too different to be compared with what is there. All of the new text:", marked("+ ", next)].join(
    "\n",
  );
}

function changedLines(old: string, next: string): string[] | undefined {
  const total = linesOf(old);
  if (total > MAX_LINES || linesOf(next) > MAX_LINES) return undefined;
  const limits = { context: CONTEXT_LINES, maxEditLength: MAX_DIFFERENT };
  const patch = structuredPatch("", "", old, next, "", "", limits);
  if (patch === undefined) return undefined;
  const lines: string[] = [];
  let seen = 0;
  const tellSame = (until: number) => {
    if (until > seen) lines.push(`⋯ ${count(until - seen, "line")} the same`);
  };
  // Where both end without one, nothing is to be said about it.
  const isEndTold = endsOpen(old) !== endsOpen(next);
  for (const { oldStart, oldLines, lines: shown } of patch.hunks) {
    tellSame(oldStart - 1);
    seen = oldStart - 1 + oldLines;
    for (const line of shown) {
      if (!line.startsWith(NO_LINE_BREAK)) lines.push(`${MARKS[line.charAt(0)] ?? "? "}${line.slice(1)}`);
      else if (isEndTold) lines.push("⋯ no line break after this line");
    }
  }
  tellSame(total);
  return lines;
}

const MARKS: Readonly<Record<string, string>> = { "-": "− ", "+": "+ ", " ": "  " };

/** Every line of both, as if nothing had stayed. */
function allOf(old: string, next: string): string {
  return [marked("− ", old), marked("+ ", next)].join("\n");
}

function marked(mark: string, text: string): string {
  return text
    .split("\n")
    .map((line) => mark + line)
    .join("\n");
}

/** A text without a line break at its end; one without any line has none to miss. */
const endsOpen = (text: string) => text !== "" && !text.endsWith("\n");

function linesOf(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
