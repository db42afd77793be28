// The policy in force: what policy.json says now. Looked at before every decision, so that no notice of the file system
// can be missed, and every few seconds besides, so that a mistake is in the log before it matters.

import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { PolicyFile } from "./read-policy-file.ts";

/** ms. A look is one `stat`. */
const LOOK_INTERVAL_MS = 2_000;

/**
 * `active`: the file. `none`: there is none. `stale`: the file is gone or wrong; what the last good one denied and asked
 * still holds, what it allowed does not. `refused`: the file is wrong, and there was no good one.
 */
export interface PolicyState {
  readonly state: "active" | "none" | "stale" | "refused";
  readonly problems: readonly string[];
}

interface InForce extends PolicyState {
  readonly policy?: CompiledPolicy | undefined;
  readonly mayAllow: boolean;
}

export interface WatchedPolicy {
  /** What holds now; looks at the file. */
  current(): InForce;
  close(): void;
}

export interface WatchedPolicyDeps {
  readonly read: () => PolicyFile;
  /** Differs whenever the file may have changed. */
  readonly stamp: () => string;
  /** Told after each reading but the first. */
  readonly onRead?: ((state: PolicyState) => void) | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const MISSING = "the file is gone";

export function watchPolicy({ read, stamp, onRead, clock, log }: WatchedPolicyDeps): WatchedPolicy {
  let seen = stamp();
  let now = inForce(read(), undefined);
  let stopLooking = clock.after(LOOK_INTERVAL_MS, look);

  function look(): void {
    stopLooking = clock.after(LOOK_INTERVAL_MS, look);
    current();
  }

  function current(): InForce {
    const stamped = stamp();
    if (stamped === seen) return now;
    const before = now.state;
    now = inForce(read(), now.policy);
    // The stamp was taken before reading: a change in between is read again next time, and so is what could not be.
    seen = stamped;
    tell(before);
    return now;
  }

  function tell(before: PolicyState["state"]): void {
    const { state, problems } = now;
    if (problems.length > 0) {
      log.error(
        { state, problems },
        state === "stale"
          ? "policy.json is not in force: the last good one still denies and asks, and allows nothing"
          : "policy.json is not in force: everything asks",
      );
    } else log.info({ state, before }, "the policy was read again");
    onRead?.({ state, problems });
  }

  return { current, close: () => stopLooking() };
}

function inForce(file: PolicyFile, last: CompiledPolicy | undefined): InForce {
  if (file.kind === "good") return { state: "active", problems: [], policy: file.policy, mayAllow: true };
  const problems = file.kind === "bad" ? file.problems : last === undefined ? [] : [MISSING];
  if (last !== undefined) return { state: "stale", problems, policy: last, mayAllow: false };
  return { state: file.kind === "bad" ? "refused" : "none", problems, mayAllow: false };
}
