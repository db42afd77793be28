// Tells a call that has come before from a new one, so that one call is one request and one message.

import { createHash } from "node:crypto";
import type { Submission } from "../domain/submission.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import type { PendingRequest } from "./pending-request.ts";

/**
 * Claude Code asks a prompt tool and a hook within a millisecond or two of each other (measured with 2.1.329); the
 * terminal and its server share a machine, so two seconds are ample.
 */
const TWIN_WINDOW_MS = 2_000;

/** A request that is being written or waits. */
export interface InFlightRequest {
  readonly submission: Submission;
  /** By the clock that is never set, ms. */
  readonly receivedAt: number;
  readonly pending: Promise<PendingRequest>;
  /** Each door brings a call once: a second twin would be another call. */
  hasTwin: boolean;
}

export interface InFlightRequests {
  /**
   * The request that a submission is one with: a repeat has the same `tool_use_id` and the same input, a twin came in
   * through the other door of Claude Code within two seconds. In doubt there is none, and the person is asked twice.
   */
  join(submission: Submission, now: number): InFlightRequest | undefined;
  add(submission: Submission, now: number, pending: Promise<PendingRequest>): InFlightRequest;
  remove(inFlightRequest: InFlightRequest): void;
}

export function createInFlightRequests(): InFlightRequests {
  const open = new Set<InFlightRequest>();
  return {
    join(submission, now) {
      const candidates = [...open].filter(({ submission: other }) => isSameCall(other, submission));
      const repeat = candidates.find(({ submission: other }) => isRepeat(other, submission));
      if (repeat !== undefined) return repeat;
      const twins = candidates.filter((inFlightRequest) => isTwin(inFlightRequest, submission, now));
      const [twin] = twins;
      if (twin === undefined || twins.length > 1) return undefined;
      twin.hasTwin = true;
      return twin;
    },
    add(submission, now, pending) {
      const inFlightRequest = {
        submission,
        receivedAt: submission.receivedAt ?? now,
        pending,
        hasTwin: false,
      };
      open.add(inFlightRequest);
      return inFlightRequest;
    },
    remove: (inFlightRequest) => void open.delete(inFlightRequest),
  };
}

function isSameCall(one: Submission, other: Submission): boolean {
  return one.requester === other.requester && fingerprint(one.call) === fingerprint(other.call);
}

function isRepeat({ call: one }: Submission, { call: other }: Submission): boolean {
  return one.toolUseId !== undefined && one.toolUseId === other.toolUseId;
}

function isTwin(inFlightRequest: InFlightRequest, submission: Submission, now: number): boolean {
  const { door } = inFlightRequest.submission;
  const folder = folderOf(inFlightRequest.submission);
  const doors = [door, submission.door].sort().join();
  const apart = Math.abs((submission.receivedAt ?? now) - inFlightRequest.receivedAt);
  return (
    !inFlightRequest.hasTwin &&
    doors === "hook,mcp" &&
    folder !== undefined &&
    folder === folderOf(submission) &&
    apart <= TWIN_WINDOW_MS
  );
}

/** What both doors know: the prompt tool's header has the folder of the start only. */
function folderOf({ startedIn, cwd }: Submission): string | undefined {
  return startedIn ?? cwd;
}

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
