// Reads what the Agent Platform answers. Nothing in it is believed before it has been looked at, and nothing foreign is passed on.
import { z } from "zod";

const answerSchema = z.object({
  messages: z.array(z.object({ id: z.string().min(1) })).optional(),
  id: z.string().min(1).optional(),
});

const errorSchema = z.object({ error: z.object({ code: z.number().int() }) });

/** Empty where it is not what it should be. */
export function readAnswer(text: string): z.infer<typeof answerSchema> {
  return answerSchema.safeParse(parsed(text)).data ?? {};
}

/** The platform's code of an error; undefined where there is none: a proxy may have answered. */
export function readCode(text: string): number | undefined {
  return errorSchema.safeParse(parsed(text)).data?.error.code;
}

/** Far above what would be asked for, ms: nonsense must not silence the channel for days. */
const MAX_RETRY_AFTER_MS = 10 * 60_000;

/** @param header whole seconds, or a date @returns ms; 0 where it is absent or means nothing */
export function readRetryAfter(header: string | null, now: number): number {
  if (header === null || header.trim() === "") return 0;
  // Date.parse also makes a date of "-5".
  const date = /^\s*[A-Za-z]{3},/.test(header) ? Date.parse(header) - now : Number.NaN;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : date;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
