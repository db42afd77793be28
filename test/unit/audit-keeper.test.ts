// What a running server does for its event log: its start and end, counts instead of a flood, the head once a day, the alarm.
import { describe, expect, it } from "vitest";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { NewEvent } from "../../src/core/ports/event-log.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { noticeLines } from "../../src/domain/notice-lines.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { AUDIT_LOOK_MS, createAudit } from "../../src/server/audit.ts";
import { createFakeClock, type FakeClock } from "../helpers/fake-clock.ts";
import { peopleAt } from "../helpers/people.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const PHONE = "+15005550006" as Phone;
const HOUR = 60 * 60_000;
/** Noon where the tests run, whatever its zone. */
const noon = () => new Date(2026, 10, 2, 12).getTime();

function stage({ auditHead = false, retentionDays = 0, isFull = false, start = noon() } = {}) {
  const clock = createFakeClock(start);
  const log = createKeptLog();
  const events: NewEvent[] = [];
  const told: Notice[] = [];
  const purges: number[] = [];
  const days = new Set<string>();
  const config = {
    phone: { kind: "simulator", port: 0, from: "whatsapp:+14155238886" },
    pairedAccounts: new Map(),
    verifyReplies: "approvals",
    ...{ auditHead, retentionDays },
  } as const;
  const audit = createAudit(config, { log, version: "1.2.3", clock });
  const full = () => Promise.reject(new Error("disk full"));
  const store = {
    note: async (event: NewEvent) => (isFull ? full() : void events.push(event)),
    checkLog: async () => undefined,
    purge: async (before: number) => {
      purges.push(before);
      return { removed: { approvals: 1 } };
    },
    claimHead: async (day: string) => {
      if (days.has(day)) return undefined;
      days.add(day);
      return { seq: 1204, hash: "3fa912bc77d041ee".padEnd(64, "0") };
    },
  } as unknown as ApprovalStore;
  const tell = async (_: unknown, notice: Notice) => {
    told.push(notice);
    return "SM1";
  };
  audit.tell({ tell }, peopleAt(PHONE));
  return { audit, clock, log, events, told, purges, close: audit.watch(store) };
}

/** Timers stand still for most of it, as when the machine sleeps: one look an hour is enough. */
async function hours(clock: FakeClock, count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 1) {
    clock.sleep(HOUR - AUDIT_LOOK_MS);
    await clock.advance(AUDIT_LOOK_MS);
  }
}

describe("the event log of a running server", () => {
  it("begins with its start, has the policy as it is read, and ends with its end", async () => {
    const { audit, events, close, clock } = stage();
    audit.onPolicy({ state: "refused", problems: ["secret words of the file"] });
    await clock.advance(AUDIT_LOOK_MS);
    await close();
    expect(events.map(({ kind }) => kind)).toEqual(["server-started", "policy", "server-stopped"]);
    expect(events[1]?.data).toEqual({ state: "refused", problems: 1 });
    expect(clock.pending()).toBe(0);
  });

  it("counts what is refused: a flood is one entry a minute, and what is left comes with the end", async () => {
    const { audit, events, clock, close, log } = stage();
    for (let at = 0; at < 5_000; at += 1) audit.log.refused({ address: `${at}` }, "refused: a webhook");
    audit.log.refused({}, "refused: a stranger");
    await clock.advance(AUDIT_LOOK_MS);
    await clock.advance(AUDIT_LOOK_MS);
    for (let at = 0; at < 100; at += 1) audit.log.refused({}, `refused: reason ${at}`);
    await close();
    const refused = events.filter(({ kind }) => kind === "refused");
    expect(refused).toHaveLength(2);
    expect(refused[0]?.data).toEqual({ counts: { "refused: a webhook": 5_000, "refused: a stranger": 1 } });
    expect(Object.keys(refused[1]?.data["counts"] as object)).toHaveLength(30);
    expect(log.text()).toContain("refused: a stranger");
  });

  it("tells the phones the head once a day, at a civil hour, and only where that is wanted", async () => {
    const night = stage({ auditHead: true, start: new Date(2026, 10, 2, 3).getTime() });
    await hours(night.clock, 5);
    expect(night.told).toEqual([]);
    await hours(night.clock, 24);
    expect(night.told.map(({ kind }) => kind)).toEqual(["audit-head"]);
    await hours(night.clock, 24);
    expect(night.told).toHaveLength(2);
    const off = stage();
    await hours(off.clock, 30);
    expect(off.told).toEqual([]);
  });

  it("purges once a day where RETENTION_DAYS is set", async () => {
    const { purges, clock } = stage({ retentionDays: 30 });
    const start = clock.now();
    await clock.advance(AUDIT_LOOK_MS);
    await clock.advance(AUDIT_LOOK_MS);
    expect(purges).toEqual([start + AUDIT_LOOK_MS - 30 * 24 * HOUR]);
    await hours(clock, 24);
    expect(purges).toHaveLength(2);
    const none = stage();
    await hours(none.clock, 30);
    expect(none.purges).toEqual([]);
  });

  it("says on the phone that it was changed, and not more often than once an hour", async () => {
    const { audit, told, clock, log } = stage();
    audit.options.onBroken?.("the event log was cut: it ended with entry 9, and now with 3");
    audit.options.onBroken?.("the head of the event log is gone");
    await clock.advance(1);
    expect(told).toHaveLength(1);
    clock.pass(HOUR);
    audit.options.onBroken?.("the head of the event log is gone");
    await clock.advance(1);
    expect(told).toHaveLength(2);
    expect(log.text()).toContain("changed from outside");
  });

  it("goes on where nothing can be written", async () => {
    const { audit, clock, log, close } = stage({ isFull: true });
    audit.log.refused({}, "refused: a webhook");
    await clock.advance(AUDIT_LOOK_MS);
    await close();
    expect(log.text()).toContain("could not be noted");
  });
});

describe("what the phone is told of the event log", () => {
  it.each<Notice>([
    { kind: "audit-head", seq: 1204, hash: "3fa912bc77d041ee".padEnd(64, "0") },
    { kind: "log-broken", problem: "the event log was cut: it ended with entry 9, and now with 3" },
  ])("$kind", (notice) => {
    expect(noticeLines(notice).map((line) => line.text.join(""))).toMatchSnapshot();
  });
});
