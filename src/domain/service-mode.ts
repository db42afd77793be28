// Whether requests are asked at all: open, paused for a while, or shut until somebody at the machine says otherwise.
import type { Phone } from "./tool-call.ts";

export type ClosedMode =
  | { readonly kind: "paused"; readonly by: Phone /** Epoch ms. */; readonly until: number }
  | { readonly kind: "panic"; readonly by: Phone };

export type ServiceMode = { readonly kind: "open" } | ClosedMode;

/** A pause that has run out counts as open. */
export function modeAt(mode: ServiceMode, now: number): ServiceMode {
  return mode.kind === "paused" && mode.until <= now ? { kind: "open" } : mode;
}
