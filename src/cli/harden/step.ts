// What a step of `harden` is: one thing that decides how far out of Claude's reach the server is. Looking changes nothing.

/** `not possible here`: it cannot be told, or not be done, on this machine or with these settings. */
export type StepState = "done" | "to do" | "not possible here";

export interface StepResult {
  readonly state: StepState;
  /** How things stand, a line each. Never a secret, and no whole phone number. */
  readonly now: readonly string[];
  /** Lines to paste, or words where there is nothing to paste; empty where nothing is to do. */
  readonly lines: readonly string[];
  /** Does what is safe of it. @returns what was done, a line each */
  readonly apply?: (() => Promise<readonly string[]>) | undefined;
}

export interface HardenStep {
  /** Stable: scripts may name it. */
  readonly id: string;
  readonly title: string;
  /** What somebody could do otherwise. */
  readonly why: string;
  /** May throw: what cannot be looked at is to do. */
  look(): Promise<StepResult>;
}

export interface SeenStep extends StepResult, Omit<HardenStep, "look"> {
  readonly applied?: readonly string[] | undefined;
}

export const done = (...now: readonly string[]): StepResult => ({ state: "done", now, lines: [] });
export const notPossible = (now: string): StepResult => ({
  state: "not possible here",
  now: [now],
  lines: [],
});
export const toDo = (
  now: string | readonly string[],
  lines: readonly string[],
  apply?: StepResult["apply"],
): StepResult => ({ state: "to do", now: [now].flat(), lines, apply });

/** One after the other. Never rejects. @param isApplying whether what is safe is done; then the step is looked at again */
export async function seeSteps(
  steps: readonly HardenStep[],
  isApplying: boolean,
): Promise<readonly SeenStep[]> {
  const seen: SeenStep[] = [];
  for (const step of steps) {
    const { id, title, why } = step;
    const found = await lookAt(step);
    if (!isApplying || found.apply === undefined) {
      seen.push({ id, title, why, ...found });
      continue;
    }
    const applied = await found
      .apply()
      .catch((error: unknown) => [`not everything was done: ${wordsOf(error)}`]);
    seen.push({ id, title, why, ...(await lookAt(step)), applied });
  }
  return seen;
}

async function lookAt(step: HardenStep): Promise<StepResult> {
  try {
    return await step.look();
  } catch (error) {
    return toDo(`could not be looked at: ${wordsOf(error)}`, ["Put that right, then look again."]);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
