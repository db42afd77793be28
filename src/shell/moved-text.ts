// Where text goes that a command puts out: into programs that run it, or elsewhere than it seems.
import type { SyntaxNode } from "unbash";
import { codeOf } from "./code-of.ts";
import type { Invocation } from "./invocation.ts";
import { NO_FLOW } from "./shell-word.ts";
import { commandsBelow } from "./syntax.ts";
import type { Step } from "./walk.ts";

/**
 * Who reads what a command puts out: nobody who would run it, a shell, somebody who is not known, or through a file
 * something that runs what it reads.
 */
export type Reader = "text" | "shell" | "unknown" | "runs";

/** Whether the program runs what it is given on its standard input. */
export function runsItsInput(call: Invocation): boolean {
  return codeOf({ ...call, input: { flow: NO_FLOW, text: "x" } }).some(({ fromInput }) => fromInput);
}

/** Whether `exec > file` or a coprocess takes what later commands put out. */
export function movesOutput(script: SyntaxNode): boolean {
  const waiting = [...commandsBelow(script)];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.type === "Coproc") return true;
    if (part.type === "Command" && part.name?.value === "exec" && part.redirects.length > 0) return true;
    waiting.push(...commandsBelow(part));
  }
  return false;
}

/** Whether any of the steps runs what it is given on its standard input: looked for once, when it is first asked. */
export function createReaderLook(steps: readonly Step[]): () => boolean {
  let answer: boolean | undefined;
  return () => {
    answer ??= steps.some((step) => step.kind === "run" && runsItsInput(step.call));
    return answer;
  };
}

/**
 * The stages of a pipeline, each with who reads what it puts out: the next one, or whoever reads that one's.
 * @param readerIn what a stage is for its input; undefined where it only passes it on
 */
export function withReaders(
  stages: readonly SyntaxNode[],
  last: Reader,
  readerIn: (stage: SyntaxNode) => Reader | undefined,
): readonly (readonly [SyntaxNode, Reader])[] {
  let reader = last;
  const backwards = stages.toReversed().map((stage, at) => {
    const own = [stage, reader] as const;
    if (at < stages.length - 1) reader = readerIn(stage) ?? reader;
    return own;
  });
  return backwards.reverse();
}
