// What can be read here beside the tools, a row each. Every text is JSON, for programs and models.

interface ResourceRow {
  readonly name: string;
  /** An address, or a template of addresses. */
  readonly uri: string;
  readonly title: string;
  readonly description: string;
}

export const RESOURCES = {
  pending: {
    name: "pending",
    uri: "approvals://pending",
    title: "Requests that wait",
    description: "What waits for a person now, and how long it still may.",
  },
  recent: {
    name: "recent",
    uri: "approvals://recent",
    title: "The latest requests",
    description: "The last 20 requests, newest first, whether they wait or have ended.",
  },
  today: {
    name: "stats-today",
    uri: "approvals://stats/today",
    title: "Today in numbers",
    description: "How many were asked since midnight, how they ended, who decided, and how long people took.",
  },
  policy: {
    name: "policy",
    uri: "approvals://policy",
    title: "What is decided without asking",
    description:
      "Whether a policy is in force, and its rules; with a named token, only whether one is in force and how many rules it has.",
  },
  status: {
    name: "status",
    uri: "approvals://status",
    title: "How the server stands",
    description: "Open, paused or stopped by a panic; how many requests wait; how long one may wait.",
  },
} as const satisfies Readonly<Record<string, ResourceRow>>;

export const TEMPLATES = {
  approval: {
    name: "approval",
    uri: "approvals://{approval_id}",
    title: "One request",
    description:
      "How it stands and what was asked, secrets masked. Reading it fetches no answer: that is get_approval.",
  },
  project: {
    name: "project",
    uri: "approvals://projects/{project}",
    title: "A project",
    description: "The last 20 requests of a project, by its name.",
  },
  session: {
    name: "session",
    uri: "approvals://sessions/{session_id}",
    title: "A session of Claude Code",
    description: "The last 50 requests of a session, as far as its hooks have brought them.",
  },
} as const satisfies Readonly<Record<string, ResourceRow>>;

export const MIME_TYPE = "application/json";

/** Addresses that change when a request does. */
export function urisOf(request: {
  readonly id: string;
  readonly project?: string | undefined;
  readonly sessionId?: string | undefined;
}): readonly string[] {
  const { pending, recent, today, status } = RESOURCES;
  return [
    ...[pending, recent, today, status].map(({ uri }) => uri),
    `approvals://${request.id}`,
    ...named("projects", request.project),
    ...named("sessions", request.sessionId),
  ];
}

/** As a client may write it: with what no address may hold encoded, or as it is. */
function named(kind: string, name: string | undefined): readonly string[] {
  if (name === undefined) return [];
  return [...new Set([encoded(name), name])].map((each) => `approvals://${kind}/${each}`);
}

function encoded(name: string): string {
  try {
    return encodeURIComponent(name);
  } catch {
    // Half a character.
    return name;
  }
}
