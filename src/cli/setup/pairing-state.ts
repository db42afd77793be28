// How a channel that binds by a code stands while setup works on it.
import type { Config } from "../../config/config.ts";
import type { Home } from "../../config/home.ts";
import type { Phone } from "../../domain/tool-call.ts";

/**
 * - `there`: somebody is bound to the channel already.
 * - `proven`: a code was used, and the binding is written with the settings.
 * - `later`: those who may approve are asked first, by the server that knows the new settings.
 * - `none`: nobody is bound, and the person goes on all the same.
 */
export type PairingState =
  | { readonly kind: "there" | "none" }
  | { readonly kind: "later"; readonly person: string }
  | { readonly kind: "proven"; readonly chat: ProvenChat };

export interface ProvenChat {
  readonly address: Phone;
  readonly person: string;
  /** What a person reads of it. */
  readonly shown: string;
}

export interface Trial {
  readonly home: Home;
  /** The settings as they will be written, with the one channel alone. */
  readonly config: Config;
  /** Where the channel was read to in here; undefined where nothing was read. */
  position(): string | undefined;
  remove(): Promise<void>;
}
