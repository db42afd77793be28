// Telegram tells apart from a text what is struck through or cited in it: such words must not approve.
import { describe, expect, it } from "vitest";
import { readUpdate } from "../../src/channels/telegram/receive/reader.ts";
import { parseUpdate } from "../../src/channels/telegram/receive/update.ts";
import { parseReply } from "../../src/domain/reply.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";

const ID = "kqmwa" as ApprovalId;

/** What is handed on of a message that a person has written. */
function heard(message: object): string | undefined {
  const person = { id: 7, is_bot: false };
  const parsed = parseUpdate({
    message: {
      message_id: 1,
      date: 1_700_000_000,
      from: person,
      chat: { id: 7, type: "private" },
      ...message,
    },
  });
  return parsed && readUpdate(parsed)?.inbound.text;
}

describe("a part of a message from Telegram that is", () => {
  it.each(["strikethrough", "blockquote", "expandable_blockquote"])("%s does not approve", (type) => {
    for (const [text, offset, length] of [
      ["yes", 0, 3],
      ["👍", 0, 2],
      ["yes kqmwa", 0, 9],
      ["yes kqmwa", 0, 3],
      ["👍 yes", 3, 3],
    ] as const) {
      expect(parseReply({ text: heard({ text }) ?? "", quoted: ID }).kind).toBe("approve");
      const said = heard({ text, entities: [{ type, offset, length }] }) ?? "";
      expect([said, parseReply({ text: said, quoted: ID }).kind]).toEqual([said, "unclear"]);
      expect(parseReply({ text: said }).kind).toBe("unclear");
    }
  });

  it("struck through or cited is marked as WhatsApp does it, in captions too", () => {
    const entities = [
      { type: "bold", offset: 0, length: 2 },
      { type: "strikethrough", offset: 3, length: 3 },
      { type: "strikethrough", offset: 7, length: 5 },
    ];
    expect(heard({ text: "no, not tests", entities })).toBe("no,~ no~t~ test~s");
    expect(heard({ caption: "no, not tests", caption_entities: entities })).toBe("no,~ no~t~ test~s");
    expect(heard({ text: "old\nnew", entities: [{ type: "blockquote", offset: 0, length: 3 }] })).toBe(
      "> old\nnew",
    );
  });

  it("in any other format is words like any", () => {
    for (const type of ["bold", "italic", "underline", "code", "pre", "spoiler", "text_link", "anything"])
      expect(heard({ text: "yes", entities: [{ type, offset: 0, length: 3, url: "http://x" }] })).toBe("yes");
  });

  it("nowhere in the text changes no word of it", () => {
    expect(heard({ text: "yes", entities: [{ type: "strikethrough", offset: 90, length: 9 }] })).toBe(
      "yes~~",
    );
  });
});
