// What looks at a call before a person does.
import type { Inspection } from "../../domain/inspection.ts";
import type { ToolCall } from "../../domain/tool-call.ts";

/** Looks at a call before a person does. */
export interface Inspector {
  /** @param cwd the folder that the caller works in, absolute, where it is known */
  inspect(call: ToolCall, cwd?: string): Promise<Inspection>;
}
