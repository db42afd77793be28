// Claude's plan, which the person approves before any of it is done: what `ExitPlanMode` carries.
import type { ToolCall } from "./tool-call.ts";

export const PLAN_TOOL = "ExitPlanMode";

/** A plan, and the file that Claude Code keeps it in. */
export interface Plan {
  readonly text: string;
  readonly file?: string | undefined;
}

/** The plan of a call that holds one and nothing else; undefined otherwise. */
export function planOf({ toolName, input }: ToolCall): Plan | undefined {
  const { plan, planFilePath, ...others } = input;
  if (toolName !== PLAN_TOOL || typeof plan !== "string" || plan.trim() === "") return undefined;
  if (Object.keys(others).length > 0) return undefined;
  if (planFilePath === undefined) return { text: plan };
  return typeof planFilePath === "string" ? { text: plan, file: planFilePath } : undefined;
}
