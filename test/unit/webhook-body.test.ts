// The one address that the internet reaches: what it reads before it knows who sends, and in which order it doubts.
import { gzipSync } from "node:zlib";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWebhook, WEBHOOK_PATH } from "../../src/channels/twilio/receive/webhook.ts";
import type { Gate } from "../../src/core/gate-contract.ts";
import type { ReplyHandler } from "../../src/core/reply-contract.ts";
import { createPublicApp } from "../../src/server/apps.ts";
import { listen } from "../../src/server/listener.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const ACCOUNT = `AC${"0".repeat(32)}`;
const BASE = "https://approvals.example.com";
const FORM = "application/x-www-form-urlencoded";

const reply = (text: string) => ({
  AccountSid: ACCOUNT,
  MessageSid: `SM${"1".repeat(32)}`,
  From: `whatsapp:${PHONE}`,
  To: "whatsapp:+14155238886",
  Body: text,
});

const signatureOf = (params: Readonly<Record<string, string>>) =>
  getExpectedTwilioSignature(TOKEN, BASE + WEBHOOK_PATH, params);

async function startWebhook(url: string | undefined = BASE) {
  const received: string[] = [];
  const log = createKeptLog();
  const webhook = createWebhook({
    gate: { receipt: async () => void received.push("receipt") } as unknown as Gate,
    replyHandler: {
      receive: async ({ text }: { text: string }) => void received.push(text),
    } as unknown as ReplyHandler,
    clock: createFakeClock(),
    log,
    accountSid: ACCOUNT,
    sender: "whatsapp:+14155238886",
    authTokens: [TOKEN],
    publicUrl: () => (url === "" ? undefined : { base: url, fragment: "" }),
    prove: () => undefined,
  });
  const listener = await listen("127.0.0.1", 0, "WEBHOOK_PORT");
  listener.serve(createPublicApp(webhook, log));
  onTestFinished(() => listener.close());
  const post = async (
    body: string | Uint8Array<ArrayBuffer>,
    signature: string,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const address = `http://127.0.0.1:${listener.port}${WEBHOOK_PATH}`;
    const sent = { "content-type": FORM, "x-twilio-signature": signature, ...headers };
    const response = await fetch(address, { method: "POST", headers: sent, body });
    return { status: response.status, text: await response.text() };
  };
  return { post, received, log };
}

const formOf = (params: Readonly<Record<string, string>>) => new URLSearchParams(params).toString();

describe("a webhook's body", () => {
  it("is taken when Twilio signed it, also one far longer than any message", async () => {
    const { post, received } = await startWebhook();
    const params = reply("x".repeat(60_000));
    expect(await post(formOf(params), signatureOf(params))).toEqual({ status: 200, text: "<Response/>" });
    expect(received).toEqual([params.Body]);
  });

  it("is refused above 100 kB, although Twilio signed it: nobody can fill the memory before the signature is known", async () => {
    const { post, received } = await startWebhook();
    const params = reply("x".repeat(110_000));
    expect((await post(formOf(params), signatureOf(params))).status).toBe(413);
    expect(received).toEqual([]);
  });

  it("is measured as it is unpacked", async () => {
    const { post, received } = await startWebhook();
    const params = reply("x".repeat(5_000_000));
    const packed = new Uint8Array(gzipSync(formOf(params)));
    expect(packed.length).toBeLessThan(100_000);
    expect((await post(packed, signatureOf(params), { "content-encoding": "gzip" })).status).toBe(413);
    expect(received).toEqual([]);
  });

  it("is refused with a thousand fields or more", async () => {
    const { post, received } = await startWebhook();
    const many = Object.fromEntries(Array.from({ length: 1_100 }, (_, n) => [`f${n}`, ""]));
    expect((await post(formOf(many), signatureOf(many))).status).toBe(413);
    expect(received).toEqual([]);
  });

  it("is refused while no public address is known, whatever its signature", async () => {
    const { post, received } = await startWebhook("");
    const params = reply("yes");
    expect((await post(formOf(params), signatureOf(params))).status).toBe(403);
    expect(received).toEqual([]);
  });
});
