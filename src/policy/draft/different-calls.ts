// Recorded calls that are gone through one after the other, each different one once, while everything else has its turn.
import type { StoredApproval } from "../../core/ports/request-store.ts";

/** Calls that are tested before everything else has its turn. */
const AT_ONCE = 10;

/** Those that a test holds for; the same call is tested once. */
export async function those(
  approvals: readonly StoredApproval[],
  test: (approval: StoredApproval) => boolean,
): Promise<readonly StoredApproval[]> {
  const known = new Map<string, boolean>();
  const kept: StoredApproval[] = [];
  for (const approval of approvals) {
    const key = keyOf(approval);
    const holds = known.get(key) ?? test(approval);
    if (!known.has(key) && known.size % AT_ONCE === 0) await turn();
    known.set(key, holds);
    if (holds) kept.push(approval);
  }
  return kept;
}

/** The same for calls that a policy decides alike, within one project. */
export function keyOf({ toolName, shownInput, door }: StoredApproval): string {
  return JSON.stringify([toolName, door, shownInput]);
}

export function onceEach(approvals: readonly StoredApproval[]): readonly StoredApproval[] {
  return [...new Map(approvals.map((approval) => [keyOf(approval), approval])).values()];
}

/** Between the steps everything else has its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
