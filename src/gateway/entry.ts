// One MCP server behind the gate, as gateway.json describes it, checked and with its variables filled in.

interface Common {
  /** The entry's key: the first part of its tools' names. */
  readonly name: string;
  /** The tools that are offered, by their own names. Nothing else of the server is. */
  readonly tools: readonly string[];
  /** The longest that one call may take; progress does not extend it. */
  readonly timeoutMs: number;
  /** The largest result, in bytes of its JSON. */
  readonly maxResultBytes: number;
}

export interface StdioEntry extends Common {
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  /** Beside PATH, HOME and the like, all that the process gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}

export interface HttpEntry extends Common {
  readonly kind: "http";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type GatewayEntry = StdioEntry | HttpEntry;

/** What an entry's values are filled from, and what they must not hold. */
export interface EntryContext {
  /** For `${NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of settings that are secrets of ours: `${NAME}` of one is refused. */
  readonly secretNames: ReadonlySet<string>;
  /** The same by value. */
  readonly ownSecrets: readonly string[];
  /** The folder of our settings: no server is started in it, because many read the .env of their folder. */
  readonly ownFolder: string;
  /** A server's folder where its entry names none. */
  readonly startFolder: string;
}
