// What each notice says, line by line. Product text: the words themselves are in the files that this one picks from.
import {
  closedText,
  HELP_TEXT,
  LATE_TAP_TEXT,
  moreText,
  pendingLines,
  resumedText,
  statusText,
  UNCLEAR_TEXT,
} from "./command-words.ts";
import {
  decidedByText,
  decidedText,
  failedText,
  notOfferedText,
  overtakenText,
  ranAnywayText,
  staleText,
  unknownText,
} from "./decision-words.ts";
import { newsLines } from "./news-words.ts";
import type { Notice } from "./notice.ts";
import {
  answerUnclearText,
  questionAnsweredText,
  questionMovedText,
  questionStaleText,
} from "./question-words.ts";
import { askerOf } from "./request-approval.ts";
import { type Line, line, type Text } from "./text.ts";

export function noticeLines(notice: Notice): readonly Line[] {
  if (notice.kind === "news") return newsLines(notice);
  if (notice.kind === "pending") return pendingLines(notice);
  return [line(sentence(notice))];
}

type OneSentence = Exclude<Notice, { kind: "news" | "pending" }>;

function sentence(notice: OneSentence): Text | string {
  switch (notice.kind) {
    case "decided": {
      const { id, outcome, acknowledged, by, toolName } = notice;
      const asker = askerOf(toolName);
      return by === undefined
        ? decidedText(id, outcome, acknowledged, asker)
        : decidedByText(id, outcome, by, acknowledged, asker);
    }
    case "stale":
      return staleText(notice.request, notice.now);
    case "not-offered":
      return notOfferedText(notice.id);
    case "unknown":
      return unknownText(notice.id);
    case "failed":
      return failedText(notice.id);
    case "question-stale":
      return questionStaleText(notice.id, notice.place);
    case "question-moved":
      return questionMovedText(notice.id, notice.place);
    case "question-answered":
      return questionAnsweredText(notice.id, notice.place, notice.by);
    case "answer-unclear":
      return answerUnclearText(notice.id, notice.question);
    case "overtaken":
      return overtakenText(notice.id, notice.cause);
    case "ran-anyway":
      return ranAnywayText(notice.id);
    case "help":
      return HELP_TEXT;
    case "unclear":
      return UNCLEAR_TEXT;
    case "late-tap":
      return LATE_TAP_TEXT;
    case "pause-over":
      return "That pause is already over.";
    case "more":
      return moreText(notice);
    case "closed":
      return closedText(notice.mode);
    case "resumed":
      return resumedText(notice.wasOpen);
    case "status":
      return statusText(notice.mode, notice.waiting);
  }
}
