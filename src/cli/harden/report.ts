// The steps as lines for a person or as JSON for a program.
import { EXIT } from "../exit.ts";
import type { Paint } from "../paint.ts";
import type { SeenStep, StepState } from "./step.ts";

const MARKS: Readonly<Record<StepState, string>> = {
  done: "✓ done   ",
  "to do": "✗ to do  ",
  "not possible here": "– not possible here",
};
const COLOURS = { done: "green", "to do": "red", "not possible here": "dim" } as const;
const INDENT = "    ";

/** What is in order takes one line; the rest says why, and what to paste. Lines to paste are never broken. */
export function stepLines({ state, title, why, now, lines, applied = [] }: SeenStep, paint: Paint): string {
  const head = `${paint(COLOURS[state], MARKS[state])}  ${title}`;
  const rest =
    state === "done"
      ? now
      : [
          ...now.map((line) => `now: ${line}`),
          `why: ${why}`,
          ...(lines.length === 0 ? [] : ["do:", ...lines.map((line) => `  ${line}`)]),
        ];
  return `${[head, ...[...rest, ...applied.map((line) => `✓ ${line}`)].map((line) => INDENT + line)].join("\n")}\n`;
}

export function summaryOf(steps: readonly SeenStep[], applyCommand: string): string {
  const count = (wanted: StepState) => steps.filter(({ state }) => state === wanted).length;
  const [open, elsewhere] = [count("to do"), count("not possible here")];
  const offer = steps.some(({ apply }) => apply !== undefined)
    ? `What is safe of it is done by: ${applyCommand}\n`
    : "";
  const words = open === 0 ? "Nothing is to do" : `${open} of ${steps.length} to do`;
  return `${words}${elsewhere === 0 ? "" : `, ${elsewhere} not possible here`}.\n${offer}`;
}

export function stepsJson(steps: readonly SeenStep[], agent: string): string {
  const shown = steps.map(({ apply, lines, ...step }) => ({
    ...step,
    do: lines,
    ...(apply === undefined ? {} : { appliable: true }),
  }));
  return `${JSON.stringify({ ok: exitCode(steps) === EXIT.ok, agent, steps: shown }, null, 2)}\n`;
}

export function exitCode(steps: readonly SeenStep[]): number {
  return steps.some(({ state }) => state === "to do") ? EXIT.failed : EXIT.ok;
}
