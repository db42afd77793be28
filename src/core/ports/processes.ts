// Other processes of this machine, and the environment of this one.

/** Sends a signal to a process, or with a negative id to a group. @throws where there is none */
export type SendSignal = (pid: number, signal: "SIGTERM" | "SIGKILL") => void;

/** Notes that a program runs which has this entry in its environment. Never throws. @returns to be called once it is over */
export type NoteRun = (entry: string) => () => void;

export interface Processes {
  /** This server's own, its secrets included. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  isRunning(pid: number): boolean;
  readonly send: SendSignal;
  /** Kills whatever has this entry, `NAME=value`, in its environment, where that can be seen. Never throws. */
  killMarked(entry: string): void;
  /** So that the next start ends what a crash leaves running. */
  readonly noteRun: NoteRun;
  /** Ends what an earlier server has left running when it was killed. Never throws. @returns how many runs those were */
  endLeftOver(): number;
  /** The words that a process was started with; undefined where that cannot be seen. */
  wordsOf(pid: number): Promise<readonly string[] | undefined>;
}
