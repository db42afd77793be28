import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { adviceFor, cleanForeign, toDeliveryError } from "../../src/channels/twilio/error-advice.ts";
import { ADVICE_BY_CODE } from "../../src/channels/twilio/error-codes.ts";
import { createTwilioClient } from "../../src/channels/twilio/twilio-client.ts";
import { ConfigError, DeliveryError } from "../../src/domain/errors.ts";

const ACCOUNT = `AC${"0".repeat(32)}`;
const TOKEN = "t0ken-that-nobody-may-read";

/** What the SDK throws when this server answers a send. */
async function failedSend(
  answer: { status: number; body: string; contentType?: string } | "hang" | "reset",
  timeoutMs = 5000,
): Promise<unknown> {
  const server = createServer((req, res) => {
    if (answer === "hang") return;
    if (answer === "reset") return void req.socket.destroy();
    res
      .writeHead(answer.status, { "content-type": answer.contentType ?? "application/json" })
      .end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createTwilioClient({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl, timeoutMs });
  try {
    return await client.messages.create({ to: "whatsapp:+15005550006", body: "hi" }).then(
      () => "sent",
      (error: unknown) => error,
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe("advice for a Twilio error", () => {
  it.each([
    [20003, /do not match/, /auth token/],
    [21211, /APPROVAL_PHONE/, /\+<country code>/],
    [21614, /APPROVAL_PHONE/, /\+<country code>/],
    [63007, /no WhatsApp sender/, /\+14155238886/],
    [21610, /STOP/, /START/],
    [21655, /does not exist/, /npm run setup-template/],
    [92006, /does not exist/, /npm run setup-template/],
    [63015, /Sandbox/, /join <two words>/],
    [63016, /24-hour session/, /Send any message/],
    [63003, /no WhatsApp/, /APPROVAL_PHONE/],
    [63024, /no WhatsApp/, /APPROVAL_PHONE/],
    [63018, /short time/, /Wait a minute/],
    [63038, /in a day/, /tomorrow/],
  ])("%i says what happened and what to do", (code, message, advice) => {
    expect(adviceFor(code).message).toMatch(message);
    expect(adviceFor(code).advice).toMatch(advice);
  });

  it("is one sentence and whole for every known code", () => {
    for (const { message, advice } of ADVICE_BY_CODE.values()) {
      expect(message).toMatch(/^[A-Z].{10,100}\.$/);
      expect(advice).toMatch(/^[A-Z].{10,220}\.$/);
    }
  });

  it("reads well for a code that is not known", () => {
    expect(adviceFor(12345, 400, "Something odd")).toEqual({
      message: "Twilio error 12345: Something odd.",
      advice: "See https://www.twilio.com/docs/api/errors/12345",
    });
    expect(adviceFor(12345).message).toBe("Twilio error 12345.");
  });

  it("goes by the HTTP status when there is no code", () => {
    expect(adviceFor(undefined, 401)).toEqual(adviceFor(20003));
    expect(adviceFor(undefined, 429)).toEqual(adviceFor(20429));
    expect(adviceFor(undefined, 503)).toEqual(adviceFor(20500));
    expect(adviceFor(undefined, 418).message).toBe("Twilio answered with HTTP 418.");
    expect(adviceFor(undefined).message).toBe("Twilio reported an error.");
  });
});

describe("foreign words", () => {
  it("lose control, invisible and reordering characters, and stay one line", () => {
    expect(cleanForeign(" a\r\nb\t\u001b[31mc\u202Ed\u200Be\uD800f\u2028g\0 ")).toBe("a b [31mcdef g");
  });

  it("are cut at 200 characters, never inside one", () => {
    const cut = cleanForeign("😀".repeat(300));
    expect([...cut]).toHaveLength(200);
    expect(cut.endsWith("😀…")).toBe(true);
    expect(cleanForeign("x".repeat(200))).toBe("x".repeat(200));
  });
});

describe("what the SDK throws becomes a DeliveryError", () => {
  it("with Twilio's code and our advice", async () => {
    const error = toDeliveryError(
      await failedSend({
        status: 400,
        body: JSON.stringify({ code: 21211, message: "Invalid 'To'", status: 400 }),
      }),
    );
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ code: 21211, ...adviceFor(21211) });
  });

  it("with Twilio's own words when the code is new", async () => {
    const body = JSON.stringify({ code: 99999, message: `Bad\n\u202Ething ${"x".repeat(300)}`, status: 400 });
    const error = toDeliveryError(await failedSend({ status: 400, body }));
    expect(error.message).toMatch(/^Twilio error 99999: Bad thing x{180,}…$/);
    expect(error.message.length).toBeLessThan(230);
    expect(error.code).toBe(99999);
  });

  it("also in Twilio's newer error format, which says 0 for no code", async () => {
    const rfc9457 = (code: number) => JSON.stringify({ type: "about:blank", title: "No", status: 401, code });
    expect(toDeliveryError(await failedSend({ status: 401, body: rfc9457(20003) }))).toMatchObject({
      code: 20003,
    });
    const error = toDeliveryError(await failedSend({ status: 401, body: rfc9457(0) }));
    expect(error).toMatchObject({ code: undefined, ...adviceFor(20003) });
  });

  it.each([
    ["a page of HTML", 502, "<html>Bad gateway</html>", "text/html"],
    ["nothing", 503, "", "text/plain"],
    ["an object without words", 500, "{}", "application/json"],
  ])("when the answer is %s", async (_, status, body, contentType) => {
    const error = toDeliveryError(await failedSend({ status, body, contentType }));
    expect(error).toMatchObject({ code: undefined, ...adviceFor(20500) });
  });

  it("when Twilio does not answer in time", async () => {
    const error = toDeliveryError(await failedSend("hang", 50));
    expect(error.message).toBe("Twilio did not answer in time.");
    expect(error.advice).toMatch(/may still arrive/);
  });

  it("when the connection breaks or is refused", async () => {
    const broken = await failedSend("reset");
    expect(toDeliveryError(broken).message).toBe("The connection to Twilio failed (ECONNRESET).");
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(toDeliveryError(refused).advice).toMatch(/TWILIO_BASE_URL/);
  });

  it("without the request that failed: its headers hold the credentials", async () => {
    const raw = await failedSend("reset");
    const basic = Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64");
    expect(inspect(raw, { depth: 10 })).toContain(basic);
    const shown = inspect(toDeliveryError(raw), { depth: 10, showHidden: true });
    expect(shown).not.toContain(basic);
    expect(shown).not.toContain(TOKEN);
    expect(toDeliveryError(raw).cause).toMatchObject({ code: "ECONNRESET" });
  });
});

describe("a DeliveryError is also made", () => {
  it.each([
    ["ENOTFOUND", /could not be looked up/],
    ["EAI_AGAIN", /could not be looked up/],
    ["ETIMEDOUT", /did not answer in time/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /not trusted \(SELF_SIGNED_CERT_IN_CHAIN\)/],
  ])("of the network's error %s", (code, message) => {
    expect(toDeliveryError(Object.assign(new Error("x"), { code })).message).toMatch(message);
  });

  it("of an abort", () => {
    expect(
      toDeliveryError(AbortSignal.timeout(0).reason ?? new DOMException("late", "TimeoutError")).message,
    ).toMatch(/in time/);
  });

  it("of a template that does not fit, in its own words", () => {
    expect(toDeliveryError(new ConfigError(["template command: there is no value for {{x}}"])).message).toBe(
      "template command: there is no value for {{x}}.",
    );
  });

  it.each([
    [new Error("odd\nthing"), "The call to Twilio failed: odd thing."],
    ["words", "The call to Twilio failed: words."],
    [undefined, "The call to Twilio failed."],
    [null, "The call to Twilio failed."],
    [7, "The call to Twilio failed."],
    [{}, "The call to Twilio failed."],
  ])("of whatever else is thrown: %j", (thing, message) => {
    expect(toDeliveryError(thing).message).toBe(message);
  });

  it("of everything but a DeliveryError, which stays itself", () => {
    const error = new DeliveryError("m", "a", 1);
    expect(toDeliveryError(error)).toBe(error);
  });
});
