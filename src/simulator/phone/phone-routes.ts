// The phone page's API: state and events out; taps, texts, signs and reads in. Nothing here may make it misbehave.
import express, { type ErrorRequestHandler, Router } from "express";
import { z } from "zod";
import { CHANNEL_TITLES } from "../../domain/channel.ts";
import { NotOnPhoneError } from "../not-on-phone.ts";
import type { EventStreams, PhoneState } from "./event-stream.ts";
import type { PhoneApp, PhoneMessage } from "./phone-app.ts";

/** Longest text that WhatsApp and Telegram let a person type. */
const MAX_TEXT = 4096;
/** What the page offers as signs beside a message. */
const REACTIONS = ["👍", "👎", "❤️", "😂", "🙏", ""] as const;

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
const reactSchema = z.strictObject({ message: z.string(), emoji: z.enum(REACTIONS) });

/** Routes relative to `/phone`, each with `?app=`. @param apps at least one: the first is meant where none is named */
export function createPhoneRoutes(apps: readonly PhoneApp[], streams: EventStreams): Router {
  const router = Router();
  router.use(express.json({ limit: "64kb" }));

  function appOf(named: unknown): PhoneApp {
    const found = named === undefined ? apps[0] : apps.find(({ channel }) => channel === named);
    if (found === undefined) throw new NotOnPhoneError("this app");
    return found;
  }
  function known({ phones }: PhoneApp, given: unknown): string {
    const phone = given === undefined ? phones[0] : given;
    if (typeof phone !== "string" || !phones.includes(phone)) throw new NotOnPhoneError("this number");
    return phone;
  }
  function shown(of: PhoneApp, wanted: string, direction?: PhoneMessage["direction"]): PhoneMessage {
    const message = of.messages().find(({ sid }) => sid === wanted);
    if (message === undefined || message.direction !== (direction ?? message.direction))
      throw new NotOnPhoneError("this message");
    return message;
  }
  const state = (of: PhoneApp, phone: string): PhoneState => ({
    app: of.channel,
    apps: apps.map(({ channel }) => ({ app: channel, title: CHANNEL_TITLES[channel] })),
    hasReactions: of.hasReactions,
    sender: of.sender,
    phone,
    phones: of.phones,
    messages: of.messages().filter((message) => message.phone === phone),
  });

  router.get("/state", (req, res) => {
    const of = appOf(req.query["app"]);
    res.json(state(of, known(of, req.query["phone"])));
  });
  router.get("/events", (req, res) => {
    const of = appOf(req.query["app"]);
    streams.serve(res, of, state(of, known(of, req.query["phone"])));
  });

  router.post("/tap", async (req, res) => {
    const { message, button } = tapSchema.parse(req.body);
    const of = appOf(req.query["app"]);
    const tapped = shown(of, message);
    if (!tapped.buttons.some(({ id }) => id === button)) throw new NotOnPhoneError("this button");
    res.json(await of.tap(tapped, button));
  });
  router.post("/type", async (req, res) => {
    const { text, phone, quote } = typeSchema.parse(req.body);
    const of = appOf(req.query["app"]);
    const quoted = quote === undefined ? undefined : shown(of, quote);
    const from = phone === undefined ? (quoted?.phone ?? known(of, undefined)) : known(of, phone);
    res.json(await of.type(text, { phone: from, quote }));
  });
  router.post("/react", (req, res) => {
    const { message, emoji } = reactSchema.parse(req.body);
    const of = appOf(req.query["app"]);
    if (!of.hasReactions) throw new NotOnPhoneError("a sign");
    of.react(shown(of, message), emoji);
    res.status(204).end();
  });
  router.post("/read", (req, res) => {
    const { message } = readSchema.parse(req.body);
    const of = appOf(req.query["app"]);
    of.read(shown(of, message, "to-phone"));
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
