// One thing that setup offers once the settings are there.
import type { SetupProgress, Workshop } from "./workshop.ts";

/** `absent`: what it needs is not on this machine. */
export type Offered = "done" | "declined" | "failed" | "absent";

export interface Offer {
  /** The flag, and the key in the result. */
  readonly name: "hooks" | "mcp" | "service";
  /** Whether it can be offered here at all. */
  isPossible(workshop: Workshop): Promise<boolean>;
  /** Said in place of the question where it is not. */
  readonly otherwise?: ((workshop: Workshop, progress: SetupProgress) => Promise<void>) | undefined;
  readonly question: string;
  readonly initial: boolean;
  /** @returns what was done, in words. @throws when it failed */
  run(workshop: Workshop, progress: SetupProgress): Promise<string>;
}
