// Every way a request can end, as the hook's answer: one allows, a decision denies, the rest is left to the terminal.

import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/domain/approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { hookAnswer } from "../../src/doors/hook/hook-answer.ts";
import { SESSION } from "../helpers/session-offer.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const by = "+15005550006" as Phone;
const input = { command: "ls" };
const call = { toolName: "Bash", input };
const REQUEST = waitingRequest({ call, door: "hook" });
const answer = (outcome: Outcome) => hookAnswer(REQUEST, outcome);
const decision = (outcome: Outcome) => answer(outcome).hookSpecificOutput?.decision;

describe("the hook's answer", () => {
  it("allows what a person or the policy approved, once", () => {
    const once = { behavior: "allow" };
    expect(decision({ status: "approved", by })).toEqual(once);
    expect(decision({ status: "approved", by: "policy", rule: "Bash(ls)" })).toEqual(once);
  });

  it("never carries an input, but for a plan and for answers: Claude Code drops an approval that has one", () => {
    const tools = [
      "Bash",
      "Write",
      "Edit",
      "WebFetch",
      "Monitor",
      "PowerShell",
      "mcp__github__create_issue",
      "Agent",
    ];
    for (const toolName of tools) {
      const decided = hookAnswer({ ...REQUEST, call: { toolName, input } }, { status: "approved", by });
      expect(decided.hookSpecificOutput?.decision).toEqual({ behavior: "allow" });
    }
    const plan = { toolName: "ExitPlanMode", input: { plan: "# Do it" } };
    expect(
      hookAnswer({ ...REQUEST, call: plan }, { status: "approved", by }).hookSpecificOutput?.decision,
    ).toEqual({
      behavior: "allow",
      updatedInput: plan.input,
    });
  });

  it("hands out no rule with an approval for longer: the server keeps that", () => {
    for (const more of [
      { by, session: SESSION },
      { by: "grant", grant: "kqmwa" as ApprovalId },
    ] as const) {
      const { updatedPermissions, behavior } = decision({ status: "approved", ...more }) as Record<
        string,
        unknown
      >;
      expect([behavior, updatedPermissions]).toEqual(["allow", undefined]);
    }
  });

  it.each<[string, Outcome]>([
    ["a denial", { status: "denied", by, reason: "not today" }],
    ["a pause", { status: "refused", mode: { kind: "paused", by, until: 0 } }],
    ["a panic", { status: "refused", mode: { kind: "panic", by } }],
    ["the policy", { status: "blocked", rule: "Bash(curl *)" }],
  ])("denies after %s, in words", (_, outcome) => {
    expect(decision(outcome)).toEqual({ behavior: "deny", message: expect.stringMatching(/.{20}/) });
  });

  it.each<Outcome>([
    { status: "expired" },
    { status: "undeliverable", message: "no", advice: "none" },
    { status: "cancelled", cause: "terminal" },
    { status: "cancelled", cause: "disconnected" },
    { status: "cancelled", cause: "shutdown" },
    { status: "cancelled", cause: "restart" },
    { status: "cancelled", cause: "withdrawn" },
    { status: "failed", message: "disk full" },
    { status: "limited", message: "20 of its requests wait already.", retryAfterMs: 60_000 },
  ])("is no opinion after $status $cause", (outcome) => {
    expect(answer(outcome)).toEqual({});
  });

  it("allows a question only with an answer to each, and leaves it to the terminal otherwise", () => {
    const questions = [
      { question: "Which DB?", header: "DB", options: [{ label: "Postgres" }, { label: "SQLite" }] },
    ];
    const asked = { ...REQUEST, call: { toolName: "AskUserQuestion", input: { questions } } };
    const approved = { status: "approved", by } as const;
    expect(hookAnswer(asked, { ...approved, answers: [{ by, options: [1] }] })).toEqual({
      hookSpecificOutput: {
        hookEventName: "PermissionRequest",
        decision: { behavior: "allow", updatedInput: { questions, answers: { "Which DB?": "Postgres" } } },
      },
    });
    for (const outcome of [approved, { ...approved, answers: [] }, { ...approved, by: "policy" as const }])
      expect(hookAnswer(asked, outcome)).toEqual({});
  });
});
