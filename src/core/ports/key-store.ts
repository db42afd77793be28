// Requests that callers have made under keys of their own. Every method may reject: the disk can be full.
import type { ApprovalId } from "../../domain/tool-call.ts";

/** Which request was made under a caller's own key, so that a repeat of it is not a second one. */
export interface KeyedRequest {
  /** Name of the caller's token; empty without named tokens. */
  readonly requester: string;
  readonly key: string;
  /** SHA-256, in hex, of what was asked. */
  readonly bodySha256: string;
  readonly id: ApprovalId;
  /** Epoch ms. */
  readonly at: number;
}

export interface KeyStore {
  /**
   * Binds a key to its request, and forgets every key from before `since`, epoch ms.
   * @returns false when the key is bound already: nothing changed.
   */
  addKey(request: KeyedRequest, since: number): Promise<boolean>;
  /** @param since epoch ms; an older key is not found */
  findKey(requester: string, key: string, since: number): Promise<KeyedRequest | undefined>;
}
