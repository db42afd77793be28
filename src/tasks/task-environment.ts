// What Claude gets of this server's environment: all of it, so that it finds its account, its proxy and the person's tools, but no
// secret of ours under any name, and nothing that says that it runs inside another Claude Code.

type ServerVariables = Readonly<Record<string, string | undefined>>;

/** Names that only a Claude Code sets for its children: with them another one takes itself for nested, or for its IDE's. */
const OF_ANOTHER_CLAUDE =
  /^(?:CLAUDECODE|CLAUDE_CODE_(?:ENTRYPOINT|SSE_PORT|SESSION_ID|CHILD_SESSION)|AI_AGENT)$/;

/** Shorter ones are words that stand in other values by chance. */
const MIN_SECRET = 8;

interface TaskEnvironmentOptions {
  /** The server's own. */
  readonly environment: ServerVariables;
  /** Names of our settings that hold secrets. */
  readonly secretNames: readonly string[];
  /** The secrets themselves: whatever holds one stays here, too. */
  readonly secrets: readonly string[];
  /** The folder that Claude is started in. */
  readonly folder: string;
  /** What is added, and wins. */
  readonly own?: Readonly<Record<string, string>> | undefined;
}

export function taskEnvironment(options: TaskEnvironmentOptions): Record<string, string> {
  const { environment, secretNames, secrets, folder, own = {} } = options;
  const known = secrets.filter((secret) => secret.length >= MIN_SECRET);
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ||
    // Windows finds a variable whatever the case of its name.
    secretNames.includes(name.toUpperCase()) ||
    OF_ANOTHER_CLAUDE.test(name) ||
    known.some((secret) => value.includes(secret))
      ? []
      : [[name, value] as const],
  );
  // Nobody watches its turns end: the phone is told, and answers by other ways than a reply that a hook waits for.
  return { ...Object.fromEntries(kept), PWD: folder, APPROVAL_WAIT_REPLY: "off", ...own };
}
