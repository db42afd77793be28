// Reading Twilio's list of messages: what one reading may take, whatever Twilio answers, and whose messages count.
import { describe, expect, it } from "vitest";
import { createInbox, type MessageListApi } from "../../src/channels/twilio/receive/inbox.ts";
import { PHONE } from "../helpers/gate-stage.ts";

const ACCOUNT = "AC-ours";
const SENDER = "whatsapp:+14155238886";
const AT = 1_700_000_000_000;

type Page = Awaited<ReturnType<MessageListApi["getPage"]>>;
type Message = Page["instances"][number];

const message = (changed: Partial<Message> = {}): Message => ({
  sid: "SM1",
  accountSid: ACCOUNT,
  direction: "inbound",
  from: `whatsapp:${PHONE}`,
  to: SENDER,
  body: "yes",
  dateSent: new Date(AT),
  dateCreated: new Date(AT),
  ...changed,
});

/** More pages than any reading may take. */
const MANY = 1_000;

function inboxOver(pageOf: (number: number) => Page) {
  let pages = 0;
  const next = async () => {
    pages += 1;
    if (pages > MANY) throw new Error("it is read without an end");
    return pageOf(pages);
  };
  const inbox = createInbox({
    api: { page: next, getPage: next } as MessageListApi,
    accountSid: ACCOUNT,
    from: SENDER,
  });
  return { inbox, pages: () => pages };
}

describe("one reading of the list", () => {
  it("ends after 20 pages, even if each of them names another one", async () => {
    const { inbox, pages } = inboxOver((number) => ({
      instances: [message({ sid: `SM${number}` })],
      nextPageUrl: "https://api.twilio.com/next",
    }));
    expect(await inbox.since(PHONE, AT)).toHaveLength(20);
    expect(pages()).toBe(20);
  });

  it("ends with a page that is empty, although it names another one", async () => {
    const { inbox, pages } = inboxOver((number) => ({
      instances: number === 1 ? [message()] : [],
      nextPageUrl: "https://api.twilio.com/next",
    }));
    expect(await inbox.since(PHONE, AT)).toHaveLength(1);
    expect(pages()).toBe(2);
  });

  it("ends with the last page, and has the oldest message first", async () => {
    const { inbox, pages } = inboxOver((number) => ({
      instances: [message({ sid: `SM${4 - number}` })],
      ...(number < 3 ? { nextPageUrl: "https://api.twilio.com/next" } : {}),
    }));
    expect((await inbox.since(PHONE, AT)).map(({ id }) => id)).toEqual(["SM1", "SM2", "SM3"]);
    expect(pages()).toBe(3);
  });
});

describe("a message in the list", () => {
  it.each<[string, Partial<Message>]>([
    ["of another account", { accountSid: "AC-other" }],
    ["that we have sent", { direction: "outbound-api" }],
    ["from another number", { from: "whatsapp:+15005550001" }],
    ["from the same number by SMS", { from: PHONE }],
    ["to another number", { to: "whatsapp:+15005550002" }],
    ["from before the time that was asked for", { dateSent: new Date(AT - 1_001) }],
  ])("%s is left out, whatever was asked for", async (_, changed) => {
    const { inbox } = inboxOver(() => ({ instances: [message(changed), message({ sid: "SM2" })] }));
    expect((await inbox.since(PHONE, AT)).map(({ id }) => id)).toEqual(["SM2"]);
  });

  it("counts from a second before, because Twilio's times have no fractions; without a time, by when it was made", async () => {
    const { inbox } = inboxOver(() => ({
      instances: [
        message({ sid: "SM2", dateSent: null, dateCreated: new Date(AT + 5) }),
        message({ dateSent: new Date(AT - 1_000) }),
      ],
    }));
    expect(await inbox.since(PHONE, AT)).toEqual([
      { id: "SM1", from: PHONE, text: "yes", at: AT - 1_000 },
      { id: "SM2", from: PHONE, text: "yes", at: AT + 5 },
    ]);
  });
});
