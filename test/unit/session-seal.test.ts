// The seal over a task's session: each thing that decides what is resumed, and how, is under it; what a turn changes is not.
import { expect, it } from "vitest";
import type { TaskSession } from "../../src/core/ports/task-store.ts";
import { isOwnSession, sessionSeal } from "../../src/tasks/session-seal.ts";

const SECRET = "the auth token of the account";
const SESSION: TaskSession = {
  id: "sess_1",
  number: 3,
  status: "completed",
  profile: "general",
  workflow: "run_task",
  folder: "/code/web-shop",
  project: "web-shop",
  task: "fix it",
  maxTurns: 50,
  claudeSession: "9d474c58-b4db-446a-9bb9-efb62da9c029",
  turn: 1,
  asked: 0,
  createdAt: 1,
  changedAt: 2,
};
const SEALED = { ...SESSION, seal: sessionSeal([SECRET], SESSION) };

it.each<[string, Partial<TaskSession>]>([
  ["Claude's session", { claudeSession: "11111111-2222-4333-8444-555555555555" }],
  ["its id", { id: "sess_2" }],
  ["its number", { number: 7 }],
  ["its folder", { folder: "/code/other" }],
  ["its project", { project: "other" }],
  ["the turns that it may take", { maxTurns: 999 }],
  ["its profile", { profile: "verification" }],
  ["that it is no verification", { workflow: "verify_task" }],
  ["whose it is", { requester: "ci" }],
  ["what has started it", { parent: "sess_0" }],
  ["when it began", { createdAt: 9 }],
  ["its seal", { seal: "0".repeat(64) }],
  ["its seal, taken off", { seal: undefined }],
])("does not fit once %s was changed", (_, changed) => {
  expect(isOwnSession([SECRET], { ...SEALED, ...changed })).toBe(false);
});

it("fits after what a turn changes, under a second token, and not under another or an empty one", () => {
  const later = {
    status: "interrupted",
    workflow: "continue_session",
    task: "x",
    turn: 4,
    asked: 2,
    changedAt: 8,
  } as const;
  expect(isOwnSession([SECRET], { ...SEALED, ...later })).toBe(true);
  expect(isOwnSession(["the new one", SECRET], SEALED)).toBe(true);
  expect(isOwnSession(["the new one"], SEALED)).toBe(false);
  expect(isOwnSession([""], { ...SESSION, seal: sessionSeal([], SESSION) })).toBe(false);
});
