// What each notice says, line by line. Product text: the words themselves are in the files that this one picks from.
import { auditLines } from "./audit-notice.ts";
import { ABILITIES, type ChannelAbilities, type ChannelName } from "./channel.ts";
import {
  closedText,
  helpText,
  lateTapText,
  moreText,
  pendingLines,
  resumedText,
  statusText,
  unclearText,
} from "./command-words.ts";
import {
  decidedByText,
  decidedText,
  failedText,
  interruptedText,
  notOfferedText,
  notRunText,
  overtakenText,
  ranAnywayText,
  recordLostText,
  staleText,
  unknownText,
} from "./decision-words.ts";
import { endedText, grantLines, revokedLines } from "./grant-words.ts";
import { instructionLine } from "./instruction.ts";
import { closingText, keptOpenText, membershipLines } from "./keep-open.ts";
import { newsLines } from "./news-words.ts";
import type { Notice } from "./notice.ts";
import { isPairingNotice, pairingLines } from "./pairing-notice.ts";
import { parkedLines } from "./parked-words.ts";
import { isPeopleNotice, type PeopleNotice } from "./people-notice.ts";
import { peopleLines } from "./people-words.ts";
import {
  answerUnclearText,
  questionAnsweredText,
  questionMovedText,
  questionStaleText,
} from "./question-words.ts";
import { notAskedText, SEVERAL_HEADS, singlyText } from "./several-words.ts";
import {
  runWhereText,
  TASKS_OFF_TEXT,
  TASKS_QUIET_TEXT,
  taskLines,
  taskListLines,
  taskText,
} from "./task-words.ts";
import { type Line, line, type Text } from "./text.ts";
import {
  CLASH_TEXT,
  EDITED_TEXT,
  FORWARDED_TEXT,
  forgedText,
  tooLateText,
  uncheckedText,
  unclearWaitingText,
} from "./uncounted-words.ts";

/** @param channel the one that it is told on: no words of ours speak of what is not there */
export function noticeLines(notice: Notice, channel: ChannelName = "whatsapp"): readonly Line[] {
  if (notice.kind === "news") return newsLines(notice);
  if (notice.kind === "instruction-taken" || notice.kind === "instruction-refused")
    return [instructionLine(notice)];
  if (notice.kind === "pending") return pendingLines(notice);
  if (notice.kind === "audit-head" || notice.kind === "log-broken") return auditLines(notice);
  if (isPeopleNotice(notice)) return peopleLines(notice);
  if (isPairingNotice(notice)) return pairingLines(notice);
  if (notice.kind === "parked" || notice.kind === "parked-ended") return parkedLines(notice);
  if (notice.kind === "grants") return grantLines(notice.grants);
  if (notice.kind === "membership-ending") return membershipLines(notice);
  if (notice.kind === "revoked") return revokedLines(notice);
  if (notice.kind === "task") return taskLines(notice);
  if (notice.kind === "tasks") return taskListLines(notice);
  if (notice.kind === "several") {
    const head = notice.head === undefined ? [] : [line(SEVERAL_HEADS[notice.head])];
    return [...head, ...notice.lines.flatMap((each) => noticeLines(each, channel))];
  }
  return [line(sentence(notice, ABILITIES[channel]))];
}

type OneSentence = Exclude<
  Notice,
  {
    kind:
      | "news"
      | "pending"
      | "grants"
      | "revoked"
      | "membership-ending"
      | "paired"
      | "approver-added"
      | "approver-lost"
      | "parked"
      | "parked-ended"
      | "instruction-taken"
      | "instruction-refused"
      | "audit-head"
      | "log-broken"
      | "several"
      | "task"
      | "tasks"
      | PeopleNotice["kind"];
  }
>;

function sentence(notice: OneSentence, abilities: ChannelAbilities): Text | string {
  switch (notice.kind) {
    case "decided": {
      const { id, outcome, acknowledged, by } = notice;
      return by === undefined
        ? decidedText(id, outcome, acknowledged, notice)
        : decidedByText(id, outcome, by, acknowledged, notice);
    }
    case "stale":
      return staleText(notice.request, notice.now);
    case "interrupted":
      return interruptedText(notice);
    case "not-offered":
      return notOfferedText(notice.id, abilities);
    case "unknown":
      return unknownText(notice.id);
    case "failed":
      return failedText(notice.id);
    case "question-stale":
      return questionStaleText(notice.id, notice.place);
    case "question-moved":
      return questionMovedText(notice.id, notice.place);
    case "question-answered":
      return questionAnsweredText(notice.id, notice.place, notice.by, notice.name);
    case "answer-unclear":
      return answerUnclearText(notice.id, notice.question);
    case "overtaken":
      return overtakenText(notice.id, notice.cause);
    case "ran-anyway":
      return ranAnywayText(notice.id);
    case "record-lost":
      return recordLostText(notice.denied, notice.isRenewed);
    case "not-run":
      return notRunText(notice.id, notice.toolName, notice.mayBeInterrupted);
    case "chat-closing":
      return closingText(notice);
    case "kept-open":
      return keptOpenText(abilities);
    case "unclear-waiting":
      return unclearWaitingText(notice);
    case "singly":
      return singlyText(notice.id, notice.why);
    case "tasks-off":
      return TASKS_OFF_TEXT;
    case "tasks-quiet":
      return TASKS_QUIET_TEXT;
    case "run-where":
      return runWhereText(notice);
    case "task-refused":
    case "killed":
    case "forgotten":
      return taskText(notice);
    case "not-asked":
      return notAskedText(notice.command, notice.code);
    case "unchecked":
      return uncheckedText(notice.id, abilities);
    case "forged":
      return forgedText(notice.id);
    case "clash":
      return CLASH_TEXT;
    case "edited":
      return EDITED_TEXT;
    case "forwarded":
      return FORWARDED_TEXT;
    case "too-late":
      return tooLateText(notice);
    case "help":
      return helpText(abilities);
    case "unclear":
      return unclearText(abilities);
    case "late-tap":
      return lateTapText(abilities);
    case "pause-over":
      return `That pause is already over.${endedText(notice.ended)}`;
    case "more":
      return moreText(notice);
    case "closed":
      return closedText(notice.mode, notice.unrecorded) + endedText(notice.ended);
    case "resumed":
      return resumedText(notice.wasOpen, notice.unrecorded);
    case "status":
      return statusText(notice.mode, notice.waiting, notice.grants, notice.unrecorded);
  }
}
