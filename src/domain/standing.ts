// Whether requests are asked at all: open, paused for a while, or shut until somebody at the machine says otherwise.
import type { Phone } from "./approval.ts";

export type Closed =
  | { readonly kind: "paused"; readonly by: Phone /** Epoch ms. */; readonly until: number }
  | { readonly kind: "panic"; readonly by: Phone };

export type Standing = { readonly kind: "open" } | Closed;

/** A pause that has run out is none. */
export function standingAt(standing: Standing, now: number): Standing {
  return standing.kind === "paused" && standing.until <= now ? { kind: "open" } : standing;
}
