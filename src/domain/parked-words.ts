// What the phone reads about a request that waits on without Claude, and about what came of it: product text. "It ran" is said only
// where Claude Code has said so.
import type { ParkedEnd, ParkedNotice } from "./parked-notice.ts";
import type { Parking } from "./parking.ts";
import { foreign, type Line, line, type Text, text } from "./text.ts";
import { duration } from "./time-words.ts";
import { visibleLine } from "./visible.ts";

/** Where the time to answer stands: what becomes of it later is part of what is approved. */
export function parkingText({ afterMs, folder, parkedAt }: Parking): string {
  const there = `in ${visibleLine(folder)}`;
  return parkedAt === undefined
    ? `Claude waits ${duration(afterMs)}; later it is resumed ${there}`
    : `parked: an approval resumes Claude ${there}`;
}

/** A part of the session's id: enough to tell it from others. */
export function sessionNote({ sessionId }: Parking): string {
  return `session ${sessionId.slice(0, 8)}`;
}

export function parkedLines(notice: ParkedNotice): readonly Line[] {
  const { id, name } = notice;
  const where = foreign("project", name);
  if (notice.kind === "parked") {
    return [
      line(text`⏸️ ${id} is parked: Claude's run in ${where} has ended, and nothing ran.`),
      line(`Answer within ${duration(notice.leftMs)}: APPROVE ${id} runs it and lets Claude go on.`),
    ];
  }
  // A message to read, not a call to judge: line breaks may go, or every one would show as an escape.
  const words = (notice.words ?? "").replaceAll(/\s+/g, " ").trim();
  return [
    line(endText(notice.end, id, where)),
    ...(words === "" ? [] : [line(text`${WHOSE[notice.end]}: ${foreign("words", words)}`)]),
  ];
}

const WHOSE: Readonly<Record<ParkedEnd, string>> = {
  finished: "Claude's words",
  "ran-then-stopped": "Why",
  "waits-again": "Claude's words",
  "call-failed": "Claude's words",
  unknown: "Why",
  "not-run": "Why",
  "not-started": "Why",
  "stopped-before": "Why",
  "stopped-during": "Why",
  changed: "Why",
  dropped: "Why",
};

function endText(end: ParkedEnd, id: string, where: ReturnType<typeof foreign>): Text {
  switch (end) {
    case "finished":
      return text`✅ ${id} ran in ${where}, and Claude has finished`;
    case "ran-then-stopped":
      return text`⚠️ ${id} ran in ${where}; then Claude was stopped`;
    case "waits-again":
      return text`✅ ${id} ran in ${where}. Claude's next request is parked`;
    case "call-failed":
      return text`⚠️ Claude took ${id} up in ${where}, but the call ended with an error, or a rule of Claude Code kept it from running`;
    case "unknown":
      return text`⚠️ Claude took ${id} up in ${where} and was stopped: whether it ran is not known`;
    case "not-run":
      return text`⚠️ ${id} was approved, but Claude did not run it`;
    case "not-started":
      return text`⚠️ ${id} was approved, but Claude could not be started: nothing ran`;
    case "stopped-before":
      return text`⚠️ ${id} was approved, but the approval server was stopped before Claude was started: nothing ran`;
    case "stopped-during":
      return text`⚠️ ${id} was approved and Claude was started for it, but the approval server was stopped: how far it came is not known`;
    case "changed":
      return text`⚠️ ${id} was parked, and its record was changed by something else: it cannot be approved any longer, nothing ran`;
    case "dropped":
      return text`⌛ ${id} was parked and can no longer be resumed: nothing ran`;
  }
}
