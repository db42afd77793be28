// The prompts, a row each: what somebody may start from a client's menu. Each hands the model the record as data, and says what
// to make of it; none of them changes anything.

interface PromptRow {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** By their names. */
  readonly arguments: Readonly<Record<string, string>>;
}

export const PROMPTS = {
  daily: {
    name: "daily-approvals-report",
    title: "Report on today's requests",
    description: "What was asked since midnight, how it ended, and what stands out.",
    arguments: {},
  },
  why: {
    name: "why-was-it-denied",
    title: "Why was it denied?",
    description: "What happened to one request, and what could be done instead.",
    arguments: { approval_id: "The request's five letters, as on the phone." },
  },
  session: {
    name: "session-review",
    title: "Review a session",
    description: "What a session of Claude Code asked for, and what was made of it.",
    arguments: { session_id: "Claude Code's session id." },
  },
  policy: {
    name: "propose-policy",
    title: "Propose a policy",
    description:
      "A draft of policy.json made of what a person has approved again and again in a project: the cure for being asked too often.",
    arguments: {
      project: "The project's name, as on the phone.",
      days: "How far back to look, 1 to 90; 14 where it is left out.",
    },
  },
} as const satisfies Readonly<Record<string, PromptRow>>;
