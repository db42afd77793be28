// The edges of the reply grammar, where one sign more or less would turn what is meant into something else.

import { describe, expect, it } from "vitest";
import { parseReply } from "../../src/domain/reply.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";

const ID = "kqmwa" as ApprovalId;
const UNCLEAR = { kind: "unclear" };

describe("the id of a list's item", () => {
  it.each([
    "xanswer:kqmwa:1:2",
    "answer:kqmwa:1:2x",
    " answer:kqmwa:1:2",
    "answer:kqmwa:1:2\n",
    "answer:kqmwa:0:2",
  ])("is none when anything stands around it: %j", (buttonId) => {
    expect(parseReply({ text: "x", buttonId })).toEqual(UNCLEAR);
  });
});

describe("an answer behind spaces", () => {
  it("is read without them, typed and quoted", () => {
    expect(parseReply({ text: "  kqmwa Postgres" })).toEqual({
      kind: "answer",
      id: ID,
      said: { text: "Postgres" },
    });
    expect(parseReply({ text: "  kqmwa Postgres", quoted: ID, question: 1 })).toMatchObject({
      kind: "answer",
      said: { text: "Postgres" },
      question: 1,
    });
  });
});

describe("a word that decides, in reply to a question", () => {
  const quoted = (text: string) => parseReply({ text, quoted: ID, question: 1 });

  it.each(["no!", "no!!", "No...", "deny,;:"])("denies with any signs behind it: %j", (text) => {
    expect(quoted(text)).toEqual({ kind: "deny", id: ID });
  });

  it.each(["n.o", "!no", "no?"])("is a word like any other with signs elsewhere: %j", (text) => {
    expect(quoted(text)).toMatchObject({ kind: "answer", said: { text } });
  });

  it.each(["yes v2", "no x11 please"])(
    "is part of the answer before a word that ends in a number: %j",
    (text) => {
      expect(quoted(text)).toMatchObject({ kind: "answer", said: { text } });
    },
  );

  it.each(["yes 2", "yes #2", "no, (1)", "y 3rd"])("makes a number uncertain: %j", (text) => {
    expect(quoted(text)).toMatchObject({ kind: "answer", said: { text: "" } });
  });

  it.each(["yes", "approve", "session", "y!!", "YES."])("never approves: %j", (text) => {
    expect(quoted(text)).toMatchObject({ kind: "answer", said: { text: "" } });
  });
});

describe("a yes that names a request, in reply to another one's message", () => {
  it.each(["approve abcde", "yes abcde", "session abcde", "approve abcde now", "approve please"])(
    "decides nothing: %j",
    (text) => {
      expect(parseReply({ text, quoted: ID })).toEqual(UNCLEAR);
    },
  );
});
