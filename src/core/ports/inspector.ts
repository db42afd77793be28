// What looks at a call before a person does.
import type { Inspection } from "../../domain/inspection.ts";
import type { ToolCall } from "../../domain/tool-call.ts";

const TOO_MUCH = "the call is too much to be looked through in time; split it into smaller ones.";

/** A call was not looked through to its end: its secrets are not masked, so nobody is shown it, and it is denied. */
export class NotInspectedError extends Error {
  override readonly name = "NotInspectedError";
  /** For the caller: why, and what to do. A part of a sentence, and the sentences after it. */
  readonly said: string;
  constructor(message: string, { said = TOO_MUCH, cause }: { said?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.said = said;
  }
}

/** Looks at a call before a person does. */
export interface Inspector {
  /**
   * @param cwd the folder that the caller works in, absolute, where it is known
   * @throws NotInspectedError
   */
  inspect(call: ToolCall, cwd?: string): Promise<Inspection>;
}
