// Redirections and assignments of a parsed command as plain values.
import type { Assignment, Redirection as RedirectionNode, SyntaxNode, Word } from "unbash";
import type { Glued } from "./glued-words.ts";
import type { Input, Redirection } from "./invocation.ts";
import type { Flow } from "./shell-word.ts";
import { fixedWord, joinFlows, NO_FLOW, type Piece, readWord, type ShellWord, wordOf } from "./shell-word.ts";

/** Looks into the substitutions of a word and tells what comes out of them. */
type FlowOf = (part: SyntaxNode) => Flow;

const NOTHING = fixedWord("");

export function readRedirection(node: RedirectionNode, flowOf: FlowOf): Redirection {
  const standardInput =
    node.descriptor === undefined ||
    (node.descriptor.type === "FileDescriptor" && node.descriptor.value === 0);
  if (node.type === "HereDoc") {
    const { text } = node.body;
    const input = { flow: flowOf(node.body), text: node.delimiter?.quoted ? text : unquoted(text) };
    return { writes: false, target: NOTHING, input: standardInput ? input : undefined };
  }
  const target =
    node.target === undefined ? NOTHING : (readWord(node.target, flowOf(node.target))[0] ?? NOTHING);
  if (node.type === "HereString") {
    return {
      writes: false,
      target: NOTHING,
      input: standardInput ? { flow: target.flow, text: target.text } : undefined,
    };
  }
  if (node.operator === "<&") {
    // `<&3`, `<&${COPROC[0]}`: what comes in there was opened before.
    const isOpened = standardInput && target.text !== "-" && target.text !== "0";
    return { writes: false, target: NOTHING, isOpened };
  }
  if (node.operator === ">&" && /^(\d+|-)-?$/.test(target.text)) return { writes: false, target: NOTHING };
  const writes = node.operator !== "<";
  const truncates = /^(&?>\|?|>&)$/.test(node.operator);
  const read = writes ? undefined : fileInput(target);
  return standardInput
    ? { writes, truncates, target, input: read }
    : { writes, truncates, target, opens: read?.flow };
}

/**
 * What standard input is after all redirections; undefined when none of them changes it.
 * @param numbered what comes in through other descriptors
 */
export function inputOf(redirections: readonly Redirection[], numbered: Flow): Input | undefined {
  const last = redirections.findLast(({ input, isOpened }) => input !== undefined || isOpened);
  return last?.isOpened ? { flow: numbered } : last?.input;
}

function fileInput(target: ShellWord): Input {
  const piped = target.pieces.some(({ kind, text }) => kind === "expansion" && text.startsWith("<("));
  if (piped) return { flow: target.flow };
  if (target.text === "/dev/null") return { flow: NO_FLOW, text: "" };
  // No file of the disk, but a connection that bash opens.
  if (/^\/dev\/(tcp|udp)\//.test(target.text)) return { flow: { ...NO_FLOW, peer: true } };
  return { flow: { ...NO_FLOW, file: true }, fromFile: true };
}

/** In a here-document the backslash only quotes these. */
function unquoted(text: string): string {
  return text.replace(/\\([$`\\])/g, "$1").replace(/\\\n/g, "");
}

/** What stands together: one word, or the several that braces make of a single part. */
export function readGlued([first, ...more]: Glued, flowOf: FlowOf): readonly ShellWord[] {
  const read = (part: Word) => readWord(part, flowOf(part));
  const words = first.type === "Assignment" ? [readAssignment(first, flowOf)] : read(first);
  if (more.length === 0) return words;
  const all = [...words, ...more.flatMap(read)];
  const pieces = all.flatMap((word) => word.pieces);
  return [wordOf(pieces, joinFlows(all.map(({ flow }) => flow)))];
}

/** `NAME=value` as one word. */
function readAssignment(node: Assignment, flowOf: FlowOf): ShellWord {
  const flow = flowOf(node);
  const words = node.value.type === "Word" ? [node.value] : node.value.elements;
  const values = words.flatMap((word): readonly Piece[] => readWord(word).flatMap(({ pieces }) => pieces));
  return wordOf([{ kind: "text", text: `${node.name}${node.append ? "+" : ""}=` }, ...values], flow);
}
