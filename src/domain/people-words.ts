// What is read because several people are there: product text.
import type { ApprovalRequest } from "./approval.ts";
import { decidedByText, staleText } from "./decision-words.ts";
import { headline } from "./headline.ts";
import { toolText } from "./names.ts";
import type { PeopleNotice } from "./people-notice.ts";
import { requestMessage } from "./request-message.ts";
import { foreign, type Line, line, type Text, text } from "./text.ts";
import { whoAll, whoOf } from "./who-words.ts";

export function peopleLines(notice: PeopleNotice): readonly Line[] {
  switch (notice.kind) {
    case "counted":
      return [line(countedText(notice))];
    case "counted-before":
      return [
        line(
          `${notice.id}: you have approved it already, ${haveText(notice)}. Somebody else must approve it too; nothing has run`,
        ),
      ];
    case "to-confirm":
      return [
        line(
          text`${answeredBy(notice)}. Nothing changed: APPROVE ${notice.id} confirms that, DENY ${notice.id} ends it`,
        ),
      ];
    case "ran-out": {
      const { id, short, needed } = notice;
      return [
        line(
          text`⌛ ${id} expired: ${haveText({ have: short.length, needed })} (${whoAll(short)}), nothing ran`,
        ),
      ];
    }
    case "not-yours":
      return [line(`${notice.id} is of a project that you are not asked about: nothing changed`)];
    case "only-told":
      return [line("This phone is only told of requests: no answer from it decides anything.")];
    case "watched":
      return watchedLines(notice.request);
    case "watched-ended":
      return [line(endedWatchedText(notice))];
  }
}

function watchedLines(request: ApprovalRequest): readonly Line[] {
  const { id, call, inspection, project } = request;
  const what = text`${foreign("tool", toolText(call.toolName))} ${foreign("headline", headline(inspection.shown))}`;
  const where = project === undefined ? "" : text`, project ${foreign("project", project)}`;
  return [
    line(text`👀 ${id} is asked: ${what}${where}`),
    ...requestMessage(request)
      .warnings(0)
      .map((warning) => line(`⚠️ ${warning}`)),
    line("You are only told: others answer it."),
  ];
}

function endedWatchedText({
  request,
  outcome,
  acknowledged,
}: Extract<PeopleNotice, { kind: "watched-ended" }>) {
  const { id, call, executor, door } = request;
  const isAnswered = outcome.status === "approved" || outcome.status === "denied";
  const parties = { toolName: call.toolName, executor, ...(door === "phone" ? { door } : {}) };
  if (isAnswered && outcome.by !== "policy" && outcome.by !== "grant")
    return decidedByText(id, outcome, outcome.by, acknowledged, parties);
  return staleText({ id, outcome, acknowledged, toolName: call.toolName, executor }, 0);
}

type CountedNotice = Extract<PeopleNotice, { kind: "counted" }>;

function countedText(notice: CountedNotice): Text {
  const { id, by, name, answers, isOwn, have, needed } = notice;
  const more = needed - have === 1 ? "one more is needed" : `${needed - have} more are needed`;
  const state = `${haveText(notice)}; ${more}, and nothing has run`;
  if (isOwn) return text`☑️ ${id}: your approval counts. ${state}`;
  const who = answers === undefined ? text`${id}: ${whoOf(by, name)} has approved it` : answeredBy(notice);
  return text`☑️ ${who}. ${state}. APPROVE ${id} or DENY ${id}`;
}

function haveText({ have, needed }: Pick<CountedNotice, "have" | "needed">): string {
  return `${have} of ${needed} ${have === 1 ? "has" : "have"} approved`;
}

/** Options by their numbers: their labels may hold secrets. */
function answeredBy({
  id,
  by,
  name,
  answers = [],
}: Extract<PeopleNotice, { kind: "counted" | "to-confirm" }>): Text {
  const said = answers.flatMap((answer, at): Text => {
    const begin = `${at === 0 ? "" : ", "}${answers.length === 1 ? "" : `question ${at + 1}: `}`;
    if ("text" in answer) return text`${begin}${foreign("words", answer.text)}`;
    return text`${begin}option ${answer.options.join(" and ")}`;
  });
  return text`${id}: ${whoOf(by, name)} has answered: ${said}`;
}
