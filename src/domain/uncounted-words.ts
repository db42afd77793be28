// What the phone reads after a reply that did not count: product text. Says what to do instead.

import type { ChannelAbilities } from "./channel.ts";
import type { Notice } from "./notice.ts";
import { agoText } from "./time-words.ts";
import type { ApprovalId } from "./tool-call.ts";
import type { TooLateNotice } from "./uncounted-notice.ts";

/** Ids in one sentence. */
const MAX_LISTED = 10;

/** While something waits: what, and how to name it. */
export function unclearWaitingText({
  requests,
  wanted,
}: Extract<Notice, { kind: "unclear-waiting" }>): string {
  const more = requests.length - MAX_LISTED;
  const ids = requests
    .slice(0, MAX_LISTED)
    .map(({ id, isQuestion }) => (isQuestion ? `${id} (a question)` : id));
  const listed = `${ids.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const verbs = wanted === undefined ? ["APPROVE", "DENY"] : [wanted.toUpperCase()];
  const [one, ...others] = requests;
  const how =
    others.length > 0 || one === undefined
      ? wanted === "session"
        ? "SESSION and the ID of the one that you mean"
        : `${verbs.join(" or ")} and the IDs that you mean, or ALL`
      : one.isQuestion
        ? `${one.id} and your answer, or DENY ${one.id}`
        : verbs.map((verb) => `${verb} ${one.id}`).join(" or ");
  return `Nothing changed. Waiting: ${listed}. Type ${how}.`;
}

/** @param id absent for a command */
export function uncheckedText(id: ApprovalId | undefined, { hasButtons }: ChannelAbilities): string {
  return id === undefined
    ? "⚠️ Your message could not be checked with Twilio: nothing changed. Send it again."
    : `⚠️ ${id}: your reply could not be checked with Twilio: nothing was approved by it. ${hasButtons ? "Tap" : "Answer"} again.`;
}

/** @param id absent for a command */
export function forgedText(id: ApprovalId | undefined): string {
  const what = id === undefined ? "A message" : `${id}: a reply`;
  return (
    `⚠️ ${what} in your name is not what Twilio has: nothing was approved by it. If it was yours, send it again. ` +
    "If not, somebody may know TWILIO_AUTH_TOKEN: type PANIC and change it."
  );
}

export const CLASH_TEXT =
  "⚠️ Two different replies came as one and the same message of yours: one of them is not yours. If you did not approve what is " +
  "confirmed here, type PANIC. Somebody may know TWILIO_AUTH_TOKEN: change it.";

const LATE: Readonly<Record<TooLateNotice["what"], readonly [what: string, left: string]>> = {
  resume: ["RESUME", "nothing was opened by it"],
  run: ["RUN", "nothing was started by it"],
  all: ["answer to ALL", "nothing was approved by it"],
  words: ["message", "it was not handed on"],
};

export function tooLateText({ what, ageMs }: TooLateNotice): string {
  const [name, left] = LATE[what];
  return `⌛ Your ${name} of ${agoText(ageMs)} ago came only now: ${left}. Send it again if you still want it.`;
}

export const FORWARDED_TEXT =
  "Nothing changed: a forwarded message does not count, as its words may be somebody else's. Write it yourself.";
export const EDITED_TEXT = "Nothing changed: an edited message does not count. Send a new one.";
