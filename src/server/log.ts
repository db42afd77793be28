// The log: JSON lines, or readable lines on a terminal. Must never contain a secret, throw, or hold anything up.

import { createRequire } from "node:module";
import { pino } from "pino";
import type { Log } from "../core/ports/log.ts";
import { escapeRun, visibleBlock } from "../domain/visible.ts";
import { createReasons, describeExplained, isExplained } from "./explained-errors.ts";
import { withinLimit } from "./line-limit.ts";
import { createOutput, type Send } from "./output.ts";
import { createRepeatedLines } from "./repeated-lines.ts";

/** What an error says of itself can be as long as what somebody sent, UTF-16 units. */
const MAX_ERROR_LENGTH = 4_000;
const INFO = 30;
const WARNING = 40;
/** Stands for the text of an event until its line is formed. */
const MARK = "event";
const LEVELS = ["debug", "info", "warn", "error"] as const;

export interface LogOptions {
  readonly level: string;
  /** Readable lines instead of JSON. */
  readonly terminal: boolean;
  /** Default: what the process's terminal can show. */
  readonly colours?: boolean | undefined;
  /** Values that are replaced wherever they would appear. */
  readonly secrets: readonly string[];
  /** Where the lines go. */
  readonly send: Send;
}

export interface ServerLog extends Log {
  /** A line at the level info: on a terminal its text, for a program its fields with a message that is always the same. */
  event(fields: object, message: string, text: () => string): void;
  /** Resolves when every line has left or was dropped; a stream that nobody reads keeps it waiting. */
  idle(): Promise<void>;
}

export function createLog({ level, terminal, colours, secrets, send }: LogOptions): ServerLog {
  const masked = secretForms(secrets);
  const mask = (line: string) => masked.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line);
  const form = terminal ? readableForm(colours) : (line: string) => line;
  const output = createOutput(send, (lost) => form(lostLine(lost)));
  const lines = pino(
    {
      level,
      base: null,
      serializers: { err: describeError },
      hooks: {
        // In this order: half a secret would not be found.
        streamWrite: (line) => withinLimit(mask(line)),
      },
    },
    { write: (line: string) => output.write(form(line)) },
  );
  const repeated = createRepeatedLines((ms, task) => setTimeout(task, ms).unref());

  const withReason = createReasons(() => performance.now());

  /** What cannot even be put into words must not stop what it is about. */
  function write(at: (typeof LEVELS)[number], fields: object, message: string): void {
    try {
      const said = withReason(fields, message, terminal);
      lines[at](said.fields, said.message);
    } catch {
      output.write(form(`${JSON.stringify({ level: WARNING, time: Date.now(), msg: NOT_WRITABLE })}\n`));
    }
  }
  const at = (name: (typeof LEVELS)[number]) => (fields: object, message: string) =>
    write(name, fields, message);
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    refused: (fields, message) =>
      repeated.take(message, (more) =>
        write("warn", fields, more === 0 ? message : `${message}, and ${more.toLocaleString("en")} more`),
      ),
    event(fields, message, text) {
      if (!terminal) return write("info", fields, message);
      if (!lines.isLevelEnabled("info")) return;
      // Such a line has its own colours, which the formatter would escape.
      const empty = form(`${JSON.stringify({ level: INFO, time: Date.now(), msg: MARK })}\n`);
      output.write(mask(empty.replace(MARK, () => text())));
    },
    idle: output.idle,
  };
}

const NOT_WRITABLE = "a line of the log could not be put into words";

function lostLine(lost: number): string {
  const msg = `${lost.toLocaleString("en")} ${lost === 1 ? "line" : "lines"} of the log could not be written and are lost`;
  return `${JSON.stringify({ level: WARNING, time: Date.now(), lost, msg })}\n`;
}

/** What JSON leaves as it is, and a terminal obeys or reorders by. */
const STEERING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Loads what only a terminal needs. */
function readableForm(colours: boolean | undefined): (line: string) => string {
  const pretty = createRequire(import.meta.url)("pino-pretty") as typeof import("pino-pretty");
  const { isColorSupported, prettyFactory } = pretty;
  const form = prettyFactory({
    colorize: colours ?? isColorSupported,
    ignore: "pid,hostname",
    translateTime: "SYS:HH:MM:ss",
  });
  return (line) => form(line).replace(STEERING, escapeRun);
}

/** Each secret as it is, as an error shows it, and as JSON writes both, the longest first: one may be the beginning of another. */
function secretForms(secrets: readonly string[]): string[] {
  const forms = secrets
    .flatMap((secret) => [secret, visibleBlock(secret)])
    .flatMap((form) => [form, JSON.stringify(form).slice(1, -1)]);
  return [...new Set(forms)].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
}

/** The parts of an error that are safe and useful: HTTP clients attach request headers, credentials included, to theirs. */
export function describeError(error: unknown): object {
  if (isExplained(error)) return describeExplained(error);
  if (!(error instanceof Error))
    return { message: typeof error === "string" ? cut(error) : `a thrown ${typeof error}` };
  const { name, message, stack } = error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: name,
    message: cut(message),
    code,
    ...(error.cause === undefined ? {} : { cause: describeCause(error.cause) }),
    stack: cut(stack ?? message),
  };
}

/** An error may repeat what somebody sent: a file's name, the beginning of a body. */
function cut(text: string): string {
  const shown = visibleBlock(text.slice(0, MAX_ERROR_LENGTH));
  return text.length <= MAX_ERROR_LENGTH ? shown : `${shown}… (cut)`;
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? cut(`${cause.name}: ${cause.message}`) : typeof cause;
}
