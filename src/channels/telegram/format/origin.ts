// The line that says where a call comes from: foreign words in code, ours beside them.
import type { Origin } from "../../../domain/request-message.ts";
import { NONE } from "../../../domain/sorted-json.ts";
import { codeSpans } from "./foreign.ts";
import type { RichSpan } from "./rich-text.ts";

const MAX = { project: 100, agent: 60, said: 300 } as const;

export function originSpans({ project, notes, agent, said }: Origin): RichSpan[] {
  const words = said.replaceAll(/\s+/g, " ").trim();
  const ours: RichSpan[][] = [
    ...notes.map((note) => [{ text: note }]),
    ...(agent === "" ? [] : [[{ text: "agent " }, ...codeSpans(agent, MAX.agent)]]),
  ];
  return [
    ...(project.trim() === "" ? [{ text: NONE }] : codeSpans(project, MAX.project)),
    ...(ours.length === 0 ? [] : [{ text: " (" }, ...between(ours), { text: ")" }]),
    ...(words === "" ? [] : [{ text: "\n" }, ...saidSpans(words)]),
  ];
}

function saidSpans(words: string): RichSpan[] {
  return [{ text: "Claude said:", style: "bold" }, { text: " " }, ...codeSpans(words, MAX.said)];
}

function between(all: readonly RichSpan[][]): RichSpan[] {
  return all.flatMap((spans, index) => (index === 0 ? spans : [{ text: ", " }, ...spans]));
}
