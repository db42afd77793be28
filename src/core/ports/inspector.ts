// What looks at a call before a person does.
import type { Inspection } from "../../domain/inspection.ts";
import type { ToolCall } from "../../domain/tool-call.ts";

/** A call was not looked through to its end: its secrets are not masked, so nobody is shown it, and it is denied. */
export class NotInspectedError extends Error {
  override readonly name = "NotInspectedError";
}

/** Looks at a call before a person does. */
export interface Inspector {
  /**
   * @param cwd the folder that the caller works in, absolute, where it is known
   * @throws NotInspectedError
   */
  inspect(call: ToolCall, cwd?: string): Promise<Inspection>;
}
