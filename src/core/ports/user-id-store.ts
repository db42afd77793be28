// Which of WhatsApp's user ids belongs to which number, as verified replies have told. Every method may reject.
import type { Phone } from "../../domain/tool-call.ts";

export interface KnownUserId {
  readonly phone: Phone;
  /** `US.…`, without a prefix. */
  readonly userId: string;
  /** Made by the server over both: a row that somebody else has written has none that fits. */
  readonly seal: string;
  /** Epoch milliseconds. */
  readonly learnedAt: number;
}

export interface UserIdStore {
  userIds(): Promise<readonly KnownUserId[]>;
  /** Replaces what was known of the number, and of the id. */
  recordUserId(known: KnownUserId): Promise<void>;
  forgetUserId(phone: Phone): Promise<void>;
}
