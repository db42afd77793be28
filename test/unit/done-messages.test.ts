// "Claude has finished" costs money and attention: when it is not sent, and that nothing it remembers grows without end.

import { describe, expect, it } from "vitest";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { createAddressed } from "../../src/core/addressed.ts";
import type { ServiceMode } from "../../src/domain/service-mode.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createDoneMessages } from "../../src/doors/hook/done-messages.ts";
import type { HookEvent } from "../../src/doors/hook/hook-input.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PHONE, plainInspector } from "../helpers/gate-stage.ts";
import { peopleAt } from "../helpers/people.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const OTHER = "+15005550009" as Phone;
const IDLE = { type: "idle_prompt", message: "Claude is waiting for your input" };

const eventOf = (sessionId: string, changed: Partial<HookEvent> = {}): HookEvent =>
  ({ sessionId, cwd: "/code/web-shop", ...changed }) as HookEvent;

function stage(inspector = plainInspector, approvers = [PHONE]) {
  const clock = createFakeClock();
  const told: { readonly to: Phone; readonly text: string }[] = [];
  let mode: ServiceMode = { kind: "open" };
  const done = createDoneMessages({
    messenger: {
      ask: async () => [],
      tell: async (to, notice) => `SM${told.push({ to, text: renderNotice(notice) })}`,
    },
    addressed: createAddressed(),
    people: peopleAt(...approvers),
    inspector,
    mode: () => mode,
    clock,
    log: createKeptLog(),
  });
  const setServiceMode = (next: ServiceMode) => {
    mode = next;
  };
  return { clock, told, done, setServiceMode };
}

describe("a message that Claude is done", () => {
  it.each<[string, (now: number) => ServiceMode]>([
    ["panic", () => ({ kind: "panic", by: PHONE })],
    ["pause", (now) => ({ kind: "paused", by: PHONE, until: now + 60_000 })],
  ])("is not sent in a %s, neither for an end nor for a wait, and takes up no place", async (_, mode) => {
    const { clock, told, done, setServiceMode } = stage();
    setServiceMode(mode(clock.now()));
    await done.stopped(eventOf("s1"));
    await done.notified(eventOf("s1", { notification: IDLE }));
    expect(told).toEqual([]);
    setServiceMode({ kind: "open" });
    await done.stopped(eventOf("s1"));
    expect(told).toHaveLength(1);
  });

  it("goes to every approver", async () => {
    const { told, done } = stage(plainInspector, [PHONE, OTHER]);
    await done.stopped(eventOf("s1", { lastWords: "All tests pass." }));
    expect(told.map(({ to }) => to)).toEqual([PHONE, OTHER]);
  });

  it("comes without its words when they could not be looked at for secrets", async () => {
    const blind = { inspect: () => Promise.reject(new Error("broken")) };
    const { told, done } = stage(blind);
    await done.stopped(eventOf("s1", { lastWords: "the key is 12345" }));
    expect(told).toHaveLength(1);
    expect(told[0]?.text).not.toContain("12345");
  });

  it("comes again a minute later and not sooner, for each session", async () => {
    const { clock, told, done } = stage();
    await done.stopped(eventOf("s1"));
    clock.pass(59_999);
    await done.stopped(eventOf("s1"));
    expect(told).toHaveLength(1);
    await done.stopped(eventOf("s2"));
    expect(told).toHaveLength(2);
    clock.pass(1);
    await done.stopped(eventOf("s1"));
    expect(told).toHaveLength(3);
  });

  it("comes for five sessions a minute at most, whatever kind of event they send", async () => {
    const { told, done } = stage();
    for (let n = 0; n < 5; n += 1) await done.stopped(eventOf(`s${n}`));
    await done.stopped(eventOf("s6"));
    await done.notified(eventOf("s7", { notification: IDLE }));
    expect(told).toHaveLength(5);
  });

  it("that Claude is idle comes again for a session whose end is so long ago that it was forgotten", async () => {
    const { clock, told, done } = stage();
    await done.stopped(eventOf("first"));
    for (let n = 0; n < 1_001; n += 1) {
      clock.pass(60_000);
      await done.stopped(eventOf(`s${n}`));
    }
    clock.pass(60_000);
    const before = told.length;
    await done.notified(eventOf("first", { notification: IDLE }));
    expect(told).toHaveLength(before + 1);
  });
});
