// "Tell me when it is done": what the phone reads when Claude has finished, or waits for its person. Product text.
import { offerLine } from "./instruction.ts";
import type { NewsNotice } from "./news-notice.ts";
import { field, foreign, type Line, line, text } from "./text.ts";

const NEWS = {
  finished: { title: "Claude has finished", whose: "Claude's words" },
  failed: { title: "Claude has stopped with an error", whose: "Claude Code's words" },
  "waits-at-terminal": { title: "Claude waits for you at the terminal", whose: "Claude Code's words" },
} as const;

export function newsLines({ news, project, words = "", replyWithinMs }: NewsNotice): readonly Line[] {
  const { title, whose } = NEWS[news];
  // A message to read, not a call to judge: line breaks may go, or every one would show as an escape.
  const flat = words.replaceAll(/\s+/g, " ").trim();
  return [
    { role: "title", text: [title] },
    ...(flat === "" ? [] : [line(text`${whose}: ${foreign("words", flat)}`)]),
    ...(project === undefined ? [] : [field("Project", [foreign("project", project)])]),
    ...(replyWithinMs === undefined ? [] : [line(offerLine(Math.round(replyWithinMs / 60_000)))]),
  ];
}
