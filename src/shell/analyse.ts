// Reads a shell command once and says everything that is known of it. Inspection and policy look at the same answer.
// Never throws, and ends quickly whatever it is given; what it does not know it says.
import { parse } from "unbash";
import type { TextPlace } from "./place.ts";
import { isPlaceless } from "./placeless.ts";
import { placesOf } from "./places.ts";
import { type PlainCommand, plainCommands } from "./plain-commands.ts";
import { createRecent } from "./recent.ts";
import type { FoundRisk, Risk } from "./risk.ts";
import { findingsOf } from "./risks-of-steps.ts";
import { type Step, walk } from "./walk.ts";

export interface CommandAnalysis {
  /**
   * `whole`: every part was read and followed. `part`: not all of it could be. `none`: nothing is known but the text,
   * because it is too long or the parser gave up.
   */
  readonly extent: "whole" | "part" | "none";
  /** What it does, in the shell's order, as far as it could be followed. */
  readonly steps: readonly Step[];
  /** Every danger that can be seen without knowing this machine, in the shell's order, some perhaps more than once. */
  readonly findings: readonly FoundRisk[];
  /** Their kinds. */
  readonly risks: ReadonlySet<Risk>;
  /** Its commands, where it is nothing but plain commands; undefined for every other text. */
  readonly plain: readonly PlainCommand[] | undefined;
  /** Whether it does the same in whatever folder it is started. */
  readonly isPlaceless: boolean;
  /** What stands where in the text; empty where that is not known for certain. Read when it is first asked for. */
  places(): readonly TextPlace[];
}

/** UTF-16 units. Beyond it, input made to be slow could hold up the whole server for seconds. */
export const MAX_COMMAND_LENGTH = 32_768;

const recent = createRecent(readCommand);

/** The analysis of a command. The last few are remembered: one call is parsed once, whoever asks about it. */
export function analyse(text: string): CommandAnalysis {
  return recent(text);
}

function readCommand(text: string): CommandAnalysis {
  if (text.length > MAX_COMMAND_LENGTH) return nothingKnown("not-fully-checked");
  try {
    const script = parse(text);
    // What is carried is needed again for the places.
    const carried = new Map<string, ReturnType<typeof parse>>();
    const read = (code: string) => {
      const known = carried.get(code) ?? parse(code);
      carried.set(code, known);
      return known;
    };
    const { steps, risks: ofForm } = walk(script, read);
    const findings = [...[...ofForm].map((risk) => ({ risk })), ...findingsOf(steps)];
    const risks = new Set<Risk>(findings.map(({ risk }) => risk));
    const plain = plainCommands(script, text);
    const isWhole = !risks.has("unreadable") && !risks.has("not-fully-checked");
    return {
      extent: isWhole ? "whole" : "part",
      steps,
      findings,
      risks,
      plain,
      isPlaceless: isPlaceless(script, plain),
      places: once(() => (isWhole ? placesOf(script, text, { steps, read }) : [])),
    };
  } catch {
    // The stack ran out, or the parser has a fault: what it was does not matter to the person.
    return nothingKnown("unreadable");
  }
}

function nothingKnown(risk: Risk): CommandAnalysis {
  const nothing = { steps: [], plain: undefined, isPlaceless: false, places: () => [] };
  return { extent: "none", findings: [{ risk }], risks: new Set([risk]), ...nothing };
}

/** @returns the first answer again; an empty one where the question cannot be answered */
function once<T>(ask: () => readonly T[]): () => readonly T[] {
  let answer: readonly T[] | undefined;
  return () => {
    try {
      answer ??= ask();
    } catch {
      answer = [];
    }
    return answer;
  };
}
