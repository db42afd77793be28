// Calls of `AskUserQuestion`, as Claude Code hands them over.

import type { Question } from "../../src/domain/question.ts";
import type { ToolCall } from "../../src/domain/tool-call.ts";

export type RawQuestion = Omit<Question, "options"> & {
  readonly options: readonly {
    readonly label: string;
    readonly description: string;
    readonly preview?: string;
  }[];
};

export const DB: RawQuestion = {
  question: "Which DB?",
  header: "DB",
  multiSelect: false,
  options: [
    { label: "Postgres", description: "A server that many can write to" },
    { label: "SQLite", description: "One file, nothing to run" },
  ],
};

export const CHECKS: RawQuestion = {
  question: "Which checks run before a commit?",
  header: "Checks",
  multiSelect: true,
  options: [
    { label: "Types", description: "The compiler" },
    { label: "Lint", description: "The linter" },
    { label: "Tests", description: "All of them" },
  ],
};

export const REGION: RawQuestion = {
  question: "Which region?",
  header: "Region",
  multiSelect: false,
  options: [
    { label: "Frankfurt", description: "" },
    { label: "Dublin", description: "" },
  ],
};

/** The call that asks them. */
export function questionCall(...questions: readonly RawQuestion[]): ToolCall {
  return { toolName: "AskUserQuestion", input: { questions }, toolUseId: "toolu_q" };
}

export const QUESTION_CALL = questionCall(DB);
