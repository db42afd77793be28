// What the person is told beside the call itself: that something begins to work by itself, and where.
import type { TaskSession } from "../core/ports/task-store.ts";
import { quotedWords } from "../domain/quoted-words.ts";
import { visibleLine } from "../domain/visible.ts";

/** UTF-16 units of what a task was told before. */
const MAX_BEFORE = 120;

export function startWarning({
  profile,
  folder,
  maxTurns,
}: Pick<TaskSession, "profile" | "folder" | "maxTurns">): string {
  const what = profile === "verification" ? "starts Claude Code, which can only read," : "starts Claude Code";
  return `${what} in ${visibleLine(folder)} for up to ${maxTurns} turns; ${settingsNote(profile)}`;
}

export function continueWarning({ number, profile, folder, task }: TaskSession): string {
  return `continues task s${number} in ${visibleLine(folder)}, which was last told ${quotedWords(task, MAX_BEFORE)}; ${settingsNote(profile)}`;
}

export function verifyWarning({ folder }: Pick<TaskSession, "folder">): string {
  return `starts Claude Code, which can only read, in ${visibleLine(folder)}`;
}

function settingsNote(profile: TaskSession["profile"]): string {
  return profile === "verification"
    ? "the settings of that folder do not count"
    : "the hooks and rules in that folder's settings count";
}
