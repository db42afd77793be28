// A person who is asked or told, with every address that they are reached at.
import type { PairedChannel } from "./channel.ts";
import type { Phone } from "./tool-call.ts";

export interface Person {
  /** From the settings; the address itself where they name nobody. */
  readonly name: string;
  /** `notify`: is told, and decides nothing. */
  readonly role: "approve" | "notify";
  /** Asked, or told, only about these projects. Absent: about all. */
  readonly projects?: readonly string[] | undefined;
  readonly addresses: readonly Phone[];
  /** The channels on which a code may bind a chat of theirs. Absent: on all. */
  readonly pairs?: readonly PairedChannel[] | undefined;
}

/** Whether a request of that project is for them. What names no project is for those who are there for all. */
export function isAbout({ projects }: Person, project: string | undefined): boolean {
  return projects === undefined || (project !== undefined && projects.includes(project));
}
