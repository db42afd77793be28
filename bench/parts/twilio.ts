// Twilio as the measured server meets it: the simulator that ships, in the bench's own process, with taps that are posted by the
// bench itself. How long each question about a message took is kept.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { packageRoot } from "../../src/server/system.ts";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { createSimulator } from "../../src/simulator/create-simulator.ts";
import { FORM, type Posted, post, reusingAgent } from "./post.ts";

/** Of Twilio's own test numbers: nobody has them. */
export const PHONE = "+15005550006";
export const SENDER = "whatsapp:+15005550001";

/** A reply that is signed and ready to be posted. */
interface ReadyReply {
  post(): Promise<Posted>;
}

export interface BenchTwilio {
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** A tap on a button, made ready. @param action `approve`, `deny` or `session` */
  tap(webhookUrl: string, action: Action, requestId: string): ReadyReply;
  /** Words, made ready. */
  words(webhookUrl: string, text: string): ReadyReply;
  /** Messages that it was asked about one by one: what a check of a reply costs. */
  fetches(): number;
  /** Resolves with the id of the message that offers this button. */
  shows(button: string): Promise<string>;
  /** Resolves with the id of the request whose message with buttons shows this text. */
  asks(text: string): Promise<string>;
  close(): Promise<void>;
}

type Action = "approve" | "deny" | "session";
const TITLES: Readonly<Record<Action, string>> = {
  approve: "✅ Approve",
  deny: "❌ Deny",
  session: "🔁 Session",
};
const hex = (bytes: number) => randomBytes(bytes).toString("hex");

export async function openTwilio(): Promise<BenchTwilio> {
  const accountSid = `AC${hex(16)}`;
  const authToken = hex(16);
  const inbound = new Map<string, { readonly body: string; readonly at: number }>();
  let fetches = 0;
  const simulator = await createSimulator(
    {
      accountSid,
      authToken,
      sender: SENDER,
      phones: [PHONE],
      webhookUrl: () => "",
      pageDir: join(packageRoot(), "public", "phone"),
      port: 0,
    },
    {
      // The chat would grow by a message for each tap; these are forgotten once they have been asked for.
      intercept(req, res, next) {
        const sid = /\/Messages\/(\w+)\.json$/.exec(req.baseUrl + req.path)?.[1];
        const message = sid === undefined || req.method !== "GET" ? undefined : inbound.get(sid);
        if (sid === undefined || message === undefined) return next();
        fetches += 1;
        inbound.delete(sid);
        res.json({
          sid,
          account_sid: accountSid,
          direction: "inbound",
          from: `whatsapp:${PHONE}`,
          to: SENDER,
          body: message.body,
          status: "received",
          date_created: new Date(message.at).toUTCString(),
          date_sent: new Date(message.at).toUTCString(),
        });
      },
    },
  );
  const agent = reusingAgent();

  function reply(webhookUrl: string, body: string, more: Record<string, string>): ReadyReply {
    const sid = `SM${hex(16)}`;
    const params = {
      SmsMessageSid: sid,
      NumMedia: "0",
      ProfileName: "Bench",
      MessageType: more["ButtonPayload"] === undefined ? "text" : "button",
      SmsSid: sid,
      WaId: PHONE.slice(1),
      SmsStatus: "received",
      Body: body,
      To: SENDER,
      NumSegments: "1",
      ReferralNumMedia: "0",
      MessageSid: sid,
      AccountSid: accountSid,
      From: `whatsapp:${PHONE}`,
      ApiVersion: "2010-04-01",
      ...more,
    };
    const headers = {
      ...FORM,
      "x-twilio-signature": getExpectedTwilioSignature(authToken, webhookUrl, params),
    };
    const form = new URLSearchParams(params).toString();
    return {
      post() {
        inbound.set(sid, { body, at: Date.now() });
        return post(webhookUrl, form, headers, agent);
      },
    };
  }

  return {
    url: simulator.url,
    accountSid,
    authToken,
    tap: (webhookUrl, action, id) =>
      reply(webhookUrl, TITLES[action], { ButtonPayload: `${action}:${id}`, ButtonText: TITLES[action] }),
    words: (webhookUrl, text) => reply(webhookUrl, text, {}),
    fetches: () => fetches,
    shows: (button) =>
      new Promise((resolve) => {
        const look = ({ sid, buttons }: SimMessage) => {
          if (!buttons.some(({ id }) => id === button)) return;
          unwatch();
          resolve(sid);
        };
        const unwatch = simulator.onMessage(look);
        simulator.messages().forEach(look);
      }),
    asks: (text) =>
      new Promise((resolve) => {
        const look = ({ body, buttons }: SimMessage) => {
          const id = buttons.find((button) => button.id.startsWith("approve:"))?.id.slice("approve:".length);
          if (id === undefined || !body.includes(text)) return;
          unwatch();
          resolve(id);
        };
        const unwatch = simulator.onMessage(look);
        simulator.messages().forEach(look);
      }),
    async close() {
      agent.destroy();
      await simulator.close();
    },
  };
}
