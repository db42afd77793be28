// One notice of each kind, for tests of what holds for all of them.
import type { Outcome } from "../../src/domain/approval.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { waitingRequest } from "./waiting-request.ts";

const ID = "kqmwa" as ApprovalId;
export const PHONE = "+15005550006" as Phone;
const WAITING = waitingRequest({ call: { toolName: "Bash", input: { command: "ls" } }, door: "mcp" });
export const APPROVED = { status: "approved", by: PHONE } as const satisfies Outcome;

type Decided = Extract<Notice, { kind: "decided" }>;
export const decided = (outcome: Outcome, more: Partial<Decided> = {}): Decided => ({
  kind: "decided",
  id: ID,
  outcome,
  acknowledged: true,
  toolName: "Bash",
  ...more,
});

/** One of each kind but the two that may only confirm. A kind that is added has no row: the types say so. */
export const ALWAYS_TOLD: Readonly<Record<Exclude<Notice["kind"], "decided" | "kept-open">, Notice>> = {
  stale: { kind: "stale", request: { id: ID, outcome: { status: "expired" } }, now: 0 },
  interrupted: { kind: "interrupted", isWaiting: false, now: 0 },
  "not-offered": { kind: "not-offered", id: ID },
  counted: { kind: "counted", id: ID, by: PHONE, have: 1, needed: 2, isOwn: true },
  "counted-before": { kind: "counted-before", id: ID, have: 1, needed: 2 },
  "to-confirm": { kind: "to-confirm", id: ID, by: PHONE },
  "ran-out": { kind: "ran-out", id: ID, short: [{ by: PHONE }], needed: 2 },
  "not-yours": { kind: "not-yours", id: ID },
  "only-told": { kind: "only-told" },
  watched: { kind: "watched", request: WAITING },
  "watched-ended": { kind: "watched-ended", request: WAITING, outcome: APPROVED, acknowledged: true },
  unknown: { kind: "unknown", id: ID },
  failed: { kind: "failed", id: ID },
  "question-stale": { kind: "question-stale", id: ID, place: { number: 1, total: 2 } },
  "question-moved": { kind: "question-moved", id: ID, place: { number: 1, total: 2 } },
  "question-answered": { kind: "question-answered", id: ID, place: { number: 1, total: 2 }, by: PHONE },
  "answer-unclear": { kind: "answer-unclear", id: ID, question: undefined },
  overtaken: { kind: "overtaken", id: ID, cause: "terminal" },
  "ran-anyway": { kind: "ran-anyway", id: ID },
  "not-run": { kind: "not-run", id: ID, toolName: "Bash", mayBeInterrupted: false },
  "unclear-waiting": { kind: "unclear-waiting", requests: [{ id: ID, isQuestion: false }] },
  several: { kind: "several", head: "not-among", lines: [decided(APPROVED)] },
  singly: { kind: "singly", id: ID, why: "has a warning" },
  "not-asked": { kind: "not-asked", command: "APPROVE ALL", code: "paused" },
  task: {
    kind: "task",
    hearsQuotes: true,
    event: "ended",
    task: { short: "s3", status: "finished", folder: "web-shop", task: "fix it", startedAt: 0, endedAt: 1 },
  },
  tasks: { kind: "tasks", tasks: [], folders: ["web-shop"], now: 0 },
  "tasks-off": { kind: "tasks-off" },
  "tasks-quiet": { kind: "tasks-quiet" },
  "run-where": { kind: "run-where", folders: ["web-shop"] },
  "task-refused": { kind: "task-refused", short: "s3", problem: "is still at work" },
  killed: { kind: "killed", short: "s3", wasRunning: true },
  forgotten: { kind: "forgotten", short: "s3" },
  unchecked: { kind: "unchecked", id: ID },
  forged: { kind: "forged", id: ID },
  clash: { kind: "clash" },
  edited: { kind: "edited" },
  forwarded: { kind: "forwarded" },
  "too-late": { kind: "too-late", what: "run", ageMs: 3_600_000 },
  help: { kind: "help" },
  unclear: { kind: "unclear" },
  "late-tap": { kind: "late-tap" },
  more: { kind: "more", id: ID, sent: 1, left: 0 },
  "pause-over": { kind: "pause-over", ended: [] },
  closed: { kind: "closed", mode: { kind: "panic", by: PHONE }, ended: [] },
  resumed: { kind: "resumed", wasOpen: false },
  status: { kind: "status", mode: { kind: "open" }, waiting: 0, grants: 0 },
  grants: { kind: "grants", grants: [] },
  revoked: { kind: "revoked", ended: [ID], grants: [] },
  pending: { kind: "pending", requests: [], now: 0 },
  news: { kind: "news", news: "finished" },
  parked: { kind: "parked", id: ID, name: "shop", leftMs: 3_600_000 },
  "parked-ended": { kind: "parked-ended", id: ID, name: "shop", end: "finished" },
  "record-lost": { kind: "record-lost", denied: 1, isRenewed: true },
  "chat-closing": { kind: "chat-closing", closesAt: 1, now: 0 },
  "instruction-taken": { kind: "instruction-taken", id: ID },
  "instruction-refused": { kind: "instruction-refused", why: "late" },
  "audit-head": { kind: "audit-head", seq: 1, hash: "0".repeat(64) },
  "log-broken": { kind: "log-broken", problem: "it was cut" },
  paired: { kind: "paired", channel: "Telegram", decides: true },
  "approver-added": { kind: "approver-added", channel: "Telegram", person: "ada", decides: true },
  "approver-lost": { kind: "approver-lost", channel: "Telegram", person: "ada", why: "it is blocked" },
  "membership-ending": { kind: "membership-ending", endsAt: 1, sender: "+14155238886", now: 0 },
};
