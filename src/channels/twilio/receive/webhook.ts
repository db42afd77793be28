// The only route that the internet reaches. Signature first, then account, then sender, then grammar.
// Must never let anything unsigned change a thing, and must never answer with text that Twilio would send on.

import express, { type RequestHandler, Router } from "express";
import type { Gate } from "../../../core/gate-contract.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { ReplyHandler } from "../../../core/reply-handler.ts";
import { readWebhook } from "./read-webhook.ts";
import { isSignedByTwilio } from "./signature.ts";

export const WEBHOOK_PATH = "/twilio-webhook";

/** Far above the largest webhook that Twilio sends. */
const BODY_LIMIT = "100kb";

export interface WebhookDeps {
  readonly gate: Gate;
  readonly replyHandler: ReplyHandler;
  readonly clock: Clock;
  readonly log: Log;
  readonly accountSid: string;
  /** Our sender with its `whatsapp:` prefix. */
  readonly sender: string;
  readonly authTokens: readonly string[];
  /** Asked at each request: with a tunnel the address is known only after the start. */
  readonly publicUrl: () => PublicUrl | undefined;
}

/** Where Twilio reaches us: an origin with an optional path, and the overrides behind the `#` of the configured one. */
export interface PublicUrl {
  readonly base: string;
  readonly fragment: string;
}

export function createWebhook(deps: WebhookDeps): RequestHandler {
  const { gate, replyHandler, clock, log, accountSid, sender, authTokens, publicUrl } = deps;
  const router = Router();

  router.get(WEBHOOK_PATH, (_req, res) => {
    res.type("text/plain").send("The approval server is reachable here. Twilio posts to this address.\n");
  });

  router.post(WEBHOOK_PATH, express.urlencoded({ extended: false, limit: BODY_LIMIT }), async (req, res) => {
    const url = publicUrl();
    const params: Record<string, unknown> = { ...req.body };
    const signature = req.get("x-twilio-signature");
    const check = url === undefined ? undefined : { publicUrl: url.base, fragment: url.fragment, authTokens };
    if (check === undefined || !isSignedByTwilio(check, req.originalUrl, signature, params)) {
      log.refused(
        { signed: signature !== undefined },
        "refused: a webhook without a valid Twilio signature (check PUBLIC_URL and TWILIO_AUTH_TOKEN if it was Twilio's)",
      );
      res.status(403).type("text/plain").send("invalid signature\n");
      return;
    }
    const event = readWebhook(params, { accountSid, sender }, clock.now());
    if (event.kind === "reply") await replyHandler.receive(event.reply);
    else if (event.kind === "receipt") await gate.receipt(event.receipt);
    else log.refused({ problem: event.problem }, "ignored: a signed webhook that is not usable");
    // JSON would log Twilio error 12300 for every tap; plain text could be sent to the person.
    res.type("text/xml").send("<Response/>");
  });
  return router;
}
