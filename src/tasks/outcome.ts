// What a turn came to, in the words that its caller, the record and the phone get.

import type { ClaudeEnd } from "../core/ports/claude-process.ts";
import type { TaskArtifact, TaskOutcome, TaskProblem } from "../core/ports/task-store.ts";
import type { SessionStatus } from "../domain/task.ts";
import { cutEnd, visibleBlock } from "../domain/visible.ts";
import type { ClaudeEvent } from "./claude-events.ts";
import type { StopCause, TurnOrder } from "./contract.ts";
import { changedEvidence, type Evidence } from "./evidence.ts";
import type { Masking } from "./masking.ts";
import { type Verified, verdictOf } from "./verdict.ts";

/** The longest text that is kept and handed on, UTF-16 units. */
const MAX_OUTPUT = 100_000;
const MAX_SUMMARY = 300;

export type TurnStatus = Extract<SessionStatus, "completed" | "failed" | "cancelled" | "interrupted">;

/** How the process ended. */
export type TurnEnd =
  | { readonly kind: "result"; readonly result: Extract<ClaudeEvent, { kind: "ended" }> }
  | { readonly kind: "stopped"; readonly cause: StopCause; readonly last: string }
  /** Without a word on how. */
  | { readonly kind: "none"; readonly end: ClaudeEnd; readonly last: string }
  /** Its folder is not what was approved. */
  | { readonly kind: "moved" }
  | { readonly kind: "broken"; readonly why: string };

interface OutcomeParts {
  readonly order: TurnOrder;
  readonly ended: TurnEnd;
  readonly masking: Masking;
  readonly artifacts: readonly TaskArtifact[];
  readonly warnings: readonly string[];
  readonly unread?: ((evidence: readonly Evidence[]) => Promise<string[]>) | undefined;
}

export async function outcomeOf(
  parts: OutcomeParts,
): Promise<{ readonly status: TurnStatus; readonly outcome: TaskOutcome }> {
  const { order, ended, masking, artifacts } = parts;
  const { folder } = order.session;
  const said = saidIn(ended);
  const text = await masking.words(said.slice(0, MAX_OUTPUT), folder);
  const { status, problem } = await statusOf(ended, (words) => masking.words(words, folder));
  const verified = await verify(parts, said);
  const errors = problem === undefined ? [] : [problem];
  const reason = verified && (await masking.words(verified.reason, folder));
  const restrictions = await Promise.all(
    (verified?.restrictions ?? []).map((each) => masking.words(each, folder)),
  );
  return {
    status,
    outcome: {
      summary: summaryOf(verified ? `${verified.verdict}: ${reason}` : (problem?.message ?? text)),
      outputText: text,
      verdict: verified?.verdict,
      artifacts,
      warnings: [
        ...parts.warnings,
        ...restrictions,
        ...deniedIn(ended),
        ...(said.length > MAX_OUTPUT ? [`The output was cut: it has ${said.length} characters.`] : []),
      ],
      errors,
    },
  };
}

async function verify({ order, ended, unread }: OutcomeParts, text: string): Promise<Verified | undefined> {
  const { verification } = order;
  if (verification === undefined) return undefined;
  const { evidence, failClosed } = verification;
  return verdictOf({
    text,
    isComplete: ended.kind === "result" && !ended.result.isError,
    unread: unread === undefined ? evidence.map(({ named }) => named) : await unread(evidence),
    changed: await changedEvidence(evidence),
    failClosed,
  });
}

function saidIn(ended: TurnEnd): string {
  if (ended.kind === "result") return ended.result.text;
  return ended.kind === "stopped" || ended.kind === "none" ? ended.last : "";
}

function deniedIn(ended: TurnEnd): string[] {
  const denied = ended.kind === "result" ? ended.result.denied : [];
  return denied.length === 0
    ? []
    : [`Not run, because it was not allowed: ${visibleBlock(denied.join(", "))}.`];
}

const STOPPED: Readonly<Record<StopCause, readonly [TurnStatus, string]>> = {
  cancelled: ["cancelled", "It was cancelled."],
  panic: ["cancelled", "It was cancelled: PANIC was sent from the phone."],
  left: ["interrupted", "Its caller left. It can be continued."],
  shutdown: ["interrupted", "The approval server stopped. It can be continued."],
};

async function statusOf(
  ended: TurnEnd,
  mask: (words: string) => Promise<string>,
): Promise<{ readonly status: TurnStatus; readonly problem?: TaskProblem }> {
  switch (ended.kind) {
    case "stopped": {
      const [status, message] = STOPPED[ended.cause] ?? STOPPED.cancelled;
      return { status, problem: { code: ended.cause, message } };
    }
    case "moved":
      return failed(
        "changed",
        "The folder is not the one that was approved any more. Claude was not started.",
      );
    case "broken":
      return failed("failed", ended.why);
    case "none": {
      const { stopped, stderr, exitCode } = ended.end;
      const why = await mask(stopped?.why ?? (stderr === "" ? `exit code ${exitCode}` : stderr));
      if (stopped?.by === "time") return failed("time_limit", `It was stopped: ${why}. It can be continued.`);
      if (stopped?.by === "start")
        return failed("not_started", `Claude could not be started (CLAUDE_BIN): ${why}`);
      return failed("no_result", `Claude ended without a result: ${why}`);
    }
    case "result": {
      const { how, isError, text, errors } = ended.result;
      if (!isError) return { status: "completed" };
      if (how === "error_max_turns")
        return failed("max_turns", "It has used up its turns. It can be continued.");
      return failed("claude_error", await mask(errors[0] ?? (text === "" ? how : text)));
    }
  }
}

function failed(code: string, message: string): { status: "failed"; problem: TaskProblem } {
  return { status: "failed", problem: { code, message } };
}

function summaryOf(text: string): string {
  const line =
    text
      .trim()
      .split(/\n\s*\n/)[0]
      ?.replaceAll(/\s+/g, " ") ?? "";
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, cutEnd(line, MAX_SUMMARY - 1))}…`;
}
