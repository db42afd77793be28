// The phone page's API: state and events out; taps, texts and reads in. Nothing here may make it misbehave.
import express, { type ErrorRequestHandler, Router } from "express";
import { z } from "zod";
import type { Chat } from "../chat.ts";
import type { Delivery } from "../delivery.ts";
import { type Gestures, NotOnPhoneError } from "../inbound/gestures.ts";
import type { Phones } from "../phones.ts";
import type { EventStreams, PhoneState } from "./event-stream.ts";

/** Longest text that WhatsApp lets a person type. */
const MAX_TEXT = 4096;

const tapSchema = z.strictObject({ message: z.string(), button: z.string() });
const typeSchema = z.strictObject({
  text: z
    .string()
    .max(MAX_TEXT)
    .refine((text) => text.trim() !== ""),
  phone: z.string().optional(),
  quote: z.string().optional(),
});
const readSchema = z.strictObject({ message: z.string() });

/** Routes relative to `/phone`. */
export function createPhoneRoutes(deps: {
  readonly sender: string;
  readonly chat: Chat;
  readonly phones: Phones;
  readonly gestures: Gestures;
  readonly delivery: Delivery;
  readonly streams: EventStreams;
}): Router {
  const { chat, phones, gestures } = deps;
  const router = Router();
  router.use(express.json({ limit: "64kb" }));

  const known = (given: unknown): string => {
    const phone = given === undefined ? phones.numbers[0] : given;
    if (typeof phone !== "string" || !phones.exists(phone)) throw new NotOnPhoneError("this number");
    return phone;
  };
  const state = (phone: string): PhoneState => ({
    sender: deps.sender,
    phone,
    phones: phones.numbers,
    messages: chat
      .all()
      .map((entry) => entry.message)
      .filter((message) => message.phone === phone),
  });

  router.get("/state", (req, res) => {
    res.json(state(known(req.query["phone"])));
  });
  router.get("/events", (req, res) => deps.streams.serve(res, state(known(req.query["phone"]))));

  router.post("/tap", async (req, res) => {
    const { message, button } = tapSchema.parse(req.body);
    const exact = chat.find(message)?.message.buttons.some(({ id }) => id === button) ?? false;
    if (!exact) throw new NotOnPhoneError("this message or button");
    res.json(await gestures.tap(message, button));
  });
  router.post("/type", async (req, res) => {
    const { text, phone, quote } = typeSchema.parse(req.body);
    const options = {
      ...(phone === undefined ? {} : { from: known(phone) }),
      quote,
    };
    res.json(await gestures.type(text, options));
  });
  router.post("/read", (req, res) => {
    const { message } = readSchema.parse(req.body);
    if (chat.find(message)?.message.direction !== "to-phone") throw new NotOnPhoneError("this message");
    deps.delivery.read(message);
    res.status(204).end();
  });

  router.use((_req, res) => {
    res.status(404).json({ error: "there is no such route" });
  });
  router.use(answerPhoneError);
  return router;
}

const answerPhoneError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) next(error);
  else if (error instanceof NotOnPhoneError) res.status(404).json({ error: error.message });
  else if (error instanceof z.ZodError) res.status(400).json({ error: z.prettifyError(error) });
  else res.status(400).json({ error: "the request cannot be read" });
};
