// Tells a call that has come before from a new one, so that one call is one request and one message.

import { createHash } from "node:crypto";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId, ToolCall } from "../domain/tool-call.ts";
import { type AnsweredTwin, answerToTwin, grantOf, isDecided, type TwinsAnswer } from "./late-twin.ts";
import type { PendingRequest } from "./pending-request.ts";
import { deferred } from "./timing.ts";

/**
 * Claude Code asks a prompt tool and a hook within a millisecond or two of each other (measured with 2.1.329); the
 * terminal and its server share a machine, so two seconds are ample.
 */
const TWIN_WINDOW_MS = 2_000;
/** For a twin of what a grant has allowed at once: a shorter one, since nobody has looked at that call. */
const ANSWERED_WINDOW_MS = 500;
/** Answers that are kept for a twin: far more than come within that window. */
const MAX_ANSWERS = 20;

/** A request that is being written or waits. */
export interface InFlightRequest {
  readonly submission: Submission;
  /** By the clock that is never set, ms. */
  readonly receivedAt: number;
  readonly pending: Promise<PendingRequest>;
  /** What has brought it. Each entrance brings a call once: from there it would be another call. */
  readonly entrances: Set<string>;
  /** The same call as another entrance brings it, which may know more; resolves with the first that comes. */
  readonly twin: Promise<Submission>;
  tellTwin(twin: Submission): void;
}

export interface InFlightRequests {
  /**
   * The request that a submission is one with: a repeat has the same `tool_use_id` and the same input, a twin came in
   * through another entrance of Claude Code within two seconds. In doubt there is none, and the person is asked twice.
   */
  join(submission: Submission, now: number): InFlightRequest | undefined;
  add(submission: Submission, now: number, pending: Promise<PendingRequest>): InFlightRequest;
  remove(inFlightRequest: InFlightRequest): void;
  /** Keeps what a person or a grant has decided, for a twin that is on its way. @returns the answer */
  answered<Answer extends AnsweredTwin>(inFlightRequest: InFlightRequest, answer: Answer): Answer;
  /** What a call gets that was answered at another entrance. @param holds whether the grant that has allowed it still does */
  answeredTwin(submission: Submission, now: number, holds: (grant: ApprovalId) => boolean): TwinsAnswer;
  /** Says when the permission tool brings a call that is held back, if it does. It is to be left, whatever comes. */
  expect(submission: Submission, now: number): Expected;
}

interface Expected {
  /** Aborted, or aborts, when the permission tool has brought the same call. */
  readonly signal: AbortSignal;
  leave(): void;
}

export function createInFlightRequests(): InFlightRequests {
  /** By the call: thousands may be open, and each that comes is looked for. */
  const open = new Map<string, Set<InFlightRequest>>();
  const answers = new Map<InFlightRequest, AnsweredTwin>();
  const expected = new Set<{ readonly like: InFlightRequest; readonly controller: AbortController }>();

  function entry(submission: Submission, now: number, pending: Promise<PendingRequest>): InFlightRequest {
    const { promise: twin, resolve: tellTwin } = deferred<Submission>();
    const receivedAt = submission.receivedAt ?? now;
    return { submission, receivedAt, pending, entrances: new Set([entranceOf(submission)]), twin, tellTwin };
  }

  function openWith(submission: Submission): InFlightRequest[] {
    const like = open.get(fingerprint(submission.call)) ?? [];
    return [...like].filter(({ submission: other }) => isSameCall(other, submission));
  }

  return {
    join(submission, now) {
      const candidates = openWith(submission);
      const repeat = candidates.find(({ submission: other }) => isRepeat(other, submission));
      if (repeat !== undefined) return repeat;
      const twins = candidates.filter((inFlightRequest) => isTwin(inFlightRequest, submission, now));
      const [twin] = twins;
      if (twin === undefined || twins.length > 1) return undefined;
      twin.entrances.add(entranceOf(submission));
      twin.tellTwin(submission);
      return twin;
    },
    add(submission, now, pending) {
      const inFlightRequest = entry(submission, now, pending);
      const key = fingerprint(submission.call);
      open.set(key, (open.get(key) ?? new Set()).add(inFlightRequest));
      if (submission.door === "mcp") {
        for (const { like, controller } of expected) {
          if (isSameCall(like.submission, submission) && isTwin(like, submission, now)) controller.abort();
        }
      }
      return inFlightRequest;
    },
    remove(inFlightRequest) {
      const key = fingerprint(inFlightRequest.submission.call);
      const like = open.get(key);
      if (like?.delete(inFlightRequest) && like.size === 0) open.delete(key);
    },
    answered(inFlightRequest, answer) {
      const { outcome, request } = answer;
      if (!isDecided(outcome)) return answer;
      answers.set(inFlightRequest, { request, outcome });
      const [oldest] = answers.keys();
      if (answers.size > MAX_ANSWERS && oldest !== undefined) answers.delete(oldest);
      return answer;
    },
    answeredTwin(submission, now, holds) {
      for (const each of answers.keys()) if (now - each.receivedAt > TWIN_WINDOW_MS) answers.delete(each);
      // The latest: what is asked again in between is a call of its own.
      const found = [...answers].findLast(
        ([each, { outcome }]) =>
          (submission.door === "hook" || grantOf(outcome) !== undefined) &&
          isSameCall(each.submission, submission) &&
          isTwin(each, submission, now, grantOf(outcome) === undefined ? TWIN_WINDOW_MS : ANSWERED_WINDOW_MS),
      );
      if (found === undefined) return {};
      const [inFlightRequest, answer] = found;
      inFlightRequest.entrances.add(entranceOf(submission));
      return answerToTwin(answer, holds);
    },
    expect(submission, now) {
      const controller = new AbortController();
      const isHere = openWith(submission).some(
        (each) => each.entrances.has("mcp") && isTwin(each, submission, now),
      );
      if (isHere) controller.abort();
      const waits = { like: entry(submission, now, NEVER), controller };
      expected.add(waits);
      return { signal: controller.signal, leave: () => void expected.delete(waits) };
    },
  };
}

function isSameCall(one: Submission, other: Submission): boolean {
  if (one.executor !== other.executor || one.asksAlways !== other.asksAlways) return false;
  if (one.approvedBy !== other.approvedBy) return false;
  return one.requester === other.requester && fingerprint(one.call) === fingerprint(other.call);
}

function isRepeat({ call: one }: Submission, { call: other }: Submission): boolean {
  return one.toolUseId !== undefined && one.toolUseId === other.toolUseId;
}

function isTwin(
  inFlightRequest: InFlightRequest,
  submission: Submission,
  now: number,
  windowMs = TWIN_WINDOW_MS,
): boolean {
  const other = inFlightRequest.submission;
  const folder = folderOf(other);
  const apart = Math.abs((submission.receivedAt ?? now) - inFlightRequest.receivedAt);
  return (
    [other, submission].every(({ door }) => door === "mcp" || door === "hook") &&
    !inFlightRequest.entrances.has(entranceOf(submission)) &&
    isSameSession(other, submission) &&
    folder !== undefined &&
    folder === folderOf(submission) &&
    apart <= windowMs
  );
}

/** The permission tool does not know the session. */
function isSameSession({ sessionId: one }: Submission, { sessionId: other }: Submission): boolean {
  return one === undefined || other === undefined || one === other;
}

/** One session may have our hooks twice: by its settings and by the plugin. Each of them asks about each call. */
function entranceOf({ door, hookOf = "" }: Submission): string {
  return door === "hook" ? `hook ${hookOf}` : door;
}

/** What both doors know: the prompt tool's header has the folder of the start only. */
function folderOf({ startedIn, cwd }: Submission): string | undefined {
  return startedIn ?? cwd;
}

const NEVER = new Promise<never>(() => {});

const fingerprints = new WeakMap<ToolCall, string>();

/** A hash of the tool and its whole input. */
function fingerprint(call: ToolCall): string {
  const known = fingerprints.get(call);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const part of [call.toolName, JSON.stringify(call.input)]) hash.update(`${part}\0`);
  const made = hash.digest("hex");
  fingerprints.set(call, made);
  return made;
}
