// Claude's questions to the person: what `AskUserQuestion` carries.

/** The tool whose calls want an answer, not a permission. */
export const QUESTION_TOOL = "AskUserQuestion";

/** The tool that asks to leave plan mode: its answer is about the plan. */
export const PLAN_TOOL = "ExitPlanMode";
