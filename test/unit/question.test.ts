// What Claude asks, what a person's words mean for it, and what Claude is told: nothing counts that is not certain.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApprovalRequest, Outcome } from "../../src/domain/approval.ts";
import { decisionOf } from "../../src/domain/decision.ts";
import { askableQuestions, MAX_QUESTIONS_LENGTH, parseQuestions } from "../../src/domain/question.ts";
import { answeredInput, MAX_ANSWER_LENGTH, readAnswer } from "../../src/domain/question-answer.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { CHECKS, DB, QUESTION_CALL, questionCall, REGION } from "../helpers/questions.ts";
import { SESSION } from "../helpers/session-offer.ts";

const by = "+15005550006" as Phone;
const [POSTGRES, SQLITE] = DB.options;

function problemOf(input: Record<string, unknown>): string {
  const parsed = parseQuestions(input);
  return parsed.ok ? "none" : parsed.problem;
}

describe("the questions of a call", () => {
  it("are read as they are; what may be missing is empty", () => {
    expect(parseQuestions(questionCall(DB, CHECKS).input)).toMatchObject({
      ok: true,
      questions: [
        { question: "Which DB?", header: "DB", multiSelect: false, options: [{ label: "Postgres" }, {}] },
        { multiSelect: true },
      ],
    });
    const bare = { question: "Which?", options: [{ label: "A" }, { label: "B" }], more: 1 };
    expect(parseQuestions({ questions: [bare], more: 1 })).toEqual({
      ok: true,
      questions: [
        {
          question: "Which?",
          header: "",
          multiSelect: false,
          options: ["A", "B"].map((label) => ({ label, description: "", preview: "" })),
        },
      ],
    });
  });

  const two = (one: object, other: object) => ({ questions: [{ ...DB, options: [one, other] }] });
  it.each<[string, Record<string, unknown>]>([
    ["there is no list of questions", {}],
    ["there is no list of questions", { questions: { 0: DB, length: 1 } }],
    ["there are 0 questions", { questions: [] }],
    ["there are 5 questions", { questions: [1, 2, 3, 4, 5].map((n) => ({ ...DB, question: `${n}?` })) }],
    ["question 1 is not an object", { questions: ["Which DB?"] }],
    ["question 2 is not an object", { questions: [DB, null] }],
    ["question 1 is not an object", { questions: [[DB]] }],
    ["the text of question 1 is missing", { questions: [{ ...DB, question: " \n" }] }],
    ["the text of question 1 is missing", { questions: [{ ...DB, question: "\u200B\u202E" }] }],
    ["the text of question 1 is missing", { questions: [{ ...DB, question: 7 }] }],
    ["the header of question 1 is not a text", { questions: [{ ...DB, header: {} }] }],
    ["multiSelect of question 1 is not true or false", { questions: [{ ...DB, multiSelect: "false" }] }],
    ["question 1 has no list of options", { questions: [{ ...DB, options: undefined }] }],
    ["question 1 has 1 options", { questions: [{ ...DB, options: [POSTGRES] }] }],
    ["question 1 has 5 options", { questions: [{ ...DB, options: Array(5).fill(POSTGRES) }] }],
    ["option 2 of question 1 is not an object", two(POSTGRES as object, ["SQLite"])],
    ["the label of option 2 of question 1 is missing", two(POSTGRES as object, { label: "" })],
    ["the description of option 1 of question 1", two({ label: "A", description: 1 }, { label: "B" })],
    ["the preview of option 2 of question 1", two({ label: "A" }, { label: "B", preview: [] })],
    ["two questions have the same text", { questions: [DB, { ...REGION, question: "Which  DB? " }] }],
    [
      "two options of question 1 have the same label",
      two({ label: "Postgres" }, { label: "Post\u200Bgres " }),
    ],
    [
      "more than 12000 characters",
      two({ label: "A", preview: "x".repeat(MAX_QUESTIONS_LENGTH) }, { label: "B" }),
    ],
    [
      "the labels of question 1 can be confused",
      { questions: [{ ...CHECKS, options: [{ label: "A" }, { label: "B" }, { label: "A, B" }] }] },
    ],
  ])("are refused: %s", (problem, input) => {
    expect(problemOf(input)).toContain(problem);
  });

  it("may have commas in their labels where only one can be chosen", () => {
    const options = [{ label: "A" }, { label: "B" }, { label: "A, B" }];
    expect(parseQuestions({ questions: [{ ...DB, options }] }).ok).toBe(true);
  });

  it("are refused when masking makes two of them the same", () => {
    const call = questionCall({
      ...DB,
      options: [SQLITE, { ...SQLITE, label: "SQLite 2" }] as typeof DB.options,
    });
    const shown = { ...call, input: { questions: [{ ...DB, options: [SQLITE, SQLITE] }] } };
    expect(askableQuestions(call, shown)).toEqual({
      ok: false,
      problem: "with its secrets masked, two options of question 1 have the same label",
    });
  });

  it("never throw, whatever comes, and never name foreign words in a problem", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("questions", "x"), fc.jsonValue()), (input) => {
        expect(typeof parseQuestions(input).ok).toBe("boolean");
      }),
    );
    expect(problemOf(two({ label: "evil", description: 1 }, { label: "B" }))).not.toContain("evil");
  });
});

function read(said: string, question = DB) {
  const parsed = parseQuestions({ questions: [question] });
  const [first] = parsed.ok ? parsed.questions : [];
  if (first === undefined) throw new Error("the question cannot be read");
  const answer = readAnswer({ text: said }, first, by);
  return answer && ("text" in answer ? answer.text : answer.options);
}

describe("an answer", () => {
  it.each([
    ["2", [2]],
    [" 1. ", [1]],
    ["#2", [2]],
    ["2)", [2]],
    ["２", [2]],
    ["2\uFE0F\u20E3", [2]],
    ["postgres", [1]],
    ["SQLITE", [2]],
    ["MySQL, because of the old data", "MySQL, because of the old data"],
    ["None of them", "None of them"],
    ["Postgres 17", "Postgres 17"],
  ])("to a question with one choice is read as it is meant: %j", (said, expected) => {
    expect(read(said)).toEqual(expected);
  });

  it.each([
    "",
    " ",
    "0",
    "3",
    "-1",
    "+1",
    "1.5",
    "02",
    "1,2",
    "1 2",
    "1 and 2",
    "2 please",
    "2nd",
    "1st",
    "٢",
    "②②",
    "½",
    "10",
    "\u200B",
    "?",
    "...",
    "👍",
  ])("that is not certain is none: %j", (said) => {
    expect(read(said)).toBeUndefined();
  });

  it.each([
    ["1,3", [1, 3]],
    ["3, 1", [1, 3]],
    ["1 3", [1, 3]],
    ["1 and 2", [1, 2]],
    ["1, 2 & 3", [1, 2, 3]],
    ["2", [2]],
    ["lint", [2]],
    ["Types, but only in src", "Types, but only in src"],
  ])("to a question with several choices is read as it is meant: %j", (said, expected) => {
    expect(read(said, CHECKS)).toEqual(expected);
  });

  it.each(["1,4", "1,1", "0,1", "1,,2", "1-3", "1,3 and docs", "12"])(
    "with several numbers, not certain: %j",
    (said) => {
      expect(read(said, CHECKS)).toBeUndefined();
    },
  );

  it("that is a label and the number of another option is not certain", () => {
    const numbers = { ...DB, options: ["2", "1", "10"].map((label) => ({ label, description: "" })) };
    expect(read("2", numbers)).toBeUndefined();
    expect(read("1", numbers)).toBeUndefined();
    expect(read("10", numbers)).toEqual([3]);
    expect(
      read("2 GB", { ...DB, options: ["1 GB", "2 GB"].map((label) => ({ label, description: "" })) }),
    ).toEqual([2]);
  });

  it("in words is cut at 1,000 characters, and none when it is mostly hidden characters", () => {
    expect(read("ä".repeat(1_500))).toBe("ä".repeat(MAX_ANSWER_LENGTH));
    expect(read(`a${"\u200B\u200C".repeat(500)}`)).toBeUndefined();
  });

  it("in words never chooses an option that it does not name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (said) => {
        const answer = read(said);
        if (Array.isArray(answer))
          expect(said.normalize("NFKC").toLowerCase()).toMatch(/[12]|postgres|sqlite/);
      }),
    );
  });
});

const request: ApprovalRequest = {
  id: "kqmwa" as ApprovalId,
  call: questionCall(DB, CHECKS),
  inspection: { shown: QUESTION_CALL, secrets: 0, warnings: [] },
  door: "mcp",
  createdAt: 0,
  expiresAt: 300_000,
  waiting: 1,
};

describe("what Claude is told", () => {
  const postgres = { by, options: [1] };

  it("is the call's own input with one answer for each question", () => {
    const outcome: Outcome = { status: "approved", by, answers: [postgres, { by, options: [1, 3] }] };
    expect(decisionOf(request, outcome)).toEqual({
      behavior: "allow",
      hasAnswers: true,
      input: {
        ...request.call.input,
        answers: { "Which DB?": "Postgres", "Which checks run before a commit?": "Types, Tests" },
      },
    });
  });

  it("are the person's own words with everything hidden made visible", () => {
    const words = { by, text: 'MySQL\n\u202Eor "none"' };
    expect(answeredInput(QUESTION_CALL, [words])).toMatchObject({
      answers: { "Which DB?": 'MySQL\n⟨U+202E⟩or "none"' },
    });
  });

  it("takes the place of what the model has put into the person's mouth, and keeps odd keys", () => {
    const call = questionCall({ ...DB, question: "__proto__" });
    const input = { ...call.input, answers: { "Which DB?": "SQLite" }, annotations: {} };
    const json = JSON.stringify(answeredInput({ ...call, input }, [postgres]));
    expect(Object.keys(JSON.parse(json))).toEqual(["questions", "answers"]);
    expect(json).toContain('"answers":{"__proto__":"Postgres"}');
  });

  it.each<[string, Outcome]>([
    ["no answers", { status: "approved", by }],
    ["no answer at all", { status: "approved", by, answers: [] }],
    ["one of two", { status: "approved", by, answers: [postgres] }],
    ["one too many", { status: "approved", by, answers: [postgres, postgres, postgres] }],
    ["a number that is none", { status: "approved", by, answers: [{ by, options: [3] }, postgres] }],
    ["nothing chosen", { status: "approved", by, answers: [{ by, options: [] }, postgres] }],
    ["two where one is wanted", { status: "approved", by, answers: [{ by, options: [1, 2] }, postgres] }],
    ["empty words", { status: "approved", by, answers: [{ by, text: "" }, postgres] }],
    ["a policy", { status: "approved", by: "policy", rule: "*" }],
    ["a session", { status: "approved", by, session: SESSION }],
    ["a grant", { status: "approved", by: "grant", grant: "kqmwb" as ApprovalId }],
  ])("is never an allow with %s", (_, outcome) => {
    expect(decisionOf(request, outcome)).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("without its answers"),
    });
  });

  it("is never an allow of questions that cannot be read", () => {
    const call = questionCall(DB, DB);
    expect(
      decisionOf({ ...request, call }, { status: "approved", by, answers: [postgres, postgres] }).behavior,
    ).toBe("deny");
  });

  it("of any other call is as it was", () => {
    const call = { toolName: "Bash", input: { command: "ls" } };
    const outcome: Outcome = { status: "approved", by, session: SESSION };
    expect(decisionOf({ ...request, call }, outcome)).toEqual({
      behavior: "allow",
      input: call.input,
      hasAnswers: false,
    });
    expect(decisionOf({ ...request, call }, { status: "expired" })).toMatchObject({ behavior: "deny" });
  });
});
