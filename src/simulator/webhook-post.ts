// Posts a form to our server the way Twilio does: signed over the URL and every parameter, fifteen seconds at most.
import { randomUUID } from "node:crypto";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { withDeadline } from "../core/timing.ts";
import type { WebhookResult } from "./contract.ts";

/** Twilio gives up on a webhook after 15 s in all. */
const TIMEOUT_MS = 15_000;

export type FormParams = Readonly<Record<string, string>>;

/** How the signature header is made: honestly, not at all, or with another token. */
export type Signing = "valid" | "none" | "forged";

export type WebhookPost = (
  url: string,
  params: FormParams,
  how?: { readonly signing?: Signing; readonly idempotencyToken?: string },
) => Promise<WebhookResult>;

/**
 * @param closing aborts every post under way.
 * @returns a function that never rejects: a connection failure is part of its result.
 */
export function createWebhookPost(deps: {
  readonly authToken: string;
  readonly closing: AbortSignal;
}): WebhookPost {
  return async (url, params, how = {}) => {
    const headers = new Headers({
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "user-agent": "TwilioProxy/1.1",
      "i-twilio-idempotency-token": how.idempotencyToken ?? randomUUID(),
      accept: "*/*",
      connection: "close",
    });
    if (how.signing !== "none") {
      const token = how.signing === "forged" ? `${deps.authToken} of somebody else` : deps.authToken;
      headers.set("x-twilio-signature", getExpectedTwilioSignature(token, url, { ...params }));
    }
    try {
      const send = async (signal: AbortSignal) => {
        const response = await fetch(url, {
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
