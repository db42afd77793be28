// What a signed webhook's parameters come to: which are compared, which may be empty, and which gestures are no answer.
import { describe, expect, it } from "vitest";
import { readWebhook } from "../../src/channels/twilio/receive/read-webhook.ts";

const TARGET = { accountSid: "AC-ours", sender: "whatsapp:+14155238886" };
const TEXT = {
  AccountSid: "AC-ours",
  MessageSid: "SM1",
  From: "whatsapp:+15005550006",
  To: "whatsapp:+14155238886",
  WaId: "15005550006",
  Body: "yes kqmwa",
  MessageType: "text",
};
const read = (more: Readonly<Record<string, unknown>>) => readWebhook({ ...TEXT, ...more }, TARGET, 0);
const replyTo = (more: Readonly<Record<string, unknown>>) => {
  const event = read(more);
  return event.kind === "reply" ? event.reply : undefined;
};

describe("what a webhook says of its sender and receiver", () => {
  it.each([
    { To: "whatsapp:+15005550009" },
    { To: "+14155238886x" },
    { To: "" },
    { WaId: "15005550001" },
    { WaId: "+15005550001" },
    { WaId: "US.1349" },
    { From: "whatsapp:US.1349", WaId: "15005550006" },
    { From: "whatsapp:US.1349", WaId: "US.1350" },
    { WaId: ["15005550006", "15005550001"] },
    { From: ["whatsapp:+15005550006", "whatsapp:+15005550001"] },
    { ButtonPayload: ["approve:kqmwa", "deny:kqmwa"] },
    { Body: ["yes", "kqmwa"] },
    { AccountSid: "AC-other" },
    { From: "+15005550006" },
    { MessageSid: "" },
  ])("must fit together: %j", (more) => {
    expect(read(more).kind).toBe("unusable");
  });

  it.each([
    {},
    { WaId: "" },
    { WaId: undefined },
    { From: "whatsapp:+525512345678", WaId: "5215512345678" },
    { From: "whatsapp:US.1349", WaId: "US.1349", ExternalUserId: "whatsapp:US.1349" },
    { From: "whatsapp:US.1349", WaId: "whatsapp:US.1349" },
    { Extra: "Twilio adds some without notice", "From[]": "whatsapp:+15005550001" },
  ])("fits, in either form and with what is new: %j", (more) => {
    expect(read(more)).toMatchObject({ kind: "reply", reply: { text: "yes kqmwa" } });
  });

  it("carries the user id beside the number", () => {
    expect(replyTo({ ExternalUserId: "whatsapp:US.1349" })?.userId).toBe("US.1349");
    expect(replyTo({ ExternalUserId: " " })?.userId).toBeUndefined();
  });
});

describe("a parameter without a value", () => {
  it.each(["ButtonPayload", "ListId", "OriginalRepliedMessageSid"])("is none: %s", (name) => {
    for (const value of ["", " ", "\n"]) {
      expect(replyTo({ [name]: value })).toMatchObject({ buttonId: undefined, quotedMessageId: undefined });
    }
  });

  it("does not hide another one", () => {
    expect(replyTo({ ButtonPayload: "", ListId: "answer:kqmwa:1:2" })?.buttonId).toBe("answer:kqmwa:1:2");
  });

  it("is not made up: a button's id stays as it came", () => {
    expect(replyTo({ ButtonPayload: " approve:kqmwa" })?.buttonId).toBe(" approve:kqmwa");
  });
});

describe("a message's type", () => {
  it.each([
    ["edit", "edit"],
    ["Edit", "edit"],
    ["reaction", "reaction"],
    ["text", undefined],
    ["interactive", undefined],
    ["button", undefined],
    ["", undefined],
    ["something new", undefined],
  ])("%j tells whether it is an answer at all", (MessageType, gesture) => {
    expect(replyTo({ MessageType })?.gesture).toBe(gesture);
  });
});

describe("words that were passed on", () => {
  it.each([
    { Forwarded: "true" },
    { Forwarded: "True " },
    { FrequentlyForwarded: "true" },
    { Forwarded: "false", FrequentlyForwarded: "1" },
    { Forwarded: "something new" },
  ])("are nobody's answer: %j", (more) => {
    expect(replyTo(more)?.gesture).toBe("forward");
  });

  it.each([
    {},
    { Forwarded: "false", FrequentlyForwarded: "false" },
    { Forwarded: "" },
    { Forwarded: "FALSE" },
  ])("are told from the person's own: %j", (more) => {
    expect(replyTo(more)).toBeDefined();
    expect(replyTo(more)?.gesture).toBeUndefined();
  });
});
