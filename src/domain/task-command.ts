// RUN, TASKS and KILL, as they are typed. Strict about RUN: a name, a colon, and what is to be done.

export type TaskCommand =
  | {
      readonly kind: "run";
      /** The name of a folder, or of a task: as it was typed. */
      readonly name: string;
      /** What is to be done there, as it was typed. */
      readonly task: string;
    }
  | { readonly kind: "tasks" }
  /** Without a name where none was typed: in reply to a task's message, that task. */
  | { readonly kind: "kill"; readonly name?: string | undefined };

/** A name is shorter, with all the marks behind it. */
const MAX_KILL_LENGTH = 200;

const RUN = /^\s*run\s+([\w.-]+)\s*:\s*(\S[\s\S]*)$/i;

/** Reads one of them; undefined for anything else. */
export function parseTaskCommand(text: string): TaskCommand | undefined {
  const [, folder, task] = RUN.exec(text) ?? [];
  if (folder !== undefined && task !== undefined) return { kind: "run", name: folder, task: task.trim() };
  if (text.length > MAX_KILL_LENGTH) return undefined;
  const [word = "", name, ...rest] = text.trim().toLowerCase().split(/\s+/);
  if (rest.length > 0) return undefined;
  if (word === "tasks" && name === undefined) return { kind: "tasks" };
  if (word !== "kill") return undefined;
  return name === undefined ? { kind: "kill" } : { kind: "kill", name: name.replace(/[.!,;:]+$/, "") };
}

/** Whether somebody wants a task to be run, and has not said it as it must be said. */
export function isRunWithoutColon(text: string): boolean {
  return /^\s*run(?:\s|:|$)/i.test(text) && parseTaskCommand(text) === undefined;
}
