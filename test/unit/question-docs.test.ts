// What docs/messages.md and docs/replies.md say of questions against the code: the examples, the replies and the numbers.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LIST_NAME_PREFIX } from "../../src/channels/twilio/templates/question-lists.ts";
import { questionPrompt } from "../../src/channels/whatsapp-format/question-prompt.ts";
import { renderText } from "../../src/channels/whatsapp-format/text.ts";
import { READING_TIME_MS } from "../../src/core/question-flow.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import * as decisionWords from "../../src/domain/decision-words.ts";
import { MAX_QUESTIONS_LENGTH, parseQuestions } from "../../src/domain/question.ts";
import { MAX_ANSWER_LENGTH, readAnswer } from "../../src/domain/question-answer.ts";
import { questionAnsweredText } from "../../src/domain/question-words.ts";
import { parseReply } from "../../src/domain/reply.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { packageRoot } from "../../src/server/system.ts";
import { CHECKS, DB, questionCall } from "../helpers/questions.ts";

const decidedText = (...args: Parameters<typeof decisionWords.decidedText>) =>
  renderText(decisionWords.decidedText(...args));

const sectionOf = (page: string, title: string) => {
  const text = readFileSync(join(packageRoot(), "docs", page), "utf8");
  return text.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
};
const shown = sectionOf("messages.md", "Questions");
const answering = sectionOf("replies.md", "Answering a question");
const flat = answering.replaceAll("\n", " ");
const id = "kqmwq" as ApprovalId;
const by = "+15005550010" as Phone;

function show(number: number, leftMs: number, ...questions: readonly (typeof DB)[]) {
  const call = questionCall(...questions);
  const request: ApprovalRequest = {
    id,
    call,
    inspection: { shown: call, secrets: 0, warnings: [] },
    door: "mcp",
    project: "web-shop",
    createdAt: 0,
    expiresAt: 300_000,
    waiting: 1,
  };
  return questionPrompt(request, { number, leftMs });
}

describe("the docs on questions", () => {
  it("shows them as the phone does", () => {
    const { list } = show(1, 300_000, DB);
    expect(shown).toContain(`\n\`\`\`\n${list?.body}\n[☰ ${list?.button}]\n\`\`\`\n`);
    expect(shown).toContain(`\n\`\`\`\n${show(2, 240_000, DB, CHECKS).plain}\n\`\`\`\n`);
  });

  it("quotes the confirmations and the numbers as they are", () => {
    const outcome = { status: "approved", by, answers: [{ by, options: [1] }] } as const;
    expect(flat).toContain(`"${decidedText(id, outcome, true)}"`);
    expect(flat).toContain(`"${renderText(questionAnsweredText(id, { number: 1, total: 2 }, by))}"`);
    expect(flat).toContain(`${MAX_ANSWER_LENGTH.toLocaleString("en-US")} characters`);
    expect(flat).toContain(`${MAX_QUESTIONS_LENGTH.toLocaleString("en-US")} characters`);
    expect(flat).toContain(`first ${READING_TIME_MS / 1000} s`);
    expect(flat).toContain(`\`${LIST_NAME_PREFIX}\``);
  });

  const rows = answering.match(/^\| .+$/gm) ?? [];
  const typed = (meaning: RegExp) =>
    rows
      .filter((row) => meaning.test(row.split(" | ")[1] ?? ""))
      .flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, each = ""]) => each))
      .filter((each) => each.includes(id));

  it("says of each typed reply what it is", () => {
    const parsed = parseQuestions(questionCall(CHECKS).input);
    const [question] = parsed.ok ? parsed.questions : [];
    const read = (words: string) => {
      const reply = parseReply({ text: words });
      return reply.kind === "answer" && question !== undefined
        ? readAnswer(reply.said, question, by)
        : undefined;
    };
    const answers = [...typed(/^these options/), ...typed(/^the option/), ...typed(/^your own words, up/)];
    expect(answers).toHaveLength(4);
    for (const words of answers) expect(read(words)).toBeDefined();
    const nothing = typed(/^changes nothing/);
    expect(nothing).toHaveLength(6);
    for (const words of nothing) expect(read(words)).toBeUndefined();
    const denials = typed(/denied/);
    expect(denials).toHaveLength(3);
    for (const words of denials) expect(parseReply({ text: words }).kind).toBe("deny");
  });
});
