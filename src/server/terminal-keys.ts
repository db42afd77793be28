// The keys of a terminal that the server runs in: what waits, and the stop. Nothing that is typed here can approve: whoever
// misbehaves on this machine can type, too.
import type { ApprovalRequest } from "../domain/approval.ts";
import { callLine, cutLine } from "../domain/call-line.ts";
import { count, toolText } from "../domain/names.ts";
import { visibleLine } from "../domain/visible.ts";
import type { TerminalMode } from "./terminal-mode.ts";

/** A terminal's input, as Node has it. */
export interface KeyInput {
  on(event: "data" | "error", take: (chunk: Buffer | string) => void): unknown;
  off(event: "data", take: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface KeyActions {
  /** Prints one or more lines. */
  readonly say: (text: string) => void;
  readonly waiting: () => readonly ApprovalRequest[];
  /** Epoch ms. */
  readonly now: () => number;
  readonly columns: () => number;
  /** As SIGINT does. */
  readonly stop: () => void;
}

export const KEYS_TEXT = "Keys: p what waits, q stop, ? keys. Answers come from the phone only.";
const MAX_NAME = 40;
const CTRL = { c: "\u0003", d: "\u0004" } as const;

/** @param mode of the terminal, so that a key comes without Enter. @returns gives the terminal back as it was */
export function readKeys(input: KeyInput, mode: TerminalMode, actions: KeyActions): () => void {
  const take = (chunk: Buffer | string) => {
    const text = chunk.toString();
    // A key that is an arrow, or text that was pasted, is nothing of ours.
    if (text.length === 1) press(text, actions);
  };
  input.on("error", () => {});
  mode.byKey();
  input.on("data", take);
  input.resume();
  let isGivenBack = false;
  return () => {
    if (isGivenBack) return;
    isGivenBack = true;
    input.off("data", take);
    input.pause();
    mode.restore();
  };
}

function press(key: string, { say, waiting, now, columns, stop }: KeyActions): unknown {
  switch (key) {
    case "p":
    case "P":
      return say(waitingText(waiting(), now(), columns()));
    case "q":
    case "Q":
    case CTRL.c:
    case CTRL.d:
      return stop();
    case "?":
    case "h":
    case "H":
      return say(`${KEYS_TEXT}\n`);
    case "\r":
    case "\n":
      // People press Enter to set lines apart.
      return say("\n");
    default:
      return undefined;
  }
}

/** @param columns of the terminal */
export function waitingText(requests: readonly ApprovalRequest[], now: number, columns: number): string {
  if (requests.length === 0) return "Nothing waits.\n";
  const lines = requests.map(({ id, project, inspection, call, expiresAt }) => {
    const left = `${Math.max(0, Math.ceil((expiresAt - now) / 1000))} s left`;
    const names = [...(project === undefined ? [] : [nameOf(project)]), nameOf(toolText(call.toolName))];
    // A call whose secrets could not be looked for shows nothing of itself.
    const shown =
      inspection.secrets === undefined ? "(could not be looked through)" : callLine(inspection.shown);
    return cutLine(`  ${id}  ${left}  ${names.join(", ")}: ${shown}`, Math.max(20, columns - 1));
  });
  return [
    `${count(requests.length, "request")} ${requests.length === 1 ? "waits" : "wait"}:`,
    ...lines,
    "",
  ].join("\n");
}

function nameOf(name: string): string {
  return cutLine(visibleLine(name.slice(0, 2 * MAX_NAME)), MAX_NAME);
}
