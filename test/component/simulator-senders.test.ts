// The simulated account's WhatsApp senders over the real SDK: listed, and their webhook set, as `setup` and `doctor` do it.
import { describe, expect, it } from "vitest";
import { PHONE, rejection, startWorld } from "../helpers/simulator-world.ts";

const OWN = "whatsapp:+15005550010";
const OTHER = { address: "whatsapp:+15005550011", status: "OFFLINE" };
const list = { channel: "whatsapp" };

describe("the senders of the simulated account", () => {
  it("are listed on pages, the Sandbox never", async () => {
    const { client } = await startWorld({ sender: OWN, otherSenders: [OTHER] });
    const found = await client.messaging.v2.channelsSenders.list({ ...list, pageSize: 1 });
    expect(found.map(({ senderId, status }) => ({ senderId, status }))).toEqual([
      { senderId: OWN, status: "ONLINE" },
      { senderId: OTHER.address, status: OTHER.status },
    ]);
    const sandbox = await startWorld();
    expect(await sandbox.client.messaging.v2.channelsSenders.list(list)).toEqual([]);
  });

  it("post where the API has told them to", async () => {
    const { client, webhook, simulator } = await startWorld({ sender: OWN, webhookUrl: () => "" });
    expect(await simulator.type("hello", { from: PHONE })).toMatchObject({ withheld: "no-webhook" });
    expect(webhook.received).toHaveLength(0);
    const [sender] = await client.messaging.v2.channelsSenders.list(list);
    const change = { webhook: { callback_url: webhook.url, callback_method: "POST" } };
    await client.messaging.v2.channelsSenders(sender?.sid ?? "").update(change as never);
    const after = await client.messaging.v2.channelsSenders(sender?.sid ?? "").fetch();
    expect(after.webhook).toMatchObject({
      callbackUrl: webhook.url,
      callbackMethod: "POST",
      fallbackUrl: null,
    });
    await simulator.type("hello again", { from: PHONE });
    expect(webhook.received).toHaveLength(1);
  });

  it("refuse what Twilio refuses", async () => {
    const { client } = await startWorld({ sender: OWN });
    const unknown = client.messaging.v2.channelsSenders(`XE${"0".repeat(32)}`);
    expect(await rejection(unknown.fetch())).toMatchObject({ status: 404, code: 20404 });
    const [sender] = await client.messaging.v2.channelsSenders.list(list);
    const wrong = { webhook: { callback_url: "not an address" } } as never;
    expect(
      await rejection(client.messaging.v2.channelsSenders(sender?.sid ?? "").update(wrong)),
    ).toMatchObject({
      status: 400,
    });
    expect(await rejection(client.messaging.v2.channelsSenders.list({ channel: "rcs" }))).toMatchObject({
      status: 400,
    });
  });
});
