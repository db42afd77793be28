// Product text: what the person reads of a question, and the limits of WhatsApp's list.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { questionPrompt } from "../../src/channels/whatsapp-format/question-prompt.ts";
import { renderText } from "../../src/channels/whatsapp-format/text.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { headline } from "../../src/domain/headline.ts";
import type { Inspection } from "../../src/domain/inspection.ts";
import {
  answerUnclearText,
  questionAnsweredText,
  questionMovedText,
  questionStaleText,
} from "../../src/domain/question-words.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { CHECKS, DB, questionCall, REGION } from "../helpers/questions.ts";

const id = "kqmwa" as ApprovalId;

function requestFor(questions: readonly (typeof DB)[], more: Partial<Inspection> = {}): ApprovalRequest {
  const call = questionCall(...questions);
  return {
    id,
    call,
    inspection: { shown: call, secrets: 0, warnings: [], ...more },
    door: "mcp",
    project: "web-shop",
    createdAt: 0,
    expiresAt: 300_000,
    waiting: 1,
  };
}

const show = (questions: readonly (typeof DB)[], number = 1, more: Partial<Inspection> = {}) =>
  questionPrompt(requestFor(questions, more), { number, leftMs: 300_000 });

describe("a question on the phone", () => {
  it("names the token that asks, as every request does", () => {
    const request = { ...requestFor([DB]), requester: "ci" };
    const { plain } = questionPrompt(request, { number: 1, leftMs: 300_000 });
    expect(plain).toContain("*Project:* web-shop (token ci)");
    const posing = { ...requestFor([DB]), project: "shop (Token ci)" };
    expect(questionPrompt(posing, { number: 1, leftMs: 300_000 }).plain).toContain(
      "*Project:* `shop (Token ci)`\n",
    );
  });

  it("is a list to choose from, with everything in the body", () => {
    const { parts, list, plain } = show([DB]);
    expect(parts).toEqual([]);
    expect(list?.body).toMatchInlineSnapshot(`
      "🔔 *Question*

      *Topic:* DB
      *Claude asks:* Which DB?
        1. Postgres: A server that many can write to
        2. SQLite: One file, nothing to run

      *Project:* web-shop
      *Request ID:* kqmwa

      ⏱️ Expires in 5 minutes
      Choose from the list, or type kqmwa and a number or your own words, for example: kqmwa 2
      DENY kqmwa gives no answer"
    `);
    expect(list?.items).toMatchInlineSnapshot(`
      [
        {
          "description": "A server that many can write to",
          "id": "answer:kqmwa:1:1",
          "item": "1. Postgres",
        },
        {
          "description": "One file, nothing to run",
          "id": "answer:kqmwa:1:2",
          "item": "2. SQLite",
        },
        {
          "description": "Claude gets no answer",
          "id": "deny:kqmwa",
          "item": "❌ Deny",
        },
      ]
    `);
    expect(plain).toBe(list?.body.replace("Choose from the list, or type", "Type"));
  });

  it("is a plain message where several may be chosen, and says which of how many it is", () => {
    const { list, plain } = show([DB, CHECKS], 2);
    expect(list).toBeUndefined();
    expect(plain).toMatchInlineSnapshot(`
      "🔔 *Question 2 of 2*

      *Topic:* Checks
      *Claude asks:* Which checks run before a commit?
        1. Types: The compiler
        2. Lint: The linter
        3. Tests: All of them

      *Project:* web-shop
      *Request ID:* kqmwa

      ⏱️ Expires in 5 minutes
      Type kqmwa and numbers or your own words, for example: kqmwa 1,2
      DENY kqmwa gives no answer"
    `);
  });

  it("is a plain message where its text would be taken for a variable", () => {
    const { list, plain } = show([{ ...DB, question: "Keep {{1}}?" }]);
    expect(list).toBeUndefined();
    expect(plain).toContain("Keep {{1}}?");
  });

  it("is shown in full first when it has previews, with nothing that passes for an option", () => {
    const preview = "Looks like this\n\n2. Forged\n```";
    const { parts, list } = show([
      {
        ...DB,
        options: [
          { label: "A", description: "First", preview },
          { label: "B", description: "" },
        ],
      },
    ]);
    expect(parts).toMatchInlineSnapshot(`
      [
        "*kqmwa, part 1 of 1:* question
      \`\`\`
      Which DB?

      1. A
         First
         Preview:
         Looks like this
         
         2. Forged
         ⟨U+0060×3⟩

      2. B
      \`\`\`",
      ]
    `);
    expect(list?.body).toContain("  • full text above, 1 part");
  });

  it("is shown in full first when it is long; its labels are cut in the body and say so", () => {
    const label = `a very long label ${"x".repeat(900)}`;
    const { parts, list } = show([{ ...DB, options: [{ label, description: "" }, ...REGION.options] }]);
    expect(parts.join("")).toContain(label);
    expect(list?.body).toContain("more characters)");
    expect(list?.items[0]?.item).toBe("1. a very long label xx…");
  });

  it("does not let foreign text add lines or close a mark", () => {
    const { plain } = show([
      { ...DB, question: "Which?\n*Request ID:* kqmwb", header: "*Request ID:* kqmwb" },
    ]);
    expect(plain.split("\n").filter((line) => line.startsWith("*Request ID:*"))).toEqual([
      "*Request ID:* kqmwa",
    ]);
  });

  it("says what was masked, and what was not checked", () => {
    expect(show([DB], 1, { secrets: 2 }).plain).toContain(
      "Expires in 5 minutes · 2 values that look like secrets are masked: look for others",
    );
    expect(show([DB], 1, { secrets: undefined, warnings: ["not checked for risks"] }).plain).toContain(
      "🔔 *Question*\n⚠️ not checked for secrets · not checked for risks\n",
    );
  });

  it("keeps WhatsApp's limits, whatever Claude asks", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.string({ unit: "grapheme", minLength: 100, maxLength: 400 }),
    );
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(text, { minLength: 4, maxLength: 4 }),
        fc.array(fc.string()),
        (asked, header, texts, warnings) => {
          const options = texts.map((each, index) => ({ label: `${index} ${each}`, description: each }));
          const question = { ...DB, question: `Q ${asked}`, header, options };
          const { parts, list, plain } = show([question], 1, { warnings, secrets: undefined });
          expect(plain.length).toBeLessThanOrEqual(1_000);
          for (const part of parts) expect(part.length).toBeLessThanOrEqual(1_600);
          if (list === undefined) return;
          expect(list.body.length).toBeLessThanOrEqual(1_000);
          expect(list.button.length).toBeLessThanOrEqual(20);
          expect(new Set(list.items.map((item) => item.item)).size).toBe(5);
          for (const { id, item, description = "x" } of list.items) {
            expect([
              id.length <= 128,
              item.length <= 24,
              description.length <= 72,
              description !== "",
            ]).not.toContain(false);
            expect(item).not.toMatch(/[\n\r\u202E]/);
          }
        },
      ),
    );
  });

  it("is named by its text where requests are listed", () => {
    expect(headline(questionCall(DB, REGION))).toBe("Which DB?");
  });
});

describe("a reply to a question", () => {
  it("that did not end the request is answered with what became of it", () => {
    const place = { number: 2, total: 3 };
    expect([
      renderText(questionAnsweredText(id, place, "+15005550010" as Phone)),
      questionStaleText(id, place),
      questionStaleText(id, { number: 1, total: 1 }),
      questionMovedText(id, place),
      answerUnclearText(id, { ...DB, options: DB.options.map((option) => ({ preview: "", ...option })) }),
      answerUnclearText(id, {
        ...CHECKS,
        options: CHECKS.options.map((option) => ({ preview: "", ...option })),
      }),
    ]).toMatchInlineSnapshot(`
      [
        "✅ kqmwa question 2 of 3 answered by …0010",
        "kqmwa question 2 of 3 was already answered: nothing changed",
        "kqmwa question was already answered: nothing changed",
        "kqmwa asks question 2 of 3 now: nothing changed. Answer that one when you have read it",
        "kqmwa is a question: nothing changed. Answer with one number from 1 to 2, such as kqmwa 2, or in words that do not begin with a digit. DENY kqmwa gives no answer",
        "kqmwa is a question: nothing changed. Answer with numbers from 1 to 3, such as kqmwa 1,3, or in words that do not begin with a digit. DENY kqmwa gives no answer",
      ]
    `);
  });
});
