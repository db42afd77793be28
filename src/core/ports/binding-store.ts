// Which addresses were bound by a code. Every method may reject: the disk can be full.
import type { Phone } from "../../domain/tool-call.ts";

export interface Binding {
  readonly address: Phone;
  /** Whose it is: the name of a person. */
  readonly person: string;
  /** Made by the server over both: a row that somebody else has written has none that fits. */
  readonly seal: string;
  /** Epoch ms. */
  readonly boundAt: number;
  /** The addresses that have not been told of it yet, itself among them. Default: none. */
  readonly untold?: readonly Phone[] | undefined;
}

export interface BindingStore {
  bindings(): Promise<readonly Binding[]>;
  /** Replaces what was known of the address. */
  keepBinding(binding: Binding): Promise<void>;
  /** Who has not been told of the address yet: fewer than before. */
  keepUntold(address: Phone, untold: readonly Phone[]): Promise<void>;
  /** @param why words of ours, for the event log */
  forgetBinding(address: Phone, why: string): Promise<void>;
}
