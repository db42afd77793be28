// Whom setup asks: a person at a terminal, or nobody where a script runs it. The steps know this interface only.

/** What an answer is about: it names the setting and the flag. */
export type AnswerKey =
  | "agent-key"
  | "bot-token"
  | "account-sid"
  | "auth-token"
  | "from"
  | "phone"
  | "join-words"
  | "public-url"
  | "ngrok-token"
  | "ngrok-domain";

interface TextQuestion {
  readonly key: AnswerKey;
  readonly message: string;
  /** Shown while nothing is typed; not an answer. */
  readonly example?: string | undefined;
  /** Stands there already, to be changed or taken as it is. */
  readonly initial?: string | undefined;
  /** An empty answer is one. */
  readonly mayBeEmpty?: boolean | undefined;
}

export interface AnswerChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string | undefined;
}

export interface Wait<T> {
  /** One line. @param left "4:45" */
  line(left: string): string;
  readonly limitMs: number;
  /** The signal aborts at the limit, when it is skipped, and when setup is stopped. */
  work(signal: AbortSignal): Promise<T>;
}

/** How a wait ended. */
export type Waited<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "skipped" }
  | { readonly kind: "timeout" };

/** Every method throws SetupCancelled when the person stops setup. */
export interface Interviewer {
  /** Whether there is somebody who can be asked again. */
  readonly isPerson: boolean;
  text(question: TextQuestion): Promise<string>;
  /** Shown as dots. */
  secret(question: Pick<TextQuestion, "key" | "message">): Promise<string>;
  choose<T extends string>(question: {
    readonly message: string;
    readonly choices: readonly AnswerChoice<T>[];
    readonly initial: T;
  }): Promise<T>;
  confirm(question: { readonly message: string; readonly initial: boolean }): Promise<boolean>;
  wait<T>(wait: Wait<T>): Promise<Waited<T>>;
}

/** The person has stopped setup. */
export class SetupCancelled extends Error {
  override readonly name = "SetupCancelled";
}

/** Setup cannot go on. `message` says what is wrong, `advice` what to do. */
export class SetupProblem extends Error {
  override readonly name = "SetupProblem";
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}
