// What a phone is told about a request beside the answers to its replies, as data.
import type { CancelCause } from "./approval.ts";
import type { ApprovalId } from "./tool-call.ts";

/** About a request, without a reply to it. */
export type RequestNotice =
  /** Its message is on the phone, and it was answered elsewhere or is no longer wanted. */
  | {
      readonly kind: "overtaken";
      readonly id: ApprovalId;
      readonly cause: Extract<CancelCause, "terminal" | "withdrawn">;
    }
  /** It was denied on the phone, after somebody had said Yes at the terminal. */
  | { readonly kind: "ran-anyway"; readonly id: ApprovalId }
  /** It was approved on the phone, and nothing came of it. */
  | {
      readonly kind: "not-run";
      readonly id: ApprovalId;
      readonly toolName: string;
      /** Whether it may have been running when somebody at the terminal interrupted it. */
      readonly mayBeInterrupted: boolean;
    };
