// The cap counts what a session has been allowed, for as long as the session lives: nothing it waits for is forgotten.

import { describe, expect, it } from "vitest";
import type { Submission } from "../../src/domain/submission.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { createCap, SESSION_IDLE_MS } from "../../src/policy/cap.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { bash } from "../helpers/policy-stage.ts";

const HOUR_MS = 3_600_000;
const LS = bash("ls", { sessionId: "s1" });

function stage() {
  const clock = createFakeClock();
  const cap = createCap(clock);
  let count = 0;
  const open = (submission: Submission = LS) => {
    const id = `id${count++}` as ApprovalId;
    cap.opened(submission, id);
    return { approve: () => cap.closed(id, true), deny: () => cap.closed(id, false) };
  };
  return { clock, cap, open, used: (submission: Submission = LS) => cap.used(submission) };
}

describe("what a session has used of its cap", () => {
  it("is nothing at first, and its approvals and open requests later", () => {
    const { open, used } = stage();
    expect(used()).toBe(0);
    open().approve();
    const second = open();
    expect(used()).toBe(2);
    second.deny();
    expect(used()).toBe(1);
  });

  it("is forgotten 12 hours after its last approval, not after its first", () => {
    const { clock, open, used } = stage();
    open().approve();
    clock.sleep(11 * HOUR_MS);
    open().approve();
    clock.sleep(11 * HOUR_MS);
    expect(used()).toBe(2);
    clock.sleep(HOUR_MS - 1);
    expect(used()).toBe(2);
    clock.sleep(1);
    expect(used()).toBe(0);
  });

  it("is not forgotten while one of its requests waits, and that one counts when it is approved", () => {
    const { clock, open, used } = stage();
    open().approve();
    clock.sleep(SESSION_IDLE_MS - 1);
    const waiting = open();
    clock.sleep(HOUR_MS);
    expect(used()).toBe(2);
    waiting.approve();
    expect(used()).toBe(2);
    clock.sleep(SESSION_IDLE_MS - 1);
    expect(used()).toBe(2);
  });

  it("is not forgotten because other sessions come and go", () => {
    const { open, used } = stage();
    open().approve();
    for (let n = 0; n < 5_000; n += 1) open(bash("ls", { sessionId: `other-${n}` })).approve();
    expect(used()).toBe(1);
  });

  it("does not change with the end of a request that the cap was never told of, or twice", () => {
    const { cap, open, used } = stage();
    const first = open();
    first.approve();
    first.approve();
    cap.closed("unknown" as ApprovalId, true);
    expect(used()).toBe(1);
  });
});
