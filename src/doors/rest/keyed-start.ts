// `Idempotency-Key`: the same key with the same body is the same request, so that a repeated POST asks nobody twice.

import { createHash } from "node:crypto";
import type { Clock } from "../../core/ports/clock.ts";
import type { KeyedRequest, KeyStore } from "../../core/ports/key-store.ts";
import type { Submission } from "../../domain/submission.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import type { HeldResults, Started } from "../held/held-results.ts";
import { Problem } from "./problem.ts";

/** How long a key holds, ms. As long as the longest request; not longer, because a key used again would skip the person. */
export const KEY_MS = 3_600_000;

type KeyedStart = Started | { readonly kind: "known"; readonly id: ApprovalId };

export interface KeyedStarter {
  /** @param key undefined: always a new request. @throws Problem when the key belongs to another body */
  start(submission: Submission, key: string | undefined): Promise<KeyedStart>;
}

export function createKeyedStarter(heldResults: HeldResults, store: KeyStore, clock: Clock): KeyedStarter {
  /** What is being started, so that two at once are one. */
  const underWay = new Map<string, { readonly bodySha256: string; readonly started: Promise<KeyedStart> }>();

  async function bind(started: Started, entry: Omit<KeyedRequest, "id">): Promise<Started> {
    if (started.kind === "refused") return started;
    const { request } = started.held;
    const since = clock.now() - KEY_MS;
    const isBound = await store.addKey({ ...entry, id: request.id }, since).catch(() => false);
    if (isBound) return started;
    // Without the key a repeat would be asked again: better nobody is asked.
    started.held.leave("withdrawn");
    throw new Problem("not-recorded", "The Idempotency-Key could not be recorded. Nothing was approved.");
  }

  async function startOrFind(submission: Submission, entry: Omit<KeyedRequest, "id">): Promise<KeyedStart> {
    const known = await store.findKey(entry.requester, entry.key, entry.at - KEY_MS);
    if (known === undefined) return bind(await heldResults.start(submission), entry);
    assertSame(known, entry);
    return { kind: "known", id: known.id };
  }

  return {
    async start(submission, key) {
      if (key === undefined) return heldResults.start(submission);
      const { requester = "" } = submission;
      const entry = { requester, key, bodySha256: fingerprint(submission), at: clock.now() };
      const name = JSON.stringify([requester, key]);
      const first = underWay.get(name);
      if (first !== undefined) {
        assertSame(first, entry);
        const started = await first.started;
        return started.kind === "waiting" ? { kind: "known", id: started.held.request.id } : started;
      }
      const started = startOrFind(submission, entry).finally(() => underWay.delete(name));
      underWay.set(name, { ...entry, started });
      return started;
    },
  };
}

type Hashed = Pick<KeyedRequest, "bodySha256">;

function assertSame(one: Hashed, other: Hashed): void {
  if (one.bodySha256 === other.bodySha256) return;
  const detail =
    "This Idempotency-Key was used for another request. Use a new key for each request. Nothing was asked.";
  throw new Problem("key-used", detail);
}

/** A hash of everything that the person is shown, and of how long the request waits. */
function fingerprint({ call, project, maxWaitMs }: Submission): string {
  return createHash("sha256")
    .update(JSON.stringify([call.toolName, call.input, project, maxWaitMs]))
    .digest("hex");
}
