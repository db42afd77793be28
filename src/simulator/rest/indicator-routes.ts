// `POST /v2/Indicators/Typing.json` of the messaging API: marks a message from the phone as read and shows that somebody types.
import express, { Router } from "express";
import { z } from "zod";
import type { Chat } from "../chat.ts";
import type { Typing } from "../typing.ts";
import { answer } from "./answer.ts";
import { TwilioError } from "./twilio-error.ts";

const schema = z.object({
  channel: z.literal("whatsapp"),
  messageId: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/i),
});

export interface IndicatorRoutesDeps {
  readonly chat: Chat;
  readonly typing: Typing;
}

export function createIndicatorRoutes({ chat, typing }: IndicatorRoutesDeps): Router {
  const router = Router();
  router.post("/v2/Indicators/Typing.json", express.urlencoded({ extended: false }), (req, res) => {
    const request = schema.safeParse(req.body);
    if (!request.success) throw new TwilioError(400, 20001);
    const entry = chat.find(request.data.messageId);
    if (entry?.direction !== "inbound") throw new TwilioError(404, 20404);
    chat.markRead(entry.message.sid);
    typing.show(entry.message.phone);
    answer(res, 200, { success: true });
  });
  return router;
}
