// A command's words as the shell joins them. The parser ends a word where a process substitution begins, and one behind it: to the shell
// `A=<(x) rm` sets A and runs rm, and `>f<(x) rm` runs rm as well.
import type { Assignment, Command, Word } from "unbash";

/** Parts of a text that stand together without a space: one word. */
export type Glued = readonly [Word | Assignment, ...Word[]];

export interface GluedWords {
  readonly assignments: readonly Glued[];
  /** The name and what comes behind it. */
  readonly words: readonly Glued[];
  /** What belongs to the target of a redirection. */
  readonly targets: readonly Word[];
  /** Assignments and words. */
  readonly all: readonly Glued[];
}

const ASSIGNS = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;

/** Whether something stands behind the list that is assigned, so that the parser has not looked into it. */
export function isOddList({ value }: Assignment): boolean {
  return value.type === "Word" && value.text.startsWith("(");
}

export function gluedWords(node: Command): GluedWords {
  const targets: Word[] = [];
  const groups: [Word | Assignment, ...Word[]][] = [];
  const targetEnds = new Set(node.redirects.map(({ end }) => end));
  const assigned = node.prefix.filter((part): part is Assignment => part.type === "Assignment");
  for (const part of [...assigned, ...(node.name ? [node.name] : []), ...node.args]) {
    const last = groups.at(-1);
    if (part.type === "Word" && last?.at(-1)?.end === part.pos) last.push(part);
    else if (part.type === "Word" && targetEnds.has(part.pos)) {
      targets.push(part);
      targetEnds.add(part.end);
    } else groups.push([part]);
  }
  const isShifted = groups.slice(0, assigned.length).some(({ length }) => length > 1) || targets.length > 0;
  // What the parser took for arguments may be assignments then.
  let first = assigned.length;
  while (isShifted && ASSIGNS.test(groups[first]?.[0].text ?? "")) first += 1;
  return { assignments: groups.slice(0, first), words: groups.slice(first), targets, all: groups };
}
