// The only route that the internet reaches. Signature first, then account, then sender, then grammar.
// Must never let anything unsigned change a thing, and must never answer with text that Twilio would send on.

import express, { type Request, type RequestHandler, type Response, Router } from "express";
import type { Gate } from "../../../core/gate-contract.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { ReplyHandler } from "../../../core/reply-contract.ts";
import { visibleLine } from "../../../domain/visible.ts";
import { readWebhook } from "./read-webhook.ts";
import { isSignedByTwilio } from "./signature.ts";

export const WEBHOOK_PATH = "/twilio-webhook";
/** What a GET of it answers: somebody looks whether the address leads here. */
export const REACHABLE = "The approval server is reachable here.";
/** The query parameter with which doctor asks which process answers, and how the answer's line begins. */
export const CHALLENGE_PARAMETER = "challenge";
export const PROOF_LABEL = "Proof: ";

/** Far above the largest webhook that Twilio sends. */
const BODY_LIMIT = "100kb";
const SIGNATURE_HEADER = "x-twilio-signature";

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
  /** What shows that it is this very process that answers; undefined for what is no challenge. */
  readonly prove: (challenge: unknown) => string | undefined;
}

/** How much of an address is noted, UTF-16 units: anybody on the internet may have made it up. */
const MAX_NOTED_LENGTH = 200;

/** Where Twilio reaches us: an origin with an optional path, and the overrides behind the `#` of the configured one. */
export interface PublicUrl {
  readonly base: string;
  readonly fragment: string;
}

export function createWebhook(deps: WebhookDeps): RequestHandler {
  const { gate, replyHandler, clock, log, accountSid, sender, authTokens, publicUrl, prove } = deps;
  const router = Router();

  router.get(WEBHOOK_PATH, (req, res) => {
    const proof = prove(req.query[CHALLENGE_PARAMETER]);
    const lines = [`${REACHABLE} Twilio posts to this address.`, ...(proof ? [PROOF_LABEL + proof] : [])];
    res
      .type("text/plain")
      .set("Cache-Control", "no-store")
      .send(`${lines.join("\n")}\n`);
  });

  function refuse(req: Request, res: Response): void {
    log.refused(
      {
        signed: req.get(SIGNATURE_HEADER) !== undefined,
        // Where it was posted to, as this server knows it: only the log learns it, and the operator compares.
        address: visibleLine(((publicUrl()?.base ?? "") + req.originalUrl).slice(0, MAX_NOTED_LENGTH)),
      },
      "refused: a webhook without a valid Twilio signature (check PUBLIC_URL and TWILIO_AUTH_TOKEN if it was Twilio's)",
    );
    res.status(403).type("text/plain").send("invalid signature\n");
  }

  /** The body of what nobody has signed is not waited for, nor is the connection kept that may still send it. */
  const refuseUnsigned: RequestHandler = (req, res, next) => {
    if (req.get(SIGNATURE_HEADER) !== undefined) return next();
    res.set("Connection", "close");
    refuse(req, res);
  };

  const readBody = express.urlencoded({ extended: false, limit: BODY_LIMIT });
  router.post(WEBHOOK_PATH, refuseUnsigned, readBody, async (req, res) => {
    const url = publicUrl();
    const params: Record<string, unknown> = { ...req.body };
    const signature = req.get(SIGNATURE_HEADER);
    const check = url === undefined ? undefined : { publicUrl: url.base, fragment: url.fragment, authTokens };
    if (check === undefined || !isSignedByTwilio(check, req.originalUrl, signature, params)) {
      refuse(req, res);
      return;
    }
    const event = readWebhook(params, { accountSid, sender }, clock.now());
    if (event.kind === "reply") await replyHandler.receive(event.reply);
    else if (event.kind === "receipt") await gate.receipt(event.receipt);
    else if (event.kind === "check") log.info({}, "a signed check of the webhook's address came through");
    else log.refused({ problem: event.problem }, "ignored: a signed webhook that is not usable");
    // JSON would log Twilio error 12300 for every tap; plain text could be sent to the person.
    res.type("text/xml").send("<Response/>");
  });
  return router;
}
