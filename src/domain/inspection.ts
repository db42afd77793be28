// What is known about a call before a person sees it: masked secrets, warnings, and what a grant would cover.
import type { Grantable } from "./grant.ts";
import type { ToolCall } from "./tool-call.ts";

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
  /** Absent where the same call may not be allowed again unseen. */
  readonly grantable?: Grantable | undefined;
}
