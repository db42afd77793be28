// The account's WhatsApp senders: the list, one of them, and the change of its webhook.
import express, { type Request, Router } from "express";
import { z } from "zod";
import type { AccountSender } from "../contract.ts";
import type { Senders } from "../senders.ts";
import { answer } from "./answer.ts";
import { pageOf } from "./paging.ts";
import { TwilioError } from "./twilio-error.ts";

const PATH = "/v2/Channels/Senders";
const URL_KEYS = ["callback_url", "fallback_url", "status_callback_url"] as const;
const METHOD_KEYS = ["callback_method", "fallback_method", "status_callback_method"] as const;

const updateSchema = z.object({
  webhook: z
    .object({
      ...Object.fromEntries(URL_KEYS.map((key) => [key, z.url().or(z.literal("")).nullish()])),
      ...Object.fromEntries(METHOD_KEYS.map((key) => [key, z.enum(["POST", "PUT"]).nullish()])),
    })
    .nullish(),
});

/** Routes relative to the API's root. */
export function createSenderRoutes({ senders }: { readonly senders: Senders }): Router {
  const router = Router();
  router.use(PATH, express.json());

  const wanted = (req: Request): AccountSender => {
    const sender = senders.find(String(req.params["sid"]));
    if (sender === undefined) throw new TwilioError(404, 20404);
    return sender;
  };

  router.get(PATH, (req, res) => {
    if (req.query["Channel"] !== "whatsapp") throw new TwilioError(400, 20001, "Channel is required");
    const page = pageOf(senders.all(), ({ sid }) => sid, req.query);
    const base = `https://messaging.twilio.com${PATH}`;
    answer(res, 200, {
      senders: page.items.map(resource),
      meta: {
        key: "senders",
        page: page.page,
        page_size: page.pageSize,
        url: `${base}?${page.self}`,
        first_page_url: `${base}?${page.first}`,
        next_page_url: page.next === undefined ? null : `${base}?${page.next}`,
        previous_page_url: null,
      },
    });
  });
  router.get(`${PATH}/:sid`, (req, res) => answer(res, 200, resource(wanted(req))));
  router.post(`${PATH}/:sid`, (req, res) => {
    const update = updateSchema.safeParse(req.body);
    if (!update.success) throw new TwilioError(400, 20001);
    const { sid } = wanted(req);
    const changed = senders.setWebhook(sid, (update.data.webhook ?? {}) as AccountSender["webhook"]);
    answer(res, 202, changed === undefined ? undefined : resource(changed));
  });
  return router;
}

function resource({ sid, address, status, webhook }: AccountSender): object {
  return {
    sid,
    status,
    sender_id: address,
    webhook: { ...Object.fromEntries([...URL_KEYS, ...METHOD_KEYS].map((key) => [key, null])), ...webhook },
    configuration: null,
    profile: null,
    properties: null,
    offline_reasons: null,
    compliance: null,
    url: `https://messaging.twilio.com${PATH}/${sid}`,
  };
}
