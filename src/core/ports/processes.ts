// Other processes of this machine, and the environment of this one.

/** Sends a signal to a process, or with a negative id to a group. @throws where there is none */
export type SendSignal = (pid: number, signal: "SIGTERM" | "SIGKILL") => void;

export interface Processes {
  /** This server's own, its secrets included. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  isRunning(pid: number): boolean;
  readonly send: SendSignal;
  /** The words that a process was started with; undefined where that cannot be seen. */
  wordsOf(pid: number): Promise<readonly string[] | undefined>;
}
