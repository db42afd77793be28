// The log: JSON lines, or readable lines on a terminal, always on stderr. Must never contain a secret.

import { pino } from "pino";
import pretty from "pino-pretty";
import type { Log } from "../core/ports/log.ts";

export interface LogOptions {
  readonly level: string;
  /** Readable lines with colours instead of JSON. */
  readonly terminal: boolean;
  /** Values that are replaced wherever they would appear. */
  readonly secrets: readonly string[];
}

export function createLog({ level, terminal, secrets }: LogOptions): Log {
  const masked = secretForms(secrets);
  const destination = terminal
    ? pretty({ destination: 2, sync: true, ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss" })
    : pino.destination({ dest: 2, sync: true });
  return pino(
    {
      level,
      base: null,
      serializers: { err: describeError },
      hooks: {
        streamWrite: (line) => masked.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line),
      },
    },
    destination,
  );
}

/** Each secret as it is and as JSON writes it, the longest first: one may be the beginning of another. */
function secretForms(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return [...new Set(forms)].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
}

/** The parts of an error that are safe and useful: HTTP clients attach request headers, credentials included, to theirs. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error))
    return { message: typeof error === "string" ? error : `a thrown ${typeof error}` };
  const { name, message, stack } = error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: name,
    message,
    code,
    ...(error.cause === undefined ? {} : { cause: describeCause(error.cause) }),
    stack: stack ?? message,
  };
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : typeof cause;
}
