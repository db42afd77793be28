// One line of the log for each request as it comes and as it ends: readable on a terminal, fields for a program. Everything
// foreign is made safe to show, and what does not fit into the terminal's width is cut visibly.
import { styleText } from "node:util";
import type { Journal, JournalEnd, JournalRequest } from "../core/ports/journal.ts";
import type { Outcome } from "../domain/approval.ts";
import { cutLine } from "../domain/call-line.ts";
import { endedWords } from "../domain/ended-words.ts";
import { toolText } from "../domain/names.ts";
import { agoText } from "../domain/time-words.ts";
import { visibleLine } from "../domain/visible.ts";
import type { ServerLog } from "./log.ts";

export interface RequestLinesOptions {
  readonly log: Pick<ServerLog, "event">;
  readonly colours: boolean;
  /** How many columns a line has beside the time and the level in front of it. */
  readonly columns: () => number;
}

type LineStyle = "green" | "red" | "yellow" | "cyan";

const STYLES: Readonly<Partial<Record<Outcome["status"], LineStyle>>> = {
  approved: "green",
  denied: "red",
  blocked: "red",
  refused: "red",
  undeliverable: "red",
  failed: "red",
};
/** A project's or a tool's name, UTF-16 units. */
const MAX_NAME = 40;

/** What is turned away at once has its own line in the log, with a count. */
export function createRequestLines({ log, colours, columns }: RequestLinesOptions): Journal {
  /** Approved ones until it is known whether their callers took the answer. */
  const approved = new Set<string>();

  function line(
    id: string,
    style: LineStyle,
    what: string,
    { request }: Pick<JournalEnd, "request">,
  ): string {
    const rest = [...placeOf(request), `${nameOf(toolText(request.toolName))}: ${request.call}`].join(", ");
    const words = cutLine(`${what}: ${rest}`, Math.max(MIN_COLUMNS, columns() - id.length - 1));
    if (!colours) return `${id} ${words}`;
    // Only what is ours and whole is coloured.
    const isWhole = words.startsWith(`${what}:`);
    return `${paint("bold", id)} ${isWhole ? `${paint(style, what)}${words.slice(what.length)}` : words}`;
  }

  return {
    asked(request) {
      log.event(
        { ...fieldsOf(request), warnings: request.warnings, waiting: request.waiting },
        "request asked",
        () => line(request.id, "cyan", "asked", { request }),
      );
    },
    ended({ request, outcome, tookMs, delivery }) {
      const { status } = outcome;
      const { text, by, advice } = endedWords(outcome);
      if (status === "approved") approved.add(request.id);
      const code = status === "undeliverable" ? outcome.code : undefined;
      const fields = { ...fieldsOf(request), status, by, how: text, code, advice, tookMs, delivery };
      log.event(fields, "request ended", () => {
        // What was told of a delivery is a sentence of its own.
        const took = `${text.replace(/\.$/, "")} after ${agoText(tookMs)}`;
        const ended = line(request.id, STYLES[status] ?? "yellow", took, { request });
        return advice === undefined ? ended : `${ended}\n    → ${advice}`;
      });
    },
    answered(id, taken) {
      const wasApproved = approved.delete(id);
      if (taken || !wasApproved) return;
      log.event({ id }, "the caller of an approved request was no longer there", () => {
        const what = "was approved, but its caller was no longer there: nothing ran";
        return `${colours ? paint("bold", id) : id} ${colours ? paint("yellow", what) : what}`;
      });
    },
    turnedAway() {},
  };
}

/** On a terminal that is narrower than this a line is wrapped instead. */
const MIN_COLUMNS = 20;

function paint(style: LineStyle | "bold", text: string): string {
  return styleText(style, text, { validateStream: false });
}

function fieldsOf({ id, door, project, requester, agent, toolName, call }: JournalRequest): object {
  return {
    id,
    door,
    project: project === undefined ? undefined : nameOf(project),
    requester,
    agent: agent === undefined ? undefined : nameOf(agent),
    tool: nameOf(toolName),
    call,
  };
}

/** Who asks, as far as it is known. */
function placeOf({ project, requester, agent }: JournalRequest): string[] {
  return [project, requester, agent].flatMap((name) => (name === undefined ? [] : [nameOf(name)]));
}

function nameOf(name: string): string {
  return cutLine(visibleLine(name.slice(0, 2 * MAX_NAME)), MAX_NAME);
}
