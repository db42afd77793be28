// What the MCP door gives its callers that come back: requests that are held for them, and the desk where they ask.
import type { Clock } from "../../core/ports/clock.ts";
import type { Desk } from "../held/desk.ts";
import type { HeldResults } from "../held/held-results.ts";

export interface Approvals {
  readonly heldResults: Pick<HeldResults, "start">;
  readonly desk: Desk;
  readonly clock: Clock;
}

/** Nothing can be looked up now. The message is for the model. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}
