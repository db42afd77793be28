// Small parts of the channel for the WhatsApp Agent Platform: what an answer means, digits of 64 bits, the rolling minute, the queue.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPlatformTime } from "../../src/channels/platform-time.ts";
import { AgentError } from "../../src/channels/whatsapp-agent/api/agent-error.ts";
import {
  type Endpoint,
  kindOf,
  kindOfFailure,
  MEANINGS,
} from "../../src/channels/whatsapp-agent/api/answers.ts";
import { CALLS_A_MINUTE, createAgentLimiter } from "../../src/channels/whatsapp-agent/api/limiter.ts";
import { readAnswer, readCode, readRetryAfter } from "../../src/channels/whatsapp-agent/api/read-answer.ts";
import { isOffset, parseUpdates } from "../../src/channels/whatsapp-agent/receive/updates.ts";
import { createRecent } from "../../src/channels/whatsapp-agent/recent.ts";
import { createSendQueue } from "../../src/channels/whatsapp-agent/send/send-queue.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

describe("an answer of the platform", () => {
  it.each([
    ["messages", 401, 190, "bad-key"],
    ["updates", 400, 100, "bad-key"],
    ["messages", 400, 100, "key-or-length"],
    ["media", 400, 100, "key-or-length"],
    ["updates", 409, 1_752_041, "replaced"],
    ["updates", 409, undefined, "replaced"],
    ["messages", 429, 130_429, "rate"],
    ["messages", 429, undefined, "rate"],
    ["messages", 403, 131_005, "not-the-person"],
    ["messages", 403, 10, "not-the-person"],
    ["messages", 403, undefined, "refused"],
    ["messages", 400, 131_009, "field"],
    ["media", 400, 131_053, "upload"],
    ["messages", 503, 131_016, "not-accepted"],
    ["messages", 500, 2, "unknown"],
    ["messages", 502, undefined, "unknown"],
    ["messages", 504, undefined, "unknown"],
    ["messages", 408, undefined, "unknown"],
    ["messages", 307, undefined, "unknown"],
    ["messages", 404, 100, "refused"],
    ["messages", 418, undefined, "refused"],
  ] as const)("to %s with HTTP %s and code %s is: %s", (endpoint, status, code, kind) => {
    expect(kindOf(endpoint, status, code)).toBe(kind);
  });

  it("is asked for again only where it was certainly not taken", () => {
    const again = Object.entries(MEANINGS).filter(([, { repeat }]) => repeat !== undefined);
    expect(again.map(([kind]) => kind).sort()).toEqual(["not-accepted", "not-connected", "rate"]);
    expect(again.every(([, { taken }]) => taken === "no")).toBe(true);
    for (const status of Array.from({ length: 100 }, (_, at) => 500 + at).filter((each) => each !== 503))
      expect(MEANINGS[kindOf("messages", status, undefined)].taken).toBe("unknown");
  });

  it("that never came is uncertain, unless the connection was never made", () => {
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"])
      expect(kindOfFailure(code)).toBe("not-connected");
    for (const code of [
      "ECONNRESET",
      "ETIMEDOUT",
      "UND_ERR_SOCKET",
      "UND_ERR_HEADERS_TIMEOUT",
      "UNKNOWN",
      "",
    ])
      expect(kindOfFailure(code)).toBe("unknown");
    expect(kindOfFailure("SELF_SIGNED_CERT_IN_CHAIN")).toBe("not-trusted");
  });

  it("is told in words of ours, with what to do", () => {
    for (const kind of Object.keys(MEANINGS) as (keyof typeof MEANINGS)[]) {
      const { message, advice, code } = new AgentError("messages", kind, { code: 7 });
      expect(message).toMatch(/\.$/);
      expect(advice.length).toBeGreaterThan(20);
      expect(code).toBe(7);
    }
  });

  it("is read whatever it holds", () => {
    expect(readCode('{"error":{"code":131009}}')).toBe(131_009);
    for (const text of ["", "<html>", "null", "[]", '{"error":"x"}', '{"error":{"code":"2"}}'])
      expect(readCode(text)).toBeUndefined();
    expect(readAnswer('{"messages":[{"id":"wamid.X"}]}')).toEqual({ messages: [{ id: "wamid.X" }] });
    for (const text of ["", "<html>", '{"messages":[{"id":7}]}', '{"messages":[{"id":""}]}'])
      expect(readAnswer(text)).toEqual({});
    expect(readRetryAfter("7", 0)).toBe(7_000);
    expect(readRetryAfter("Thu, 01 Jan 1970 00:00:30 GMT", 10_000)).toBe(20_000);
    expect(readRetryAfter("99999999999", 0)).toBe(600_000);
    for (const header of [null, "", "soon", "-5"]) expect(readRetryAfter(header, 0)).toBe(0);
  });
});

describe("the place to read on from", () => {
  const answer = (next: string) => `{"entry":[],"next_offset":${next}}`;

  it("is the digits that stand there, for every number of 64 bits", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (offset) => {
        expect(parseUpdates(answer(String(offset))).next).toBe(String(offset));
        expect(isOffset(String(offset))).toBe(true);
      }),
      { examples: [[2n ** 63n - 2n], [2n ** 53n + 1n], [0n]] },
    );
    expect(parseUpdates(answer("9223372036854775806")).next).toBe("9223372036854775806");
  });

  it("is none where it is no such number", () => {
    for (const next of ["1.5", "1e30", '"x"', "true", "99999999999999999999"])
      expect(() => parseUpdates(answer(next))).toThrow();
    for (const text of ["9223372036854775808", "-9223372036854775809", "1.0", "0x10", " 1", ""])
      expect(isOffset(text)).toBe(false);
  });

  it("is not taken from what a person has written", () => {
    const body = JSON.stringify('","next_offset":1,"x":"');
    const message = `{"from":"user:1","id":"wamid.1","timestamp":"1","type":"text","text":{"body":${body}}}`;
    const text = `{"entry":[{"changes":[{"value":{"messages":[${message}]}}]}],"next_offset":9007199254740993}`;
    expect(parseUpdates(text)).toMatchObject({ next: "9007199254740993", messages: [{ id: "wamid.1" }] });
  });
});

describe("what a poll brings", () => {
  it("is read entry by entry: one that is odd takes no other with it", () => {
    const good = {
      from: "user:1",
      id: "wamid.1",
      timestamp: "1700000000",
      type: "text",
      text: { body: "yes" },
    };
    const value = {
      messages: [null, 7, { ...good, timestamp: 12.5 }, { ...good, from: "" }, good, { ...good, text: "x" }],
      statuses: ["x", { id: "wamid.2", status: "read", timestamp: "1700000000" }],
    };
    const text = JSON.stringify({ entry: [{ changes: [{}, { value }, { value: {} }] }, {}] });
    const { messages, statuses, unread, next } = parseUpdates(text);
    expect(messages).toEqual([good]);
    expect(statuses).toHaveLength(1);
    expect(unread).toBe(6);
    expect(next).toBeUndefined();
    for (const odd of ["", "null", "[]", '{"entry":7}', "{"]) expect(() => parseUpdates(odd)).toThrow();
  });
});

describe("the rolling minute", () => {
  it.each(Object.entries(CALLS_A_MINUTE) as [Endpoint, number][])(
    "of %s takes %s, each by itself",
    async (endpoint, most) => {
      const clock = createFakeClock();
      const limiter = createAgentLimiter(clock);
      for (let call = 0; call < most; call += 1) (await limiter.turn(endpoint))();
      expect(limiter.left(endpoint)).toBe(0);
      let isOver = false;
      void limiter.turn(endpoint).then(() => {
        isOver = true;
      });
      await clock.advance(60_000);
      expect(isOver).toBe(false);
      await clock.advance(1_000);
      expect(isOver).toBe(true);
    },
  );

  it("never takes more within any minute, whatever the pace", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 20, maxLength: 40 }),
        async (gaps) => {
          const clock = createFakeClock();
          const limiter = createAgentLimiter(clock);
          const times: number[] = [];
          for (const gap of gaps) {
            await clock.advance(gap);
            const taking = limiter.turn("messages").then((over) => {
              times.push(clock.elapsed());
              over();
            });
            await clock.advance(limiter.waitMs("messages"));
            await taking;
          }
          for (const at of times)
            expect(times.filter((each) => each > at - 60_000 && each <= at).length).toBeLessThanOrEqual(12);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("counts a call until its answer, and the wait ends with its signal", async () => {
    const clock = createFakeClock();
    const limiter = createAgentLimiter(clock);
    const over = await limiter.turn("media");
    await clock.advance(50_000);
    over();
    await clock.advance(20_000);
    expect(limiter.left("media")).toBe(11);
    limiter.hold("media", 5_000);
    const ended = new AbortController();
    const waiting = limiter.turn("media", ended.signal);
    ended.abort(new Error("ended"));
    await expect(waiting).rejects.toThrow("ended");
    await expect(limiter.turn("media", ended.signal)).rejects.toThrow("ended");
    expect(clock.pending()).toBe(0);
    expect(limiter.waitMs("media")).toBe(5_000);
  });
});

describe("the queue of the agent", () => {
  it("runs one at a time, requests first, and lets a confirmation pass after four", async () => {
    const queue = createSendQueue();
    const order: string[] = [];
    let running = 0;
    const work = (name: string) => async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise(setImmediate);
      order.push(name);
      running -= 1;
    };
    const first = queue.run("confirmation", work("first"));
    const told = [1, 2].map((at) => queue.run("confirmation", work(`told ${at}`)));
    const asked = [1, 2, 3, 4, 5, 6].map((at) => queue.run("request", work(`asked ${at}`)));
    await queue.idle();
    await Promise.all([first, ...told, ...asked]);
    expect(order).toEqual([
      "first",
      "asked 1",
      "asked 2",
      "asked 3",
      "asked 4",
      "told 1",
      "asked 5",
      "asked 6",
      "told 2",
    ]);
  });

  it("goes on after work that fails and past what is dropped", async () => {
    const queue = createSendQueue();
    const ended = new AbortController();
    const failing = queue.run("request", () => Promise.reject(new Error("no")));
    const dropped = queue.run("request", async () => "never", ended.signal);
    const last = queue.run("confirmation", async () => "last");
    ended.abort(new Error("ended"));
    await expect(failing).rejects.toThrow("no");
    await expect(dropped).rejects.toThrow("ended");
    expect(await last).toBe("last");
    await expect(queue.run("request", async () => "never", ended.signal)).rejects.toThrow("ended");
    await queue.idle();
  });
});

describe("the platform's time", () => {
  it("is told by its answers, and what it dates is never in the future", () => {
    const clock = createFakeClock();
    const time = createPlatformTime(clock);
    expect(time.now()).toBe(clock.now());
    time.note(clock.now() - 3_600_000);
    expect(time.now()).toBe(clock.now() - 3_600_000);
    expect(time.local(time.now() - 5_000)).toBe(clock.now() - 5_000);
    expect(time.local(time.now() + 5_000)).toBe(clock.now());
  });
});

describe("what was seen lately", () => {
  it("is forgotten oldest first", () => {
    const recent = createRecent<number>();
    for (let at = 0; at <= 5_000; at += 1) recent.set(`id ${at}`, at);
    expect(recent.get("id 0")).toBeUndefined();
    expect(recent.get("id 1")).toBe(1);
    expect(recent.get("id 5000")).toBe(5_000);
  });
});
