// What the start says of the credentials, the sender and the templates, with a server where Twilio stands.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { TwilioConfig } from "../../src/config/phone-config.ts";
import { checkLive, withTemplates } from "../../src/server/live-check.ts";
import { systemClock } from "../../src/server/system.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

const ACCOUNT = `AC${"1".repeat(32)}`;
const TOKEN = "0123456789abcdef".repeat(2);
const KEY = { sid: `SK${"2".repeat(32)}`, secret: "AbCdEfGh".repeat(4) };
const SENDER = "whatsapp:+15005550001";

interface Stand {
  readonly token?: string;
  readonly keySecret?: string;
  readonly account?: { readonly status: number; readonly body: object };
  readonly senders?: readonly { readonly sender_id: string; readonly status: string }[] | "absent";
}

async function stand({ token = TOKEN, keySecret = KEY.secret, account, senders = "absent" }: Stand = {}) {
  const server = createServer((req, res) => {
    const answer = (status: number, body: object) =>
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const given = Buffer.from((req.headers.authorization ?? "").slice("Basic ".length), "base64").toString();
    if (![`${ACCOUNT}:${token}`, `${KEY.sid}:${keySecret}`].includes(given)) {
      return answer(401, { code: 20003, message: "Authenticate", status: 401 });
    }
    const url = req.url ?? "";
    if (url.includes("/Messages.json")) return answer(200, { messages: [], next_page_uri: null });
    if (url.includes("/Channels/Senders") && senders !== "absent") {
      return answer(200, { senders, meta: { key: "senders", next_page_url: null } });
    }
    if (url.includes("/Accounts/")) {
      return answer(account?.status ?? 200, account?.body ?? { sid: ACCOUNT, status: "active" });
    }
    return answer(404, { code: 20404, message: "not found", status: 404 });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const check = (baseUrl: string, settings: Partial<TwilioConfig> = {}) =>
  checkLive({
    twilio: { accountSid: ACCOUNT, authToken: TOKEN, from: SENDER, baseUrl, ...settings },
    clock: systemClock,
  });

describe("credentials", () => {
  it("are accepted, with the sender and the templates in the same line", async () => {
    const finding = await check(await stand({ senders: [{ sender_id: SENDER, status: "ONLINE" }] }));
    expect(withTemplates(finding, 0)).toMatchObject({
      status: "ok",
      text: "credentials accepted, sender online, templates there",
    });
    expect(withTemplates(finding, 2)).toMatchObject({
      status: "warning",
      text: "credentials accepted, sender online, 2 templates missing",
      advice: expect.stringContaining("have no buttons"),
    });
  });

  it("of another account, or a wrong token: says that Twilio does not tell them apart", async () => {
    const finding = await check(await stand({ token: "f".repeat(32) }));
    expect(finding).toMatchObject({
      status: "error",
      text: expect.stringContaining("Twilio does not say which"),
    });
    expect(finding.advice).toContain("from the same page");
    expect(withTemplates(finding, 3)).toBe(finding);
    expect(JSON.stringify(finding)).not.toContain(TOKEN);
  });

  it("with the secret of an API key as token: says so", async () => {
    const finding = await check(await stand(), { authToken: KEY.secret });
    expect(finding).toMatchObject({ status: "error", text: expect.stringContaining("secret of an API key") });
    expect(JSON.stringify(finding)).not.toContain(KEY.secret);
  });

  it("with something else as token: says what a token looks like", async () => {
    const finding = await check(await stand(), { authToken: "password" });
    expect(finding.text).toContain("0-9 and a-f");
  });

  it("with a wrong token beside an API key that fits: it is the token", async () => {
    const finding = await check(await stand({ token: "f".repeat(32) }), { apiKey: KEY });
    expect(finding.text).toContain("accepts the API key for this account");
  });

  it("with an API key that is refused beside a token that fits: it is the key", async () => {
    const finding = await check(await stand({ keySecret: "other" }), { apiKey: KEY });
    expect(finding).toMatchObject({ status: "error", text: expect.stringContaining("not the API key") });
  });

  it("of an account that is suspended: says so", async () => {
    const account = { status: 200, body: { sid: ACCOUNT, status: "suspended" } };
    expect(await check(await stand({ account }))).toMatchObject({
      status: "error",
      text: expect.stringContaining("the account is suspended"),
    });
  });

  it("are found out with a read where there is no account to look at", async () => {
    const account = { status: 404, body: { code: 20404, message: "none", status: 404 } };
    expect((await check(await stand({ account }))).text).toContain("credentials accepted");
  });
});

describe("the sender", () => {
  it("that the account does not have is named", async () => {
    const finding = await check(await stand({ senders: [] }));
    expect(finding).toMatchObject({
      status: "error",
      text: "credentials accepted, the account has no WhatsApp sender +15005550001",
      advice: expect.stringContaining("TWILIO_WHATSAPP_FROM"),
    });
  });

  it("that is not online is named", async () => {
    const finding = await check(await stand({ senders: [{ sender_id: SENDER, status: "OFFLINE" }] }));
    expect(finding.text).toContain("is not online");
  });

  it("is not said to be there where it cannot be looked up", async () => {
    expect((await check(await stand())).text).toContain("sender not checked");
    expect((await check(await stand(), { from: "whatsapp:+14155238886" })).text).toContain("the Sandbox");
  });
});

describe("a Twilio that cannot be reached", () => {
  it("is no reason not to start", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await once(server.close(), "close");
    const finding = await check(url);
    expect(finding).toMatchObject({ status: "warning", text: expect.stringContaining("could not be asked") });
    expect(withTemplates(finding, 12)).toBe(finding);
  });

  it("is waited for no longer than 5 s", async () => {
    const server = createServer(() => {}).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const clock = createFakeClock();
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const twilio = { accountSid: ACCOUNT, authToken: TOKEN, from: SENDER, baseUrl };
    const finding = checkLive({ twilio, clock });
    await clock.advance(5_000);
    expect(await finding).toMatchObject({ status: "warning", text: expect.stringContaining("within 5 s") });
  });
});
