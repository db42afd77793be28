// What is known about a call before a person sees it: masked secrets, warnings, and how far an allow may reach.
import type { ToolCall } from "./tool-call.ts";

/** A permission rule as Claude Code writes it; `ruleContent` is left out where the whole tool is meant. */
export interface PermissionRule {
  readonly toolName: string;
  readonly ruleContent?: string | undefined;
}

/** An allow that reaches beyond one call, until the caller's session ends. */
export interface SessionOffer {
  readonly rule: PermissionRule;
  /** What it covers, in the person's words: "this exact command". */
  readonly text: string;
}

export interface Inspection {
  /** The call with every recognised secret masked: the only form that is shown, and kept after the decision. */
  readonly shown: ToolCall;
  /** How many different secrets were masked; undefined when the check could not be made. */
  readonly secrets: number | undefined;
  /** What the person should notice, in their words: "deletes recursively". */
  readonly warnings: readonly string[];
  /**
   * What a Write replaces: the file's text as it was when the call was asked, masked as the call is, or why that is not
   * shown. Absent where there was no file, or where that is not known.
   */
  readonly replaces?: { readonly text: string } | { readonly unknown: string } | undefined;
  /** Masks have made different lines look alike: old and new are not to be compared line by line. */
  readonly isUnlike?: boolean | undefined;
  /** Only where it is safe and can be expressed. */
  readonly session?: SessionOffer | undefined;
}
