// Tells a call that has come before from a new one, so that one call is one request and one message.
import { createHash } from "node:crypto";
import type { ToolCall } from "../domain/approval.ts";
import type { Submission } from "./record.ts";
import type { Wait } from "./wait.ts";

/**
 * Claude Code asks a prompt tool and a hook within a millisecond or two of each other (measured with 2.1.329); the
 * terminal and its server share a machine, so two seconds are ample.
 */
const TWIN_WINDOW_MS = 2_000;

/** A request that is being written or waits. */
export interface Opening {
  readonly submission: Submission;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly wait: Promise<Wait>;
  /** Each door brings a call once: a second twin would be another call. */
  hasTwin: boolean;
}

export interface Openings {
  /**
   * The request that a submission is one with: a repeat has the same `tool_use_id` and the same input, a twin came in
   * through the other door of Claude Code within two seconds. In doubt there is none, and the person is asked twice.
   */
  join(submission: Submission, now: number): Opening | undefined;
  add(submission: Submission, now: number, wait: Promise<Wait>): Opening;
  remove(opening: Opening): void;
}

export function createOpenings(): Openings {
  const open = new Set<Opening>();
  return {
    join(submission, now) {
      const candidates = [...open].filter(({ submission: other }) => isSameCall(other, submission));
      const repeat = candidates.find(({ submission: other }) => isRepeat(other, submission));
      if (repeat !== undefined) return repeat;
      const twins = candidates.filter((opening) => isTwin(opening, submission, now));
      const [twin] = twins;
      if (twin === undefined || twins.length > 1) return undefined;
      twin.hasTwin = true;
      return twin;
    },
    add(submission, now, wait) {
      const opening = { submission, receivedAt: submission.receivedAt ?? now, wait, hasTwin: false };
      open.add(opening);
      return opening;
    },
    remove: (opening) => void open.delete(opening),
  };
}

function isSameCall(one: Submission, other: Submission): boolean {
  return one.requester === other.requester && fingerprint(one.call) === fingerprint(other.call);
}

function isRepeat({ call: one }: Submission, { call: other }: Submission): boolean {
  return one.toolUseId !== undefined && one.toolUseId === other.toolUseId;
}

function isTwin(opening: Opening, submission: Submission, now: number): boolean {
  const { door } = opening.submission;
  const folder = folderOf(opening.submission);
  const doors = [door, submission.door].sort().join();
  const apart = Math.abs((submission.receivedAt ?? now) - opening.receivedAt);
  return (
    !opening.hasTwin &&
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

/** Of the tool and its whole input. */
function fingerprint(call: ToolCall): string {
  const known = fingerprints.get(call);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const part of [call.toolName, JSON.stringify(call.input)]) hash.update(`${part}\0`);
  const made = hash.digest("hex");
  fingerprints.set(call, made);
  return made;
}
