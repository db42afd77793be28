// Sending, listing and fetching messages: /2010-04-01/Accounts/{AC}/Messages.
import express, { Router } from "express";
import { phoneOf } from "../address.ts";
import type { Chat } from "../chat.ts";
import type { ContentStore } from "../content/content-store.ts";
import type { Delivery } from "../delivery.ts";
import type { Phones } from "../phones.ts";
import { newSid } from "../sid.ts";
import { answer } from "./answer.ts";
import { messageList } from "./message-list.ts";
import { type AlterResource, messageResource } from "./message-resource.ts";
import { parseSendRequest, type SendRequest } from "./send-request.ts";
import { TwilioError } from "./twilio-error.ts";

export interface MessageRoutesDeps {
  readonly accountSid: string;
  readonly sender: string;
  readonly chat: Chat;
  readonly phones: Phones;
  readonly contents: ContentStore;
  readonly delivery: Delivery;
  readonly now: () => number;
  readonly alter?: AlterResource | undefined;
}

/** Routes relative to the account: `/Messages.json` and `/Messages/{SID}.json`. */
export function createMessageRoutes(deps: MessageRoutesDeps): Router {
  const { accountSid, chat, alter = (resource) => resource } = deps;
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: "2mb" });

  router.post("/Messages.json", form, (req, res) => {
    const entry = accept(parseSendRequest(req.body, deps), deps);
    // The first status callback leaves only after the answer is written, or its connection is gone.
    res.once("close", () => deps.delivery.start(entry.message.sid));
    answer(res, 201, messageResource(accountSid, entry));
  });

  router.get("/Messages.json", (req, res) => {
    answer(res, 200, messageList(accountSid, chat.all(), req.query, alter));
  });

  router.get("/Messages/:file", (req, res) => {
    const entry = chat.find(String(req.params.file).replace(/\.json$/, ""));
    const resource = entry && alter(messageResource(accountSid, entry));
    if (resource === undefined) throw new TwilioError(404, 20404);
    answer(res, 200, resource);
  });

  return router;
}

function accept(request: SendRequest, deps: MessageRoutesDeps) {
  const { from, to, approvedTemplate, contentError, statusCallback, ...bubble } = request;
  return deps.chat.add({
    message: {
      sid: newSid("SM"),
      direction: "to-phone",
      phone: phoneOf(to),
      status: "queued",
      at: deps.now(),
      ...bubble,
    },
    from,
    to,
    direction: "outbound-api",
    approvedTemplate,
    contentError,
    statusCallback,
  });
}
