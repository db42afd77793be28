// The reminder that keeps a chat open, over a real store, with the clock, Twilio's word and the way out in the test's hands.
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import { IN_USE_MS, LOOK_MS, startKeepAlive } from "../../src/core/keep-alive.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { ChatEnds } from "../../src/core/ports/chat-windows.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ServiceMode } from "../../src/domain/service-mode.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const PHONE = "+15005550006" as Phone;
const OTHER = "+15005550001" as Phone;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONE = "Europe/Berlin";
/** A Thursday, 12:00 in Berlin. */
const NOON = Date.parse("2026-01-15T11:00Z");

interface Options {
  readonly path?: string;
  readonly start?: number;
  readonly phones?: readonly Phone[];
  /** When each phone was last asked something; none: never. */
  readonly askedAt?: number | "never";
  readonly mode?: ServiceMode;
  readonly ask?: (phone: Phone) => Promise<ChatEnds>;
  readonly tell?: (to: Phone, notice: Notice) => Promise<void>;
}

async function start({
  path = join(temporaryFolder(), "approvals.db"),
  start: startAt = NOON,
  phones = [PHONE],
  askedAt = startAt - HOUR,
  mode = { kind: "open" },
  ask,
  tell = async () => {},
}: Options = {}) {
  const clock = createFakeClock(startAt);
  const log = createKeptLog();
  const store = createSqliteStore(path);
  onTestFinished(() => store.close());
  if (askedAt !== "never") for (const phone of phones) await wasAsked(store, phone, askedAt);
  const ends = new Map<Phone, ChatEnds>();
  const told: { to: Phone; notice: Notice; at: number }[] = [];
  const asked: Phone[] = [];
  const keepAlive = startKeepAlive({
    windows: {
      known: async (phone) => ends.get(phone) ?? {},
      async ask(phone) {
        asked.push(phone);
        return (await ask?.(phone)) ?? ends.get(phone) ?? {};
      },
    },
    store,
    messenger: {
      async tell(to, notice) {
        told.push({ to, notice, at: clock.now() });
        await tell(to, notice);
        return `SM${told.length}`;
      },
    },
    phones,
    mode: () => mode,
    clock,
    log,
    zone: ZONE,
  });
  onTestFinished(() => keepAlive.stop());
  return {
    clock,
    log,
    store,
    path,
    told,
    asked,
    keepAlive,
    texts: () => told.map(({ notice }) => renderNotice(notice)),
    set: (change: ChatEnds, phone = PHONE) => void ends.set(phone, change),
  };
}

let messages = 0;

async function wasAsked(store: ApprovalStore, phone: Phone, at: number): Promise<void> {
  messages += 1;
  const letter = String.fromCharCode(97 + (messages % 26)).replace("l", "z");
  const id = `${letter}${String.fromCharCode(97 + (Math.floor(messages / 26) % 11))}cde` as ApprovalId;
  const call = { toolName: "Bash", input: {} };
  const inspection = { shown: call, secrets: 0, warnings: [] };
  await store.insert({ id, call, inspection, door: "mcp", createdAt: at, expiresAt: at + HOUR, waiting: 1 });
  await store.addMessages(id, [{ messageId: `SM${messages}`, to: phone, hasButtons: true }]);
}

describe("a chat that is about to close", () => {
  it("is told of once, two hours before, and not before", async () => {
    const { clock, told, set } = await start();
    const closesAt = NOON + 4 * HOUR;
    set({ closesAt });
    await clock.advance(2 * HOUR - MINUTE);
    expect(told).toEqual([]);
    await clock.advance(6 * MINUTE);
    expect(told).toMatchObject([{ to: PHONE, notice: { kind: "chat-closing", closesAt } }]);
    await clock.advance(4 * HOUR);
    expect(told).toHaveLength(1);
  });

  it("is told of on the evening before, where it closes in the night", async () => {
    const { clock, told, set } = await start();
    set({ closesAt: Date.parse("2026-01-16T03:00Z") });
    await clock.advance(12 * HOUR);
    expect(told.map(({ at }) => new Date(at).toISOString())).toEqual(["2026-01-15T19:00:00.000Z"]);
  });

  it("is told of once, where it closes in the night: not a second time half an hour before it", async () => {
    const first = await start();
    first.set({ closesAt: Date.parse("2026-01-16T03:00Z") });
    await first.clock.advance(15 * HOUR + 55 * MINUTE);
    expect(first.told.map(({ at }) => new Date(at).toISOString())).toEqual(["2026-01-15T19:00:00.000Z"]);
  });

  it("is told of once over a restart in that night, and of its next end after a tap in it", async () => {
    const first = await start();
    const closesAt = Date.parse("2026-01-16T03:00Z");
    first.set({ closesAt });
    await first.clock.advance(9 * HOUR);
    first.keepAlive.stop();
    await first.store.close();
    const second = await start({ path: first.path, start: Date.parse("2026-01-16T00:30Z"), askedAt: NOON });
    second.set({ closesAt });
    await second.clock.advance(2 * HOUR);
    expect(second.told).toEqual([]);
    second.set({ closesAt: second.clock.now() + DAY });
    await second.clock.advance(DAY - HOUR);
    expect(second.told.map(({ at }) => new Date(at).toISOString())).toEqual(["2026-01-16T19:00:00.000Z"]);
  });

  it("is left alone once it has closed: nothing would get through", async () => {
    const { clock, told, asked, set } = await start();
    set({ closesAt: NOON + LOOK_MS });
    await clock.advance(HOUR);
    expect([told, asked]).toEqual([[], []]);
  });

  it("is left alone where nothing is known of it", async () => {
    const { clock, told, set } = await start();
    set({});
    await clock.advance(DAY);
    expect(told).toEqual([]);
  });

  it("is left alone once the phone has written, also where only Twilio knows", async () => {
    const { clock, told, asked, set } = await start({ ask: async () => ({ closesAt: NOON + DAY }) });
    set({ closesAt: NOON + HOUR });
    await clock.advance(LOOK_MS);
    expect(asked).toEqual([PHONE]);
    set({ closesAt: NOON + DAY });
    await clock.advance(2 * HOUR);
    expect(told).toEqual([]);
  });

  it("is told of again on the next day after a tap, never twice on one day", async () => {
    const { clock, told, set } = await start();
    set({ closesAt: NOON + HOUR });
    await clock.advance(LOOK_MS);
    // The tap.
    set({ closesAt: clock.now() + DAY });
    await clock.advance(DAY);
    expect(told).toHaveLength(2);
    set({ closesAt: clock.now() + HOUR });
    await clock.advance(HOUR - MINUTE);
    expect(told).toHaveLength(2);
  });

  it("is told of after a sleep of the machine in which its moment came", async () => {
    const { clock, told, set } = await start();
    set({ closesAt: NOON + 4 * HOUR });
    clock.sleep(3 * HOUR);
    await clock.advance(LOOK_MS);
    expect(told).toHaveLength(1);
  });

  it("is told of once although the server is started again", async () => {
    const first = await start();
    first.set({ closesAt: NOON + HOUR });
    await first.clock.advance(LOOK_MS);
    expect(first.told).toHaveLength(1);
    first.keepAlive.stop();
    await first.store.close();
    const second = await start({ path: first.path, start: NOON + 10 * MINUTE, askedAt: NOON });
    second.set({ closesAt: NOON + HOUR });
    await second.clock.advance(30 * MINUTE);
    expect(second.told).toEqual([]);
    // The record says so: Twilio is not asked.
    expect(second.asked).toEqual([]);
  });
});

describe("several phones", () => {
  it("are reminded each by itself", async () => {
    const { clock, told, set } = await start({ phones: [PHONE, OTHER] });
    set({ closesAt: NOON + HOUR }, PHONE);
    set({ closesAt: NOON + 10 * HOUR }, OTHER);
    await clock.advance(LOOK_MS);
    expect(told.map(({ to }) => to)).toEqual([PHONE]);
    await clock.advance(8 * HOUR);
    expect(told.map(({ to }) => to)).toEqual([PHONE, OTHER]);
  });

  it("do not hold each other up when one fails", async () => {
    const { clock, told, set, log } = await start({
      phones: [PHONE, OTHER],
      ask: (phone) =>
        phone === PHONE ? Promise.reject(new Error("refused")) : Promise.resolve({ closesAt: NOON + HOUR }),
    });
    set({ closesAt: NOON + HOUR }, PHONE);
    set({ closesAt: NOON + HOUR }, OTHER);
    await clock.advance(LOOK_MS);
    expect(told.map(({ to }) => to)).toEqual([OTHER]);
    expect(log.text()).toContain("could not be reminded");
    expect(log.text()).not.toContain(PHONE);
  });
});

describe("nobody is bothered", () => {
  it.each([
    ["who was never asked", "never"],
    ["who was asked nothing for three days", NOON - IN_USE_MS],
  ] as const)("%s", async (_, askedAt) => {
    const { clock, told, asked, set } = await start({ askedAt });
    set({ closesAt: NOON + 2 * HOUR });
    await clock.advance(HOUR);
    expect([told, asked]).toEqual([[], []]);
  });

  it("for ever: three days after the last request the reminders end, although each is tapped", async () => {
    const { clock, told, set } = await start();
    for (let day = 0; day < 8; day += 1) {
      const before = told.length;
      set({ closesAt: clock.now() + HOUR });
      await clock.advance(LOOK_MS);
      if (told.length > before) set({ closesAt: clock.now() + DAY });
      await clock.advance(DAY - LOOK_MS);
    }
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(told.length).toBeLessThanOrEqual(4);
    expect(told.at(-1)?.at).toBeLessThan(NOON + IN_USE_MS);
  });

  it("after PANIC", async () => {
    const { clock, told, set } = await start({ mode: { kind: "panic", by: PHONE } });
    set({ closesAt: NOON + HOUR });
    await clock.advance(HOUR - MINUTE);
    expect(told).toEqual([]);
  });

  it("after the server was stopped, and no timer is left", async () => {
    const { clock, told, set, keepAlive } = await start();
    set({ closesAt: NOON + HOUR });
    keepAlive.stop();
    await clock.advance(HOUR - MINUTE);
    expect(told).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

describe("a reminder that fails", () => {
  it("to be sent is not repeated on that day, and comes on the next", async () => {
    const { clock, told, set, log } = await start({ tell: () => Promise.reject(new Error("63016")) });
    set({ closesAt: NOON + 2 * HOUR });
    await clock.advance(HOUR);
    expect(told).toHaveLength(1);
    expect(log.entries.filter(({ level }) => level === "warn")).toHaveLength(1);
    set({ closesAt: NOON + 26 * HOUR });
    await clock.advance(25 * HOUR);
    expect(told).toHaveLength(2);
  });

  it("because Twilio cannot be asked is tried again with the next look", async () => {
    let failures = 2;
    const { clock, told, set } = await start({
      ask: async () => {
        failures -= 1;
        if (failures >= 0) throw new Error("no connection");
        return { closesAt: NOON + HOUR };
      },
    });
    set({ closesAt: NOON + HOUR });
    await clock.advance(2 * LOOK_MS);
    expect(told).toEqual([]);
    await clock.advance(LOOK_MS);
    expect(told).toHaveLength(1);
  });

  it("because it cannot be written down is not sent", async () => {
    const { clock, told, set, store } = await start();
    set({ closesAt: NOON + HOUR });
    await store.close();
    await clock.advance(3 * LOOK_MS);
    expect(told).toEqual([]);
  });
});

describe("the Sandbox's three days", () => {
  const sender = "+14155238886";

  it("are told with the words to join again, and a link that writes them", async () => {
    const { clock, texts, set } = await start();
    const membership = { endsAt: NOON + HOUR, sender, joinText: "join tall-tree" };
    set({ closesAt: NOON + 20 * HOUR, membership });
    await clock.advance(LOOK_MS);
    const [text = ""] = texts();
    expect(text).toContain("the WhatsApp Sandbox forgets this phone");
    expect(text).toContain("send it again: join tall-tree\nhttps://wa.me/14155238886?text=join%20tall-tree");
    expect(text).not.toMatch(/tap/i);
  });

  it("are told without the words where they are not known", async () => {
    const { clock, texts, set } = await start();
    set({ closesAt: NOON + 20 * HOUR, membership: { endsAt: NOON + HOUR, sender } });
    await clock.advance(LOOK_MS);
    expect(texts()[0]).toContain("send join and the two words of your Sandbox again");
    expect(texts()[0]).not.toContain("https://wa.me");
  });

  it("go before the 24 hours where both end within a day: joining helps with both, a tap does not", async () => {
    const { clock, told, set } = await start();
    set({ closesAt: NOON + HOUR, membership: { endsAt: NOON + 20 * HOUR, sender } });
    await clock.advance(LOOK_MS);
    expect(told).toMatchObject([{ notice: { kind: "membership-ending" } }]);
  });

  it("that are over end the reminders: nothing gets through", async () => {
    const { clock, told, set } = await start();
    set({ closesAt: NOON + HOUR, membership: { endsAt: NOON, sender } });
    await clock.advance(HOUR - MINUTE);
    expect(told).toEqual([]);
  });

  it("that go on longer leave the chat's own reminder, whose tap is enough", async () => {
    const { clock, texts, set } = await start();
    set({ closesAt: NOON + HOUR, membership: { endsAt: NOON + 2 * DAY, sender } });
    await clock.advance(LOOK_MS);
    expect(texts()[0]).toContain("WhatsApp's 24 hours since your last message end");
    expect(texts()[0]).toContain("It approves nothing.");
  });
});
