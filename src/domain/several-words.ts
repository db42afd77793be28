// What the phone reads after one reply to several requests: product text. A line for each of them, in its own words.

import type { SeveralHead } from "./notice.ts";
import type { ReasonCode } from "./reason-code.ts";
import type { ApprovalId } from "./tool-call.ts";

/** What stands above the lines. */
export const SEVERAL_HEADS: Readonly<Record<SeveralHead, string>> = {
  "none-approved": "Nothing was approved: a list is approved as a whole or not at all.",
  "not-among": "Not among them:",
  "none-to-ask": "Nothing changed. Nothing that waits can be approved together:",
};

/** @param why as `whySingly` has it */
export function singlyText(id: ApprovalId, why: string): string {
  return `${id} ${why}: answer it by itself`;
}

const NOT_ASKED: Readonly<Partial<Record<ReasonCode, string>>> = {
  paused: "approvals are paused. RESUME ends that",
  panic: "everything is stopped",
  policy: "the policy denies it",
  limit: "too much has been asked for already",
  undeliverable: "the question whether it should could not be sent",
  failed: "that could not be recorded",
};
/** Told already, or not worth a message: the person has denied it, or let it be. */
const SILENT: readonly ReasonCode[] = ["denied_by_person", "cancelled", "expired"];

/** Whether a command that was not carried out is told. */
export function isToldAsNotAsked(code: ReasonCode): boolean {
  return !SILENT.includes(code);
}

/** When a command from the phone was not carried out. @param command as it is typed */
export function notAskedText(command: string, code: ReasonCode): string {
  return `${command}: nothing ran, ${NOT_ASKED[code] ?? "something has changed since it was asked"}.`;
}
