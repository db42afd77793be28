// Running `claude -p` once, from its start to its end.

type ClaudeNews =
  | { readonly kind: "tool-result"; readonly id: string; readonly isError: boolean }
  | { readonly kind: "ended"; readonly isError: boolean; readonly text: string }
  | { readonly kind: "begun" | "said" | "tool" };

export interface ClaudeOrder<News> {
  /** A path, or a name that PATH finds. */
  readonly bin: string;
  readonly args: readonly string[];
  /** Absolute, without symbolic links. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What Claude is told: by stdin, so that it is never taken for a flag and no list of processes shows it. */
  readonly text: string;
  readonly limitMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Returns why Claude is to be stopped; undefined lets it go on. */
  readonly onEvent: (news: News) => string | undefined;
}

export interface ClaudeEnd {
  /** Null where a signal ended it, or where it did not start. */
  readonly exitCode: number | null;
  /** Why it was stopped, or could not start; undefined where it ended by itself. */
  readonly stopped?:
    | { readonly by: "start" | "signal" | "time" | "output" | "event"; readonly why: string }
    | undefined;
  /** The end of its error output. Foreign. */
  readonly stderr: string;
}

/** Never rejects. When it resolves, nothing of it runs any longer. */
export type RunClaude = (order: ClaudeOrder<ClaudeNews>) => Promise<ClaudeEnd>;
