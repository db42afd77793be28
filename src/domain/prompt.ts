// What the person reads before they decide: a call as the lines of a template, with the full text before it where a
// line does not hold it. Foreign text stays one line each and cannot pass for one of ours.
import { duration } from "./answer.ts";
import type { ApprovalRequest, ToolCall } from "./approval.ts";
import { count, fullText, hasOnlyCommandFields, sizeText, sortedJson, toolText } from "./full-text.ts";
import type { SessionOffer } from "./inspection.ts";
import { splitIntoParts } from "./parts.ts";
import { parseQuestions, QUESTION_TOOL } from "./question.ts";
import { codeLine, cutLine, noGaps, plainLine } from "./visible.ts";
import { badges, gaps, listsAbove, warningLine, warningList } from "./warnings.ts";

/** A template's key and the value of each of its named variables (one line each, never empty), and what goes first. */
export interface Prompt {
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  /** Plain messages that show the whole call; empty when the lines hold it. */
  readonly parts: readonly string[];
  /** Whether the message offers to allow the call for the session. */
  readonly offersSession: boolean;
}

/** Together below WhatsApp's 1,024 characters a message, the fixed text included. UTF-16 units. */
const LIMIT = {
  command: 400,
  reason: 130,
  project: 60,
  tool: 80,
  key: 40,
  value: 130,

  session: 100,
} as const;
/** Of a text that is shown in full above. */
const HEAD_LENGTH = 100;
/** WhatsApp refuses an empty variable. */
const NONE = "-";
const MAX_LINES = 3;
/** From so many waiting requests on, the newest message says how many. */
const MANY_WAITING = 3;
/** Shown first, because they say the most. */
const LEADING_KEYS = ["file_path", "notebook_path", "url", "query", "replace_all"];

/** Describes a request. */
export function promptFor(request: ApprovalRequest): Prompt {
  const { inspection, id } = request;
  const summary = summarise(inspection.shown);
  const parts = summary.whole ? undefined : splitIntoParts(id, fullText(inspection.shown));
  const messages = parts?.messages ?? [];
  const warnings = [
    // First, so that a cut never takes away what the person cannot see otherwise.
    ...gaps(inspection, parts?.hidden ?? 0),
    ...badges(inspection.shown),
    ...inspection.warnings,
  ];
  // A rule would hold the secret itself, and "this exact command" would be text that the person has not seen.
  const session = warnings.length === 0 && inspection.secrets === 0 ? inspection.session : undefined;
  const where = messages.length === 0 ? "" : `full text above, ${count(messages.length, "part")}`;
  const { shape, values } = summary.lines(where);
  const lines = {
    ...values,
    project: plainLine(request.project ?? "", LIMIT.project),
    id,
    expiry: expiryText(request),
    ...(session ? { session: plainLine(session.text, LIMIT.session) } : {}),
    ...(warnings.length > 0 ? { warning: warningLine(warnings) } : {}),
  };
  return {
    template: `${shape}${session ? "_session" : warnings.length > 0 ? "_warning" : ""}`,
    values: Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, noGaps(value) || NONE])),
    parts: listsAbove(warnings) ? [warningList(id, warnings), ...messages] : messages,
    offersSession: session !== undefined,
  };
}

/** The offer to allow a request for the session, where its message makes one. */
export function sessionOffer(request: ApprovalRequest): SessionOffer | undefined {
  return promptFor(request).offersSession ? request.inspection.session : undefined;
}

/** The first thing of a call that tells what it does, as it stands: foreign text. */
export function headline({ toolName, input }: ToolCall): string {
  const asked = toolName === QUESTION_TOOL ? parseQuestions(input) : undefined;
  if (asked?.ok) return headOf(asked.questions[0]?.question ?? "");
  for (const key of ["command", ...LEADING_KEYS, "description", "prompt"]) {
    const value = input[key];
    if (typeof value === "string" && value.trim() !== "") return headOf(value);
  }
  return headOf(sortedJson(input, 0));
}

interface Summary {
  /** Whether the lines alone show the whole call. */
  readonly whole: boolean;
  /** The template's shape and its values. @param where names the full text; empty when there is none. */
  lines(where: string): { readonly shape: string; readonly values: Record<string, string> };
}

function summarise({ toolName, input }: ToolCall): Summary {
  const { command, description } = input;
  if (toolName === "Bash" && typeof command === "string" && hasOnlyCommandFields(input)) {
    return summariseCommand(command, description);
  }
  const entries = Object.entries(input).sort(([a], [b]) => rank(a) - rank(b));
  const lines = entries.map(([key, value]) => inputLine(toolName, key, value));
  return {
    whole: lines.length <= MAX_LINES && lines.every((line) => line.whole),
    lines(where) {
      const texts = lines.map(({ text }) => text);
      const shown = where === "" ? texts : [...texts.slice(0, MAX_LINES - 1), where];
      if (shown.length === 0) shown.push("no input");
      return {
        shape: `tool_${shown.length}`,
        values: {
          tool: plainLine(toolText(toolName), LIMIT.tool),
          ...Object.fromEntries(shown.map((line, index) => [`line${index + 1}`, line])),
        },
      };
    },
  };
}

function rank(key: string): number {
  const index = LEADING_KEYS.indexOf(key);
  return index < 0 ? LEADING_KEYS.length : index;
}

function summariseCommand(command: string, description: unknown): Summary {
  const whole = fitsLine(command, LIMIT.command);
  const reason = typeof description === "string" ? description.trim() : "";
  return {
    whole,
    lines: (where) => ({
      shape: "command",
      values: {
        command: whole
          ? codeLine(command)
          : `${cutLine(codeLine(headOf(command)), HEAD_LENGTH)} … (${where})`,
        reason: reason && `${plainLine(reason, LIMIT.reason)} (Claude's words)`,
      },
    }),
  };
}

function inputLine(toolName: string, key: string, value: unknown): { text: string; whole: boolean } {
  if (toolName === "Write" && key === "content" && typeof value === "string") {
    return { text: `content: ${sizeText(value)}`, whole: false };
  }
  const text = typeof value === "string" && !readsAsJson(value) ? value : sortedJson(value, 0);
  const name = plainLine(key, LIMIT.key);
  const whole = fitsLine(key, LIMIT.key - 2) && fitsLine(text, LIMIT.value - 2);
  const shown = whole ? plainLine(text) : plainLine(headOf(text), HEAD_LENGTH);
  return { text: `${name}: ${shown || NONE}`, whole };
}

/** Whether a string could be taken for another value, or for nothing: null, true, 1, {}, -. Shown in quotes then. */
function readsAsJson(text: string): boolean {
  if (text.length > LIMIT.value) return false;
  if (text === "" || text === NONE) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a line can show a text as it is: no break, no tab, no backtick, no long gap, not too long. */
function fitsLine(text: string, max: number): boolean {
  return !/[\n\r\t`]| {5}/.test(text) && codeLine(text).length <= max;
}

/** The first line that is not empty, as it stands. */
function headOf(text: string): string {
  return text.split("\n").find((line) => line.trim() !== "") ?? "";
}

function expiryText({ createdAt, expiresAt, waiting, inspection: { secrets = 0 } }: ApprovalRequest): string {
  return [
    duration(expiresAt - createdAt),
    ...(secrets > 0 ? [`${count(secrets, "secret")} masked`] : []),
    ...(waiting >= MANY_WAITING ? [`${waiting} requests wait: PENDING lists them`] : []),
  ].join(" · ");
}
