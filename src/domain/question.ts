// Claude's questions to the person: what `AskUserQuestion` carries.

/** The tool whose calls want an answer, not a permission. */
export const QUESTION_TOOL = "AskUserQuestion";
