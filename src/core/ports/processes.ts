// Other processes of this machine, and the environment of this one.

export interface Processes {
  /** This server's own, its secrets included. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  isRunning(pid: number): boolean;
  /** @throws where there is no such group */
  signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void;
  /** Kills whatever has this entry, `NAME=value`, in its environment, where that can be seen. Never throws. */
  killMarked(entry: string): void;
  /** The words that a process was started with; undefined where that cannot be seen. */
  wordsOf(pid: number): Promise<readonly string[] | undefined>;
}
