// One message as Twilio's API has it, with what the answer says about time: no clock of ours is trusted with that.

import { z } from "zod";
import { cleanForeign, toDeliveryError } from "../error-advice.ts";
import type { LateClient } from "../late-client.ts";
import { retryAfterOf } from "../retry-after.ts";

/** A message at Twilio. Everything but its id may be missing. */
export interface FetchedMessage {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** By Twilio's clock, in whole seconds; epoch ms. */
  readonly sentAt: number | undefined;
}

export type FetchResult =
  /** @param servedAt by Twilio's clock, in whole seconds, epoch ms; undefined where the answer has no date */
  | { readonly kind: "found"; readonly message: FetchedMessage; readonly servedAt: number | undefined }
  | { readonly kind: "missing" }
  /** @param again whether the same call may work in a moment, then after `waitMs` where Twilio says so */
  | {
      readonly kind: "failed";
      readonly problem: string;
      readonly again: boolean;
      readonly waitMs?: number | undefined;
    };

/** Never rejects. */
export type FetchMessage = (sid: string) => Promise<FetchResult>;

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const resource = z.object({
  sid: text,
  account_sid: text,
  direction: text,
  from: text,
  to: text,
  body: text,
  date_sent: text,
  date_created: text,
});
const headersSchema = z.looseObject({ date: text }).catch({ date: "" });
const problemSchema = z
  .looseObject({ code: z.number().optional(), message: z.string().optional() })
  .catch({});

const NOT_FOUND = 404;

/** Over the SDK, so that the API key and `TWILIO_BASE_URL` hold here too. @param client of the account whose SID is given */
export function createFetchMessage(
  client: Pick<LateClient, "api" | "request">,
  accountSid: string,
): FetchMessage {
  return async (sid) => {
    try {
      // Not `messages(sid).fetch()`: its result leaves out when Twilio has answered.
      const uri = `${client.api.baseUrl}/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`;
      const { statusCode, body, headers } = await client.request({ method: "get", uri });
      return readAnswer(statusCode, body, headers);
    } catch (error) {
      const { message, advice } = toDeliveryError(error);
      const waitMs = retryAfterOf(error) || undefined;
      return { kind: "failed", problem: `${message} ${advice}`, again: true, waitMs };
    }
  };
}

function readAnswer(status: number, body: unknown, rawHeaders: unknown): FetchResult {
  const headers = headersSchema.parse(rawHeaders);
  if (status === NOT_FOUND) return { kind: "missing" };
  const json = typeof body === "string" ? parseJson(body) : body;
  if (status >= 200 && status < 300) {
    const read = resource.safeParse(json);
    if (!read.success) return { kind: "failed", problem: "Twilio's answer could not be read.", again: true };
    const { account_sid: accountSid, date_sent, date_created, ...message } = read.data;
    const sentAt = timeOf(date_sent) ?? timeOf(date_created);
    return { kind: "found", message: { ...message, accountSid, sentAt }, servedAt: timeOf(headers.date) };
  }
  const { code, message = "" } = problemSchema.parse(json);
  return {
    kind: "failed",
    problem: cleanForeign(`Twilio answered with HTTP ${status}${code ? ` (${code})` : ""} ${message}`),
    again: status === 429 || status === 408 || status >= 500,
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function timeOf(date: string): number | undefined {
  const at = Date.parse(date);
  return Number.isNaN(at) ? undefined : at;
}
