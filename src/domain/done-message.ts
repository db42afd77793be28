// "Tell me when it is done": what the phone reads when Claude has finished, or waits for its person. Product text.
import { plainLine } from "./visible.ts";

/** UTF-16 units of Claude's words; the rest is at the terminal. */
const MAX_WORDS = 300;
const MAX_PROJECT = 60;

/** @param words of Claude, secrets masked; absent when there are none or they could not be checked */
export function doneText(project: string | undefined, words: string | undefined): string {
  return newsText("Claude has finished", project, "Claude's words", words);
}

/** @param words of Claude Code: what it waits for */
export function waitsText(project: string | undefined, words: string | undefined): string {
  return newsText("Claude waits for you at the terminal", project, "Claude Code's words", words);
}

function newsText(news: string, project: string | undefined, whose: string, words = ""): string {
  // A message to read, not a call to judge: line breaks may go, or every one would show as an escape.
  const line = words.replaceAll(/\s+/g, " ").trim();
  return [
    `*${news}*`,
    ...(line === "" ? [] : [`${whose}: ${plainLine(line, MAX_WORDS)}`]),
    ...(project === undefined ? [] : [`*Project:* ${plainLine(project, MAX_PROJECT)}`]),
  ].join("\n");
}
