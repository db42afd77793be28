// Twilio's SDK behind calls that load it first: nothing before one, the same calls with the same answers, and words where it cannot.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createLateClient } from "../../src/channels/twilio/late-client.ts";
import * as sdk from "../../src/channels/twilio/twilio-client.ts";
import { ConfigError, DeliveryError } from "../../src/domain/errors.ts";

const ACCOUNT = `AC${"1".repeat(32)}`;
const OPTIONS = { accountSid: ACCOUNT, authToken: "t".repeat(32) };

/** A Twilio that answers everything with one object, and keeps what it was asked. */
async function open() {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url?.split("?")[0]}`);
    const answer = { sid: "SM1", messages: [], contents: [], meta: { key: "contents" }, whatsapp: {} };
    res.writeHead(req.method === "DELETE" ? 204 : req.method === "POST" ? 201 : 200, {
      "content-type": "application/json",
    });
    res.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const load = vi.fn(async () => sdk);
  const client = createLateClient({ ...OPTIONS, baseUrl: `http://127.0.0.1:${port}` }, load);
  return { asked, load, client };
}

describe("a client whose SDK is loaded late", () => {
  it("loads nothing until it is called", async () => {
    const { load, client, asked } = await open();
    void client.messages.create;
    void client.content.v1.contents("HX1");
    expect(load).not.toHaveBeenCalled();
    await client.messages.list({ limit: 1 });
    expect(load).toHaveBeenCalled();
    expect(asked).toEqual([`GET /2010-04-01/Accounts/${ACCOUNT}/Messages.json`]);
  });

  it("calls what the SDK calls", async () => {
    const { client, asked } = await open();
    const { messages, content, messaging } = client;
    const { sid } = await messages.create({
      from: "whatsapp:+15005550001",
      to: "whatsapp:+15005550006",
      body: "a",
    });
    expect(sid).toBe("SM1");
    await messages.page({ pageSize: 5 });
    await content.v1.contents.list({ pageSize: 5 });
    await content.v1.contents.create({ language: "en" } as never);
    await content.v1.contents("HX1").remove();
    await content.v1.contents("HX1").approvalCreate.create({ name: "a", category: "UTILITY" });
    await content.v1.contents("HX1").approvalFetch().fetch();
    await messaging.v2.typingIndicator.create({ channel: "whatsapp", messageId: `SM${"2".repeat(32)}` });
    const uri = `${client.api.baseUrl}/2010-04-01/Accounts/${ACCOUNT}/Messages/SM1.json`;
    expect((await client.request({ method: "get", uri })).statusCode).toBe(200);
    expect(asked).toEqual([
      `POST /2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
      `GET /2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
      "GET /v1/Content",
      "POST /v1/Content",
      "DELETE /v1/Content/HX1",
      "POST /v1/Content/HX1/ApprovalRequests/whatsapp",
      "GET /v1/Content/HX1/ApprovalRequests",
      expect.stringMatching(/^POST \/v\d\/Indicators\/Typing/),
      `GET /2010-04-01/Accounts/${ACCOUNT}/Messages/SM1.json`,
    ]);
  });

  it("names the origin that the SDK names", () => {
    const client = createLateClient(OPTIONS, async () => sdk);
    expect(client.api.baseUrl).toBe(sdk.createTwilioClient(OPTIONS).api.baseUrl);
  });

  it("says at once what it cannot be made with", () => {
    const made = (options: object) => () => createLateClient({ ...OPTIONS, ...options }, async () => sdk);
    expect(made({ accountSid: `SK${"1".repeat(32)}` })).toThrow(ConfigError);
    expect(made({ authToken: "" })).toThrow(/TWILIO_AUTH_TOKEN/);
    expect(made({ baseUrl: "nowhere" })).toThrow(/TWILIO_BASE_URL/);
  });

  it("says that nothing could be sent where the SDK cannot be loaded, and tries again with the next call", async () => {
    const { client, load, asked } = await open();
    load.mockRejectedValueOnce(new Error("restart it"));
    const failed = await client.messages.list({ limit: 1 }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(DeliveryError);
    expect(failed).toMatchObject({
      message: "What talks to Twilio could not be loaded.",
      advice: "restart it",
    });
    expect(asked).toEqual([]);
    await client.messages.list({ limit: 1 });
    expect(asked).toHaveLength(1);
  });
});
