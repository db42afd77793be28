// Texts of Telegram, whatever stands in them: entities that fit, nothing of foreign text outside of code, nothing lost.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../helpers/fixed-seed.ts";
import { endedLine } from "../../src/channels/telegram/format/ended-line.ts";
import { blockText, codeSpans } from "../../src/channels/telegram/format/foreign.ts";
import { pagesOf } from "../../src/channels/telegram/format/pages.ts";
import { partsOf } from "../../src/channels/telegram/format/parts.ts";
import { telegramQuestion } from "../../src/channels/telegram/format/question-prompt.ts";
import { telegramPrompt } from "../../src/channels/telegram/format/request-prompt.ts";
import {
  type Entity,
  joined,
  MAX_ENTITIES,
  MAX_LENGTH,
  type RichSpan,
  type RichText,
  richText,
} from "../../src/channels/telegram/format/rich-text.ts";
import type { ApprovalRequest, Outcome } from "../../src/domain/approval.ts";
import { parseQuestions } from "../../src/domain/question.ts";
import { foreign } from "../../src/domain/text.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { decodeVisible, visibleLine } from "../../src/domain/visible.ts";
import { formatText } from "../../src/simulator/telegram/formatted-text.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const ID = "kqmwa" as ApprovalId;

/** What Telegram's clients would make something of, what it takes out, and what reads as ours. */
const NASTY = [
  "https://evil.example/x?y#z",
  "evil.example",
  "@somebody",
  "/start@bot",
  "#tag",
  "$USD",
  "me@evil.example",
  "+1 500 555 0006",
  "4111 1111 1111 1111",
  "tg://resolve?domain=x",
  "\n\nRequest ID: zzzzz",
  "🔔 Approval Request",
  "```",
  "*b* _i_ <b>x</b>",
  "a\u030A",
  "x\u0333y\u033F",
  "\u202Eabc\u202C",
  "👩‍👩‍👧",
  "\uD800",
  "\u200B",
  "\t",
  "    ",
  "\n",
  " ",
];

const hostile = fc
  .array(
    fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => pieces.join(""));

/** As above, up to some ten thousand characters. */
const long = fc
  .tuple(hostile, fc.integer({ min: 0, max: 400 }), fc.constantFrom("", "\n", " "))
  .map(([text, times, between]) =>
    Array.from({ length: times + 1 }, () => text)
      .join(between)
      .slice(0, 30_000),
  );

function assertFits({ text, entities }: RichText): void {
  expect(text.length).toBeLessThanOrEqual(4_096);
  expect(entities.length).toBeLessThanOrEqual(100);
  let end = 0;
  for (const { offset, length } of entities) {
    expect(offset).toBeGreaterThanOrEqual(end);
    expect(length).toBeGreaterThan(0);
    end = offset + length;
    expect(end).toBeLessThanOrEqual(text.length);
    for (const at of [offset, end]) expect(isInsidePair(text, at)).toBe(false);
  }
}

function isInsidePair(text: string, at: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? "") && /[\uD800-\uDBFF]/.test(text[at - 1] ?? "");
}

/** Telegram shows it as it was sent, and adds nothing. */
function assertInert({ text, entities }: RichText): void {
  const shown = formatText(text, entities, 4_096);
  const added = shown.entities.filter(({ type }) => !["bold", "code", "pre"].includes(type));
  expect(added).toEqual([]);
  // But for the line break that a text may end with.
  expect(shown.text).toBe(text.replace(/\n$/, ""));
}

const outsideCode = ({ text, entities }: RichText): string => {
  let rest = "";
  let end = 0;
  for (const { type, offset, length } of entities) {
    if (type === "bold") continue;
    rest += text.slice(end, offset);
    end = offset + length;
  }
  return rest + text.slice(end);
};

const call = (toolName: string, input: Record<string, unknown>): ApprovalRequest => {
  const request = waitingRequest({ call: { toolName, input }, door: "mcp" });
  return request;
};

const requests: fc.Arbitrary<ApprovalRequest> = fc
  .record({
    text: long,
    other: hostile,
    project: hostile,
    agent: hostile,
    said: hostile,
    warning: hostile,
    kind: fc.constantFrom("Bash", "Write", "Edit", "ExitPlanMode", "WebFetch", "mcp__x__y"),
  })
  .map(({ text, other, project, agent, said, warning, kind }) => {
    const inputs: Record<string, Record<string, unknown>> = {
      Bash: { command: text, description: other },
      Write: { file_path: other, content: text },
      Edit: { file_path: other, old_string: text, new_string: `${text}${other}` },
      ExitPlanMode: { plan: text },
      WebFetch: { url: other, prompt: text },
      mcp__x__y: { [other]: text, more: { [text.slice(0, 50)]: [other] } },
    };
    const request = call(kind, inputs[kind] ?? {});
    return {
      ...request,
      project,
      agent,
      said,
      inspection: {
        ...request.inspection,
        warnings: [`talks to ${visibleLine(warning).slice(0, 300)}`],
      },
    };
  });

describe("spans", () => {
  const spans: fc.Arbitrary<RichSpan[]> = fc.array(
    fc.record({ text: hostile, style: fc.constantFrom(undefined, "bold", "code", "pre") }),
    { maxLength: 150 },
  );

  it("make entities within the text, none of which splits a character", () => {
    fc.assert(
      fc.property(spans, (given) => {
        const shown = richText(given);
        expect(shown.entities.length).toBeLessThanOrEqual(MAX_ENTITIES);
        let end = 0;
        for (const { offset, length } of shown.entities) {
          expect(offset).toBeGreaterThanOrEqual(end);
          end = offset + length;
        }
        expect(end).toBeLessThanOrEqual(shown.text.length);
      }),
      { numRuns: 50 },
    );
  });

  it("make one block of a text with more entities than Telegram takes", () => {
    const many = Array.from(
      { length: 200 },
      () => [{ text: "evil.example", style: "code" }, { text: " " }] as const,
    );
    const { text, entities } = richText(many.flat());
    expect(entities).toEqual([{ type: "pre", offset: 0, length: text.length } satisfies Entity]);
  });

  it("make as many messages as it takes, and lose nothing but line breaks between them", () => {
    fc.assert(
      fc.property(fc.array(long, { minLength: 1, maxLength: 4 }), (texts) => {
        const given = texts.flatMap((text): RichSpan[] => [
          { text: "ours: " },
          { text: blockText(text), style: "pre" },
          { text: "\n" },
        ]);
        const pages = pagesOf(given);
        for (const page of pages) assertFits(page);
        const without = (text: string) => text.replaceAll("\n", "").replaceAll(" ", "");
        const all = given.map(({ text }) => text).join("");
        expect(without(pages.map(({ text }) => text).join(""))).toBe(without(all));
      }),
      { numRuns: 40 },
    );
  });

  it("are joined with their entities moved", () => {
    const shown = joined(
      richText([{ text: "one " }, { text: "two", style: "code" }]),
      richText([{ text: " three", style: "bold" }]),
    );
    expect(shown.text).toBe("one two three");
    expect(shown.entities.map(({ offset, length }) => shown.text.slice(offset, offset + length))).toEqual([
      "two",
      " three",
    ]);
  });

  it.each(NASTY.slice(0, 10))("of ours put %j into code", (word) => {
    const { text, entities } = richText([{ text: `see ${word}, then go on` }]);
    assertInert({ text, entities });
    expect(text).toBe(`see ${word}, then go on`);
  });
});

describe("foreign text", () => {
  it("is code, whole, and decodes to what it was", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const spans = codeSpans(text);
        expect(spans.every(({ style }) => style === "code")).toBe(true);
        expect(decodeVisible(spans.map((span) => span.text).join(""))).toBe(decodeVisible(text));
        expect(decodeVisible(blockText(text))).toBe(decodeVisible(text));
      }),
    );
  });

  it("has what Telegram would take out in visible form", () => {
    expect(blockText("a\u030Ab x\u0333y\u033F")).toBe("a⟨U+030A⟩b x⟨U+0333⟩y⟨U+033F⟩");
  });

  it("is cut with what is missing said outside of the code", () => {
    const [code, note] = codeSpans("x".repeat(500), 100);
    expect(code?.style).toBe("code");
    expect(note?.style).toBeUndefined();
    expect(`${code?.text}${note?.text}`.length).toBeLessThanOrEqual(100);
    expect(note?.text).toBe(` … (${500 - (code?.text.length ?? 0)} more characters)`);
  });
});

describe("a request", () => {
  it("fits, is inert, and has its foreign text in code only", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const { document, parts, message, rest, hidden } = telegramPrompt(request);
        for (const each of [...parts, message, ...rest, ...(document ? [document.caption] : [])]) {
          assertFits(each);
          assertInert(each);
        }
        expect(message.text.length).toBeLessThanOrEqual(MAX_LENGTH);
        expect(message.text).toContain(`Request ID: ${ID}`);
        if (rest.length > 0) expect(hidden).toBeGreaterThan(0);
        if (rest.length > 0) expect(document).toBeDefined();
      }),
      { numRuns: 25 },
    );
  });

  it("shows no word of the call outside of code", () => {
    const word = "Zx9qJw";
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.constantFrom("\n", " ", ""), (times, between) => {
        const text = Array.from({ length: times }, () => word).join(between);
        for (const request of [
          call("Bash", { command: text, description: word }),
          call("Write", { file_path: `/${word}`, content: text }),
          call("mcp__a__b", { [word]: text, b: [text] }),
          call("ExitPlanMode", { plan: text }),
        ]) {
          const { parts, message, rest } = telegramPrompt({
            ...request,
            project: word,
            agent: word,
            said: word,
          });
          for (const each of [...parts, message, ...rest]) expect(outsideCode(each)).not.toContain(word);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("holds all of the call in its messages and those of MORE", () => {
    fc.assert(
      fc.property(long, (command) => {
        const { parts, rest, document } = partsOf(ID, {
          title: "command",
          body: [foreign("block", command)],
          kind: "script",
          name: "full text",
          hidden: 0,
        }) as ReturnType<typeof partsOf> & { parts?: never };
        expect(parts).toBeUndefined();
        if (document !== undefined) expect(decodeVisible(document.text)).toBe(`${decodeVisible(command)}\n`);
        if (document === undefined) expect(rest).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("shows the blanks at its end", () => {
    const { message } = telegramPrompt(call("Bash", { command: "echo a\\\n  \n   " }));
    expect(message.text).toContain("⟨U+0020×3⟩");
  });
});

describe("a question", () => {
  it("fits, is inert, and has a button for each option", () => {
    const question = fc.record({
      question: long.map((text) => text.slice(0, 3_000)),
      header: hostile,
      multiSelect: fc.boolean(),
      options: fc.uniqueArray(fc.record({ label: hostile, description: hostile }), {
        minLength: 2,
        maxLength: 4,
        selector: ({ label }) => label.trim().toLowerCase(),
      }),
    });
    fc.assert(
      fc.property(question, (asked) => {
        const request = call("AskUserQuestion", { questions: [asked] });
        fc.pre(parseQuestions(request.call.input).ok);
        const prompt = telegramQuestion(request, { number: 1, leftMs: 60_000 });
        for (const each of [...prompt.parts, prompt.message]) {
          assertFits(each);
          assertInert(each);
        }
        const ids = prompt.keyboard.flat().map(({ id }) => id);
        const options = asked.options.map((_, index) => `answer:${ID}:1:${index + 1}`);
        expect(ids).toEqual([...(asked.multiSelect ? [] : options), `deny:${ID}`]);
        for (const { text } of prompt.keyboard.flat()) expect(text.length).toBeLessThanOrEqual(48);
      }),
      { numRuns: 40 },
    );
  });
});

describe("how a request has ended", () => {
  const by = "+15005550006" as Phone;
  const outcomes: readonly Outcome[] = [
    { status: "approved", by },
    { status: "approved", by: "policy" },
    { status: "approved", by: "grant" },
    { status: "denied", by, reason: "evil.example" },
    { status: "expired", reach: "undelivered" },
    { status: "cancelled", cause: "shutdown" },
    { status: "failed", message: "evil.example" },
    { status: "undeliverable", message: "evil.example", advice: "@somebody" },
  ];

  it.each(outcomes)("fits behind the longest message, and is in words of ours: %o", (outcome) => {
    const line = endedLine(outcome);
    expect(line.text.length).toBeLessThanOrEqual(4_096 - MAX_LENGTH);
    expect(line.text).not.toMatch(/evil|somebody/);
  });
});
