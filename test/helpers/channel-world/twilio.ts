// WhatsApp through Twilio: an account of a simulated Twilio that posts signed webhooks, with the server's calls on the wire.
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { SANDBOX_SENDER } from "../../../src/config/environment.ts";
import type { Phone } from "../../../src/domain/tool-call.ts";
import { packageRoot } from "../../../src/server/system.ts";
import { createTestTwilio } from "../../twilio/create-test-twilio.ts";
import { freePorts } from "../server-process.ts";
import type { ChannelTraits, OpenWorld, Refusal } from "./contract.ts";
import { blocksIn, withoutMarkup } from "./markup.ts";
import { createWire } from "./wire.ts";

const ACCOUNT = `AC${"1".repeat(32)}`;
const TOKEN = "0123456789abcdef".repeat(2);
const PERSON = "+15005550006";
const STRANGER = "+15005550099";

const TWILIO_TRAITS: ChannelTraits = {
  name: "whatsapp",
  hasButtons: true,
  hasReceipts: true,
  changesMessages: false,
  longText: "messages",
  tooLong: "more",
  unknownSend: "looked for",
  hasChoices: true,
  listens: "webhook",
  canReachStrangers: true,
  shownAs: /…0006/,
};

export const openTwilioWorld: OpenWorld = async (clock) => {
  const twilio = await createTestTwilio({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    sender: SANDBOX_SENDER,
    phones: [PERSON, STRANGER],
    webhookUrl: () => "http://127.0.0.1:9/not-set-yet",
    pageDir: join(packageRoot(), "public", "phone"),
    port: 0,
    now: clock.now,
  });
  onTestFinished(() => twilio.close());
  const wire = await createWire({
    target: twilio.url,
    kindOf: (method, path) => (method === "POST" && /\/Messages\.json/.test(path) ? "send" : "other"),
    isNews: () => false,
  });
  onTestFinished(() => wire.close());
  clock.watch(wire.underWay);
  const [webhookPort = 0] = await freePorts(1);
  let inbound: "late" | "duplicate" | undefined;
  const once = () => {
    const fault = inbound;
    if (fault === "duplicate") inbound = undefined;
    return fault;
  };
  const ours = (phone: string) =>
    twilio.messages().filter((each) => each.direction === "to-phone" && each.phone === phone);
  return {
    traits: TWILIO_TRAITS,
    wire,
    env: {
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: TOKEN,
      TWILIO_BASE_URL: wire.url,
      APPROVAL_PHONE: PERSON,
      PUBLIC_URL: `http://127.0.0.1:${webhookPort}`,
      WEBHOOK_PORT: String(webhookPort),
    },
    deps: { sendIntervalMs: 0 },
    address: PERSON as Phone,
    secrets: [TOKEN],
    attach: ({ webhookUrl }) => twilio.setWebhookUrl(webhookUrl),
    chat: () =>
      ours(PERSON).map(({ sid, body, buttons }) => ({
        id: sid,
        text: withoutMarkup(body),
        blocks: blocksIn(body),
        buttons: buttons.map(({ id, title }) => ({ id, title })),
      })),
    strangersChat: () => ours(STRANGER).map(({ body }) => body),
    tap: async (message, button) => void (await twilio.tap(message, button, { fault: once() })),
    tapLate: async (message, button) => void (await twilio.tap(message, button, { fault: once() })),
    write: async (text, quote) =>
      void (await twilio.type(text, { fault: once(), ...(quote === undefined ? {} : { quote }) })),
    strangerWrites: async (text) => void (await twilio.type(text, { from: STRANGER })),
    refuse(...refusals) {
      for (const refusal of refusals) twilio.fail(faultOf(refusal));
    },
    holdReplies() {
      inbound = "late";
      return async (order) => {
        inbound = undefined;
        await twilio.releaseLate(order === "mixed" ? "newest first" : "oldest first");
      };
    },
    repeatNext() {
      inbound = "duplicate";
    },
    loseNext: () => twilio.fail({ kind: "callback", status: "undelivered", code: 63_016 }),
    close: async () => {
      await wire.close();
      await twilio.close();
    },
  };
};

function faultOf(refusal: Refusal): Parameters<Awaited<ReturnType<typeof createTestTwilio>>["fail"]>[0] {
  if (refusal === "message") return { kind: "reject", httpStatus: 400, code: 63_007 };
  // Who has written STOP.
  if (refusal === "person") return { kind: "reject", httpStatus: 400, code: 21_610, times: 1_000 };
  return { kind: "reject", httpStatus: 429, retryAfter: String(refusal.waitSeconds) };
}
