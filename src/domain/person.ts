// A person who is asked or told, with every address that they are reached at.
import type { Phone } from "./tool-call.ts";

export interface Person {
  /** From the settings; the address itself where they name nobody. */
  readonly name: string;
  /** `notify`: is told, and decides nothing. */
  readonly role: "approve" | "notify";
  /** Asked only about these projects. Absent: about all. */
  readonly projects?: readonly string[] | undefined;
  readonly addresses: readonly Phone[];
}
