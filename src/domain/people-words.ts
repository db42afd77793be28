// What is read because several people are there: product text.
import type { ApprovalRequest } from "./approval.ts";
import { decidedByText, staleText } from "./decision-words.ts";
import { headline } from "./headline.ts";
import { toolText } from "./names.ts";
import type { PeopleNotice } from "./people-notice.ts";
import { requestMessage } from "./request-message.ts";
import { foreign, type Line, line, text } from "./text.ts";

export function peopleLines(notice: PeopleNotice): readonly Line[] {
  switch (notice.kind) {
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
