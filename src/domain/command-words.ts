// What the phone reads after a command, and after words that are not one: product text.

import type { ApprovalRequest } from "./approval.ts";
import type { ChannelAbilities } from "./channel.ts";
import { headline } from "./headline.ts";
import { count, toolText } from "./names.ts";
import type { Notice } from "./notice.ts";
import { ownCommand } from "./own-command.ts";
import type { ClosedMode, ServiceMode } from "./service-mode.ts";
import { foreign, type Line, line, text } from "./text.ts";
import { clockText, duration } from "./time-words.ts";

/** Lines of PENDING: a phone's screen, and what one plain message takes. */
const MAX_LISTED = 10;

const UNRECORDED_CLOSED =
  " ⚠️ It could not be written down: until that succeeds, it holds only until the server stops.";
const UNRECORDED_OPEN =
  " ⚠️ It could not be written down: until that succeeds, what held before would hold again after a restart of the server.";

/** When everything is refused without asking. @param unrecorded it could not be written down */
export function closedText(mode: ClosedMode, unrecorded = false): string {
  return `${closedWords(mode)}${unrecorded ? UNRECORDED_CLOSED : ""}`;
}

function closedWords(mode: ClosedMode): string {
  return mode.kind === "paused"
    ? `Paused until ${clockText(mode.until)}: every request is denied without asking. RESUME ends it.`
    : `Stopped: everything that waited was denied, and so is everything new. Only the command ${ownCommand("resume")} on the machine ends it.`;
}

/** What HELP answers, and what an unclear reply gets while nothing waits, at most once a minute. */
export function helpText({ hasButtons }: ChannelAbilities): string {
  return `${hasButtons ? "Tap a button, or type" : "Type"} APPROVE or DENY and the request ID, for example:\n${HELP}`;
}

const HELP =
  "APPROVE kqmwa\nDENY kqmwa use the test database\n" +
  "Several at once: APPROVE kqmwa kqmwb, APPROVE ALL (asks once more), DENY ALL.\n" +
  "You can also reply to the request itself: yes, no, or the reason why not.\n" +
  "A question takes a number or your own words: kqmwa 2\n" +
  "MORE kqmwa sends what was too long to be sent at once. " +
  "PENDING lists what waits, GRANTS what Session has allowed, REVOKE kqmwa or REVOKE ALL ends that, " +
  "STATUS tells how things stand, PAUSE 30 denies everything for 30 minutes, " +
  "RESUME ends that, PANIC denies everything until somebody at the machine ends it.\n" +
  "With tasks on: RUN web-shop: what to do, TASKS, KILL s3; a reply to a task's message goes on with it.";

export function unclearText(abilities: ChannelAbilities): string {
  return `Nothing changed. ${helpText(abilities)}`;
}

/** A tap is read afterwards by its title only: which request it was for is not known, only that it came to nothing. */
export function lateTapText({ hasButtons }: ChannelAbilities): string {
  const [what, again] = hasButtons ? ["tap", "Tap"] : ["answer", "Answer"];
  return `Your ${what} came while the approval server was restarting: it did not count. ${again} again if the request still waits.`;
}

/** After the parts that MORE has asked for. */
export function moreText({ id, sent, left, stopped, isQuestion }: Extract<Notice, { kind: "more" }>): string {
  const parts = sent === 0 ? "" : `${count(sent, "more part")} sent`;
  if (stopped === "ended")
    return `${id} does not wait any longer, or never did: ${parts === "" ? "nothing more is sent" : parts}`;
  if (stopped === "failed")
    return `${id}: ${parts === "" ? "no more parts sent" : parts}, then one could not be sent. MORE ${id} tries again.`;
  // No channel is named here: not every one has buttons.
  const decide =
    isQuestion === true
      ? `${id} and a number or your own words answers, DENY ${id} gives no answer.`
      : `APPROVE ${id} or DENY ${id} decides.`;
  if (sent === 0) return `${id}: there is nothing more to send. ${decide}`;
  return left > 0
    ? `${id}: ${parts}, ${left} left: MORE ${id} sends the next. ${decide}`
    : `${id}: ${parts}, the last ${sent === 1 ? "one" : "ones"}. ${decide}`;
}

export function resumedText(wasOpen: boolean, unrecorded = false): string {
  const words = wasOpen ? "Nothing was paused." : "Resumed: requests are sent to the phone again.";
  return `${words}${unrecorded ? UNRECORDED_OPEN : ""}`;
}

/** @param grants how many hold */
export function statusText(mode: ServiceMode, waiting: number, grants: number, unrecorded = false): string {
  const open = `Open: requests are sent to the phone.${unrecorded ? UNRECORDED_OPEN : ""}`;
  const state = mode.kind === "open" ? open : closedText(mode, unrecorded);
  const holding = grants === 0 ? "" : ` ${count(grants, "grant")} held: GRANTS lists them.`;
  return `${state}\n${count(waiting, "request")} waiting.${holding}`;
}

/** @param now epoch ms */
export function pendingLines({
  requests,
  now,
}: {
  readonly requests: readonly ApprovalRequest[];
  readonly now: number;
}): readonly Line[] {
  if (requests.length === 0) return [line("Nothing waits.")];
  const more = requests.length - MAX_LISTED;
  return [
    line(`${count(requests.length, "request")} waiting:`),
    ...requests.slice(0, MAX_LISTED).map((request) => pendingLine(request, now)),
    ...(more > 0 ? [line(`and ${more} more`)] : []),
  ];
}

function pendingLine({ id, call, inspection, expiresAt, parking }: ApprovalRequest, now: number): Line {
  const tool = foreign("tool", toolText(call.toolName));
  const what = foreign("headline", headline(inspection.shown));
  const parked = parking?.parkedAt === undefined ? "" : ", parked";
  return line(text`${id}: ${tool} ${what}${parked}, ${duration(expiresAt - now)} left`);
}
