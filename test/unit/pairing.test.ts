// The code that binds a new address: once, in time, on its channel, and nobody learns it from this server.
import { describe, expect, it } from "vitest";
import { createPairing, MAX_WRONG, PAIRING_MS } from "../../src/core/pairing.ts";
import { hashOfCode, newPairingCode } from "../../src/core/pairing-code.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { noticeLines } from "../../src/domain/notice-lines.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const CODE = "kqmwa";
const ADA = "telegram:7001" as Phone;
const OTHER = "telegram:7002" as Phone;
const AGENT = "whatsapp-agent:user:111" as Phone;
const NUMBER = "+15005550006" as Phone;

function stage({
  isFull = false,
  known = [NUMBER],
  mayApprove = true,
  hangs = false,
}: {
  isFull?: boolean;
  known?: readonly Phone[];
  mayApprove?: boolean;
  hangs?: boolean;
} = {}) {
  const clock = createFakeClock();
  const log = createKeptLog();
  const bound: [Phone, string][] = [];
  const told: [Phone, Notice["kind"]][] = [];
  const pairing = createPairing({
    people: {
      toTell: () => known,
      approving: () => known,
      mayApprove: () => mayApprove,
      personOf: () => undefined,
    },
    bindings: {
      async bind(address, person) {
        if (isFull) throw new Error("disk full");
        bound.push([address, person]);
        return true;
      },
      untold: [],
      told: async () => {},
    },
    messenger: {
      async tell(to, { kind }) {
        if (hangs) await new Promise(() => {});
        return `N${told.push([to, kind])}`;
      },
    },
    clock,
    log,
  });
  const open = (channel: "telegram" | "whatsapp-agent" = "telegram", code = CODE) =>
    pairing.open({ channel, person: "ada", code: hashOfCode(code, "salt") });
  const hear = (from: Phone, text: string) => pairing.hear({ from, text, at: clock.now() });
  return { pairing, clock, log, bound, told, open, hear };
}

describe("a code", () => {
  it("binds whoever writes it, and everybody who could approve before is told", async () => {
    const { open, hear, bound, told, clock } = stage();
    const ended = open();
    expect(await hear(ADA, ` ${CODE.toUpperCase()}\n`)).toBe("bound");
    expect(await ended).toBe("bound");
    expect(bound).toEqual([[ADA, "ada"]]);
    expect(told).toEqual([
      [ADA, "paired"],
      [NUMBER, "approver-added"],
    ]);
    expect(clock.pending()).toBe(0);
  });

  it("works once, also for two who write it in the same moment", async () => {
    const { open, hear, bound } = stage();
    void open();
    expect(await Promise.all([hear(ADA, CODE), hear(OTHER, CODE)])).toEqual(["bound", "ignored"]);
    expect(await hear(OTHER, CODE)).toBe("ignored");
    expect(bound).toEqual([[ADA, "ada"]]);
  });

  it("works for ten minutes", async () => {
    const { open, hear, bound, clock } = stage();
    const ended = open();
    await clock.advance(PAIRING_MS);
    expect(await hear(ADA, CODE)).toBe("ignored");
    expect([await ended, bound]).toEqual(["late", []]);
  });

  it("is late also when the machine has slept over its time", async () => {
    const { open, hear, bound, clock } = stage();
    const ended = open();
    clock.sleep(PAIRING_MS);
    expect(await hear(ADA, CODE)).toBe("ignored");
    expect([await ended, bound]).toEqual(["late", []]);
  });

  it("is ended by five wrong ones, whoever writes them; other words are none", async () => {
    const { open, hear, bound } = stage();
    const ended = open();
    for (const words of ["hello there", "yes", "", "approve kqmwa", "kqmwl", `${CODE}a`])
      await hear(ADA, words);
    for (let wrong = 1; wrong < MAX_WRONG; wrong += 1) await hear(wrong % 2 === 0 ? ADA : OTHER, "kqmwb");
    expect(await hear(OTHER, "aaaaa")).toBe("ignored");
    expect(await ended).toBe("wrong");
    expect([await hear(ADA, CODE), bound]).toEqual(["ignored", []]);
  });

  it("works on its own channel only", async () => {
    const { open, hear, bound } = stage();
    void open("telegram");
    expect([await hear(AGENT, CODE), await hear(NUMBER, CODE), bound]).toEqual(["ignored", "ignored", []]);
  });

  it("takes the place of the one before", async () => {
    const { open, hear, bound } = stage();
    const first = open("telegram", "aaaaa");
    void open("telegram", "bbbbb");
    expect([await first, await hear(ADA, "aaaaa"), await hear(ADA, "bbbbb")]).toEqual([
      ...["replaced", "ignored", "bound"],
    ]);
    expect(bound).toHaveLength(1);
  });

  it("binds nobody where that cannot be written down", async () => {
    const { open, hear, told } = stage({ isFull: true });
    const ended = open();
    expect([await hear(ADA, CODE), await ended, told]).toEqual(["ignored", "failed", []]);
    expect(await hear(ADA, CODE)).toBe("ignored");
  });

  it("ends with the server", async () => {
    const { open, hear, pairing, clock } = stage();
    const ended = open();
    pairing.stop();
    expect([await ended, await hear(ADA, CODE), clock.pending()]).toEqual(["stopped", "ignored", 0]);
  });

  it("is in no log, whatever happens to it", async () => {
    const { open, hear, log } = stage();
    void open();
    await hear(OTHER, "aaaaa");
    await hear(ADA, CODE);
    expect(JSON.stringify(log.entries)).not.toContain(CODE);
    expect(JSON.stringify(log.entries)).not.toMatch(/700[12]/);
  });
});

describe("a first code", () => {
  const first = (stageOf: ReturnType<typeof stage>, channel: "telegram" | "whatsapp-agent", code = CODE) =>
    stageOf.pairing.open({ channel, person: "ada", code: hashOfCode(code, "salt"), isFirst: true });

  it("counts no longer once somebody may approve, however they came to it", async () => {
    const known: Phone[] = [];
    const parts = stage({ known });
    const ended = first(parts, "telegram");
    known.push(NUMBER);
    expect([await parts.hear(ADA, CODE), await ended, parts.bound]).toEqual(["ignored", "taken", []]);
  });

  it("ends those of other channels before it is written down that it was used", async () => {
    const parts = stage({ known: [] });
    const [one, other] = [first(parts, "telegram", "aaaaa"), first(parts, "whatsapp-agent", "bbbbb")];
    const heard = await Promise.all([parts.hear(ADA, "aaaaa"), parts.hear(AGENT, "bbbbb")]);
    expect([heard, await one, await other, parts.bound.length]).toEqual([
      ...[["bound", "ignored"], "bound", "taken", 1],
    ]);
  });

  it("leaves a code alone that an approver was asked about", async () => {
    const parts = stage({ known: [] });
    const asked = parts.open("whatsapp-agent", "bbbbb");
    void first(parts, "telegram", "aaaaa");
    await parts.hear(ADA, "aaaaa");
    expect([await parts.hear(AGENT, "bbbbb"), await asked]).toEqual(["bound", "bound"]);
  });
});

it("a code ends with whoever waits for it, and is not opened for somebody who has gone", async () => {
  const { pairing, hear, clock } = stage();
  const gone = new AbortController();
  const opening = { channel: "telegram", person: "ada", code: hashOfCode(CODE, "salt") } as const;
  const ended = pairing.open({ ...opening, signal: gone.signal });
  gone.abort();
  expect([await ended, await hear(ADA, CODE), clock.pending()]).toEqual(["stopped", "ignored", 0]);
  expect(await pairing.open({ ...opening, signal: gone.signal })).toBe("stopped");
  expect(pairing.isOpen("telegram")).toBe(false);
});

it("a chat of somebody who is only told hears that, and nothing else", async () => {
  const { pairing, told } = stage({ mayApprove: false });
  void pairing.open({ channel: "telegram", person: "ben", code: hashOfCode(CODE, "salt") });
  await pairing.hear({ from: ADA, text: CODE, at: Number.MAX_SAFE_INTEGER });
  await pairing.idle(1_000);
  expect(told.map(([, kind]) => kind)).toEqual(["paired", "approver-added"]);
  const texts = (["paired", "approver-added"] as const).map((kind) =>
    JSON.stringify(noticeLines({ kind, channel: "Telegram", person: "+15005550006", decides: false })),
  );
  expect(texts.join("")).not.toMatch(/may approve|5005550006/);
});

it("a confirmation that hangs holds nothing up for ever", async () => {
  const { pairing, open, hear, clock } = stage({ hangs: true });
  void open();
  expect(await hear(ADA, CODE)).toBe("bound");
  let isOver = false;
  const over = pairing.idle(1_000).then(() => {
    isOver = true;
  });
  await clock.advance(999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await over;
});

it("nothing binds anybody while no code is waited for", async () => {
  const { hear, bound } = stage();
  expect([await hear(ADA, CODE), bound]).toEqual(["ignored", []]);
});

it("a new code is five letters of the alphabet of the ids", () => {
  let next = 0;
  const letters = new Set(Array.from({ length: 200 }, () => newPairingCode((max) => next++ % max)).join(""));
  expect([...letters].sort().join("")).toBe("abcdefghijkmnopqrstuvwxyz");
});
