// What a phone is told about a request that waits on without Claude, as data.
import type { ApprovalId } from "./tool-call.ts";

/** What came of a request that waited on without Claude. */
export type ParkedEnd =
  | "finished"
  /** It ran; then Claude ended with an error, or was ended. */
  | "ran-then-stopped"
  /** It ran; Claude's next request is parked. */
  | "waits-again"
  | "call-failed"
  /** Claude took it up; whether it ran is not known. */
  | "unknown"
  | "not-run"
  | "not-started"
  /** The server was stopped between the approval and the start, or while Claude ran. */
  | "stopped-before"
  | "stopped-during"
  /** Something else has written to its record. */
  | "changed"
  /** The settings no longer allow it. */
  | "dropped";

/** About a request that waits on without Claude. */
export type ParkedNotice =
  | { readonly kind: "parked"; readonly id: ApprovalId; readonly name: string; readonly leftMs: number }
  | {
      readonly kind: "parked-ended";
      readonly id: ApprovalId;
      /** Of the folder. */
      readonly name: string;
      readonly end: ParkedEnd;
      /** Claude's last words, or why; masked; foreign. */
      readonly words?: string | undefined;
    };
