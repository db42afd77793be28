// Whoever has answered is named so that they can be told apart, on every channel: by the name that they have, else by the end of their
// address; never by the channel alone, and never by the whole address.
import { describe, expect, it } from "vitest";
import { eventWords } from "../../src/audit/event-line.ts";
import { endedLine } from "../../src/channels/telegram/format/ended-line.ts";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import type { Outcome } from "../../src/domain/approval.ts";
import { addressOn, CHANNEL_TITLES, type ChannelName } from "../../src/domain/channel.ts";
import { endedWords } from "../../src/domain/ended-words.ts";
import { phoneText } from "../../src/domain/names.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { outcomeWords } from "../../src/history/outcome-words.ts";
import { decided } from "../helpers/notices.ts";

const ID = "kqmwa" as ApprovalId;
const ASKER = "+15005550001" as Phone;
const ADDRESSES: readonly (readonly [ChannelName, Phone, string])[] = [
  ["whatsapp", "+15005550006" as Phone, "…0006"],
  ["whatsapp-agent", addressOn("whatsapp-agent", "user:US.1349120899118"), "WhatsApp (agent) …9118"],
  ["telegram", addressOn("telegram", "4500000007001"), "Telegram …7001"],
];

const outcomesOf = (by: Phone, name?: string): readonly Outcome[] => {
  const who = { by, ...(name === undefined ? {} : { name }) };
  const other = { by: ASKER, name: "ben" };
  return [
    { status: "approved", ...who },
    { status: "approved", ...who, answers: [] },
    { status: "approved", ...other, alsoBy: [who] },
    { status: "denied", ...who },
    { status: "denied", ...who, reason: "not now" },
    { status: "expired", short: [who] },
  ];
};

/** How each place says how it ended, to others than the one who has answered. */
const SAY: Readonly<Record<string, (outcome: Outcome) => string>> = {
  "the terminal and the log": (outcome) => endedWords(outcome).text,
  "the record": (outcome) => outcomeWords({ outcome }),
  "the message in Telegram": (outcome) => endedLine(outcome).text,
};
const NOTICES = (by: Phone, name?: string): readonly Notice[] => [
  decided({ status: "approved", by, ...(name === undefined ? {} : { name }) }, { by }),
  decided({ status: "denied", by, ...(name === undefined ? {} : { name }) }, { by }),
  { kind: "question-answered", id: ID, place: { number: 1, total: 2 }, by, name },
  { kind: "counted", id: ID, by, name, have: 1, needed: 2, isOwn: false },
  { kind: "to-confirm", id: ID, by, name },
  { kind: "ran-out", id: ID, short: [{ by, name }], needed: 2 },
];

describe.each(ADDRESSES)("somebody on %s", (channel, by, masked) => {
  it("is named by the end of their address where nobody has named them", () => {
    expect(phoneText(by)).toBe(masked);
  });

  describe.each(Object.entries(SAY))("in %s", (place, say) => {
    it.each(outcomesOf(by))("is told from others: %j", (outcome) => {
      const said = say(outcome);
      // The message says of an expiry only that too few have approved it.
      if (outcome.status === "expired" && place === "the message in Telegram")
        return expect(said).toMatch(/too few/);
      expect(said).toContain(masked);
      expect(said).not.toContain(by.slice(-8));
    });

    it.each(outcomesOf(by, "ada"))("is called by their name: %j", (outcome) => {
      const said = say(outcome);
      if (outcome.status === "expired" && place === "the message in Telegram")
        return expect(said).toMatch(/too few/);
      expect(said).toContain("ada");
      expect(said).not.toContain(masked);
    });
  });

  it.each(NOTICES(by))("is told from others in what phones hear: $kind", (notice) => {
    const said = renderNotice(notice);
    expect(said).toContain(masked);
    expect(said).not.toContain(by.slice(-8));
  });

  it.each(NOTICES(by, "ada"))("is called by their name in what phones hear: $kind", (notice) => {
    const said = renderNotice(notice);
    expect(said).toContain("ada");
    expect(said).not.toContain(CHANNEL_TITLES[channel]);
  });

  it("is no whole address in a list of the event log", () => {
    const said = eventWords({ data: JSON.stringify({ by, from: "telegram", to: "whatsapp" }) });
    expect(said).toBe(`by ${masked}, from telegram, to whatsapp`);
  });
});

it("an id with nothing but signs in it shows nothing of them", () => {
  expect(phoneText("telegram:\u202e*_~`\n")).toBe("Telegram …");
});
