// What the service command asks of a service manager. systemd.ts and launchd.ts are the two there are.
import type { ServicePlan } from "./plan.ts";

/** Stands in every file that install has written; a file without it is somebody else's. */
export const MARK = "Written by approval-server service install";

export interface ServiceState {
  /** `trying`: it is being started, or waits to be started again after it failed. */
  readonly kind: "running" | "trying" | "stopped" | "failed";
  readonly pid?: number | undefined;
  /** How it ended the last time, in words: a sentence without its subject. */
  readonly problem?: string | undefined;
  /** Whether it starts by itself with the next session; undefined where that is not known. */
  readonly startsByItself?: boolean | undefined;
}

interface LogView {
  /** How many of the last lines. */
  readonly lines: number;
  readonly follow: boolean;
}

export interface ServiceManager {
  /** The file that describes the service to it. */
  readonly file: string;
  /** What the file is to say. */
  text(plan: ServicePlan): Promise<string>;
  /** @throws ServerError when there is no such service manager here, or it cannot be reached, with what to do */
  check(): Promise<void>;
  state(): Promise<ServiceState>;
  /** Reads the file, and starts what it says, anew where it runs. @throws ServerError */
  start(): Promise<void>;
  /** Stops it, and takes it out of what starts by itself. The file is still there. @throws ServerError */
  stop(): Promise<void>;
  /** After the file is gone. */
  forget(): Promise<void>;
  /** The program that shows the log, and its arguments. @throws ServerError where there is no log yet */
  logCommand(options: LogView): readonly [string, ...string[]];
  /** What is worth knowing once it runs, as lines. */
  hints(): Promise<readonly string[]>;
}
