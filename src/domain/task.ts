// A task: Claude Code, started by this server in a folder of TASK_DIRS. Values and rules only.

/**
 * Where a session stands: the phone is asked, Claude works, or its last turn has ended. What was interrupted (a restart, a caller
 * that left) can be continued; so can everything that has ended but a start that was refused.
 */
export const SESSION_STATUSES = [
  "asking",
  "running",
  "completed",
  "failed",
  "interrupted",
  "cancelled",
  "refused",
] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** What a task may do, and for how many of Claude's turns at most. */
export const TASK_PROFILES = {
  general: { maxTurns: 50 },
  verification: { maxTurns: 20 },
} as const;
export type TaskProfile = keyof typeof TASK_PROFILES;

/** Which of the tools has set the last turn off. */
export type TaskWorkflow = "run_task" | "continue_session" | "verify_task";

/** What a verification comes to. Only `pass` is one without reserve. */
export const TASK_VERDICTS = [
  "pass",
  "pass_with_restrictions",
  "fail_closed",
  "insufficient_evidence",
] as const;
export type TaskVerdict = (typeof TASK_VERDICTS)[number];

/** The requester of everything that a task asks: `task s3`. No token that an operator names can have a space in it. */
export function taskRequester(number: number): string {
  return `task ${shortTaskName(number)}`;
}

export function isTaskRequester(requester: string | undefined): boolean {
  return requester !== undefined && /^task s\d+$/.test(requester);
}

/** What a person types and reads: `s3`. */
export function shortTaskName(number: number): string {
  return `s${number}`;
}
