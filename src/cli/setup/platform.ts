// What setup knows of a platform whose one key is all that it needs.
import type { Clock } from "../../core/ports/clock.ts";
import type { AnswerKey } from "./asker.ts";
import type { WrittenName } from "./draft.ts";

export interface PlatformAccess {
  readonly secret: string;
  /** In place of the platform. */
  readonly baseUrl: string | undefined;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/** What the platform says of a key: who it is of, or that it is none. */
export type PlatformAnswer =
  | {
      readonly kind: "known";
      /** A sentence. */
      readonly says: string;
    }
  | { readonly kind: "wrong" /** Sentences: what is wrong, and what to do. */; readonly problem: string };

export interface Platform {
  readonly key: AnswerKey;
  readonly setting: WrittenName;
  readonly baseUrl: WrittenName;
  /** "the bot's token" */
  readonly title: string;
  /** The question for it. */
  readonly question: string;
  /** How to come by one: a paragraph each. */
  readonly how: readonly string[];
  /** The key itself, where more than it was copied. */
  read(text: string): string;
  /** What is wrong with its form; undefined where only the platform can tell. Never repeats it. */
  formProblem(secret: string): string | undefined;
  /** Whether asking takes the place of a server that reads with the same key. */
  readonly endsReader: boolean;
  /** @throws DeliveryError where it cannot be told, or could not be read with it, in words that say what to do */
  ask(access: PlatformAccess): Promise<PlatformAnswer>;
  /** What it calls a person who has written; undefined where it does not say. @param user the platform's id of them */
  nameOf(access: PlatformAccess, user: string): Promise<string | undefined>;
  /** Where the chat is opened: sentences, and a link where there is one. */
  chat(access: PlatformAccess): Promise<{ readonly how: string; readonly link?: string | undefined }>;
}
