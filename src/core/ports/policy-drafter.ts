// A draft of policy.json made of the record: what a person has approved again and again, and nothing wider.
import type { ApprovalId } from "../../domain/tool-call.ts";

export interface DraftQuery {
  /** By its name. */
  readonly project: string;
  /** Epoch ms, included. */
  readonly since: number;
  /** Only what this token has asked. */
  readonly requester?: string | undefined;
}

export interface DraftedRule {
  /** In the policy's syntax. */
  readonly rule: string;
  /** How many of a person's approvals it stands on. */
  readonly approvals: number;
  /** The latest of them. */
  readonly examples: readonly ApprovalId[];
}

export interface PolicyDraft {
  /** The text of a file that the linter accepts; absent where the record gives no rule. */
  readonly text?: string | undefined;
  readonly rules: readonly DraftedRule[];
  /** Why the rest stays with a person, and how many approvals that are. */
  readonly leftOut: readonly { readonly why: string; readonly approvals: number }[];
  /** Requests that a person was asked about in this time. */
  readonly asked: number;
  /** How many of them the draft would have answered. */
  readonly answered: number;
  /** There was more in this time than was read. */
  readonly isCut: boolean;
}

export interface PolicyDrafter {
  /** Writes nothing: a person puts it into the file. Rejects where the record cannot be read. */
  draft(query: DraftQuery): Promise<PolicyDraft>;
}
