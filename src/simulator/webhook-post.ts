// Posts a form to our server the way Twilio does: signed over the URL and every parameter, fifteen seconds at most.
import { randomUUID } from "node:crypto";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { withDeadline } from "../core/timing.ts";
import type { WebhookResult } from "./contract.ts";

/** Twilio gives up on a webhook after 15 s in all. */
const TIMEOUT_MS = 15_000;

export type FormParams = Readonly<Record<string, string>>;

/** A signed form on its way. */
export interface FormRequest extends RequestInit {
  readonly headers: Headers;
  readonly body: string;
}

/** The part of `fetch` that is needed here. */
export type FetchForm = (url: string, form: FormRequest) => Promise<Response>;

export type WebhookPost = (url: string, params: FormParams) => Promise<WebhookResult>;

/**
 * @param closing aborts every post under way.
 * @returns a function that never rejects: a connection failure is part of its result.
 */
export function createWebhookPost(deps: {
  readonly authToken: string;
  readonly closing: AbortSignal;
  readonly fetch?: FetchForm | undefined;
}): WebhookPost {
  const fetchForm = deps.fetch ?? fetch;
  return async (url, params) => {
    const headers = new Headers({
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "user-agent": "TwilioProxy/1.1",
      "i-twilio-idempotency-token": randomUUID(),
      accept: "*/*",
      connection: "close",
      "x-twilio-signature": getExpectedTwilioSignature(deps.authToken, url, { ...params }),
    });
    try {
      const send = async (signal: AbortSignal) => {
        const response = await fetchForm(url, {
          method: "POST",
          headers,
          body: new URLSearchParams(params).toString(),
          redirect: "manual",
          signal,
        });
        return {
          status: response.status,
          body: await response.text(),
          contentType: response.headers.get("content-type") ?? "",
        };
      };
      return await withDeadline(TIMEOUT_MS, send, { signal: deps.closing });
    } catch (error) {
      return { status: 0, body: "", contentType: "", error: describe(error) };
    }
  };
}

// fetch hides the reason ("connect ECONNREFUSED …") in the cause.
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
