// One queue per sender: pace, priorities, order, and what an abort leaves behind. Time is vitest's; Twilio is two functions.

import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageApi, OutgoingMessage } from "../../src/channels/twilio/send/message.ts";
import { createOutbound } from "../../src/channels/twilio/send/outbound.ts";
import type { SendDeps } from "../../src/channels/twilio/send/send-message.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { failureOf, outboundDeps, request } from "../helpers/outbound-stage.ts";

const INTERVAL_MS = 3_000;
const start = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({
    now: start,
    toFake: ["Date", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes every message unless `create` says otherwise; notes what and when. */
function stage(overrides: Partial<SendDeps> & { create?: MessageApi["create"] } = {}) {
  const { create, ...deps } = overrides;
  const sent: { body: string; at: number }[] = [];
  const api: MessageApi = {
    async create(params) {
      sent.push({
        body: "body" in params ? params.body : (params.contentVariables ?? ""),
        at: Date.now() - start,
      });
      return create?.(params) ?? { sid: `SM${sent.length}` };
    },
    list: async () => [],
  };
  const outbound = createOutbound(outboundDeps({ api, intervalMs: INTERVAL_MS, ...deps }));
  return {
    outbound,
    sent,
    bodies: () => sent.map(({ body }) => body),
    /** Sends without waiting; a failure is kept. */
    send(body: string, more: Partial<OutgoingMessage> = {}) {
      const sending = outbound.send(request(body, more));
      sending.catch(() => {});
      return sending;
    },
  };
}

const rejecting = (status: number) => Object.assign(new Error("refused"), { status });

describe("the pace of messages", () => {
  it("leaves the interval between two messages, and sends the first at once", async () => {
    const { send, sent } = stage();
    for (const body of ["a", "b", "c"]) void send(body);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual([
      { body: "a", at: 0 },
      { body: "b", at: 3_000 },
      { body: "c", at: 6_000 },
    ]);
  });

  it("counts from the answer, so that a slow call does not bring the next one closer", async () => {
    const slow = () => new Promise<{ sid: string }>((done) => setTimeout(() => done({ sid: "SM1" }), 2_000));
    const { send, sent } = stage({ create: slow });
    for (const body of ["a", "b"]) void send(body);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.map(({ at }) => at)).toEqual([0, 5_000]);
  });

  it("counts messages that may have been sent, not those that Twilio refused", async () => {
    const answers = [429, 503, 400, 201];
    const { send, sent } = stage({
      create: async () => {
        const status = answers.shift() ?? 201;
        if (status > 201) throw rejecting(status);
        return { sid: "SM" };
      },
    });
    for (const body of ["busy, then broken, then refused", "next"]) void send(body);
    await vi.advanceTimersByTimeAsync(20_000);
    const [first, second, third, fourth] = sent.map(({ at }) => at);
    expect(second).toBeLessThan(INTERVAL_MS);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(INTERVAL_MS);
    expect(fourth).toBeGreaterThanOrEqual(third ?? 0);
    expect([first, sent.length]).toEqual([0, 4]);
  });

  it("keeps the interval after a message that was sent again", async () => {
    const answers = [503, 201, 201];
    const { send, sent } = stage({
      retryPauseMs: 10_000,
      create: async () => {
        const status = answers.shift() ?? 201;
        if (status > 201) throw rejecting(status);
        return { sid: "SM" };
      },
    });
    for (const body of ["again", "next"]) void send(body);
    await vi.advanceTimersByTimeAsync(60_000);
    const [, second, third] = sent.map(({ at }) => at);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(INTERVAL_MS);
    expect(sent).toHaveLength(3);
  });

  it("never puts more than 14 messages into 30 seconds, however short the interval is", async () => {
    const { send, sent } = stage({ intervalMs: 13 });
    for (let n = 0; n < 30; n += 1) void send(`${n}`);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(sent).toHaveLength(30);
    for (const { at } of sent) {
      expect(sent.filter((other) => other.at >= at && other.at < at + 30_000).length).toBeLessThanOrEqual(14);
    }
    expect(sent[13]?.at).toBeLessThan(1_000);
  });

  it("is none when the interval is 0: one call after another", async () => {
    const { send, sent, outbound } = stage({ intervalMs: 0 });
    for (let n = 0; n < 50; n += 1) void send(`${n}`);
    await outbound.idle();
    expect(sent.map(({ body, at }) => [body, at])).toEqual(sent.map((_, n) => [`${n}`, 0]));
    expect(sent).toHaveLength(50);
  });
});

describe("the order of messages", () => {
  it("lets requests go before confirmations, each in its order, whatever came first", async () => {
    const { send, bodies, outbound } = stage();
    void send("first", { priority: "confirmation" });
    void send("c1", { priority: "confirmation" });
    void send("r1");
    void send("c2", { priority: "confirmation" });
    void send("r2", { to: "+15550002222" as Phone });
    void send("r3");
    await vi.advanceTimersByTimeAsync(0);
    expect(outbound.queued()).toBe(5);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(bodies()).toEqual(["first", "r1", "r2", "r3", "c1", "c2"]);
    expect(outbound.queued()).toBe(0);
  });

  it("lets a request pass that comes while a confirmation waits for its turn", async () => {
    const { send, bodies } = stage();
    void send("first");
    void send("confirmation", { priority: "confirmation" });
    await vi.advanceTimersByTimeAsync(2_900);
    void send("request");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bodies()).toEqual(["first", "request", "confirmation"]);
  });

  it("keeps the order while the first one is tried again", async () => {
    const answers = [503, 429];
    const { send, bodies } = stage({
      create: async () => {
        const status = answers.shift();
        if (status !== undefined) throw rejecting(status);
        return { sid: "SM" };
      },
    });
    for (const body of ["a", "b"]) void send(body);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(bodies()).toEqual(["a", "a", "a", "b"]);
  });
});

describe("one that hangs", () => {
  const OTHER = "+15550002222" as Phone;
  const hangsFor =
    (body: string): MessageApi["create"] =>
    (params) =>
      "body" in params && params.body === body ? new Promise(() => {}) : Promise.resolve({ sid: "SM" });

  it("holds up nothing to another phone", async () => {
    const { send, sent } = stage({ create: hangsFor("hangs"), intervalMs: 13 });
    void send("hangs");
    void send("other", { to: OTHER });
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map(({ body }) => body)).toEqual(["hangs", "other"]);
  });

  it("holds up the next one to the same phone for five seconds, not for a minute", async () => {
    const { send, sent } = stage({ create: hangsFor("hangs"), intervalMs: 13 });
    const taken: string[] = [];
    void send("hangs");
    for (const body of ["b", "c", "d"]) void send(body).then(() => taken.push(body));
    await vi.advanceTimersByTimeAsync(4_900);
    expect(sent.map(({ body }) => body)).toEqual(["hangs"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(taken).toEqual(["b", "c", "d"]);
  });

  it("is tried again beside those that went on without it", async () => {
    let calls = 0;
    const { send, bodies } = stage({
      intervalMs: 13,
      create: (params) =>
        "body" in params && params.body === "hangs" && calls++ === 0
          ? new Promise(() => {})
          : Promise.resolve({ sid: "SM" }),
    });
    const taken = send("hangs");
    void send("b");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bodies()).toEqual(["hangs", "b", "hangs"]);
    await expect(taken).resolves.toBe("SM");
  });

  it("is not taken for one when it only waits for its turn", async () => {
    const { send, bodies } = stage({ intervalMs: 20_000 });
    void send("a");
    void send("b", { to: OTHER });
    void send("c");
    void send("confirmation", { priority: "confirmation" });
    await vi.advanceTimersByTimeAsync(30_000);
    void send("d");
    await vi.advanceTimersByTimeAsync(100_000);
    expect(bodies()).toEqual(["a", "b", "c", "d", "confirmation"]);
  });
});

describe("confirmations", () => {
  it("are not passed for ever by requests that keep coming", async () => {
    const { send, bodies } = stage();
    void send("first");
    for (const body of ["c1", "c2"]) void send(body, { priority: "confirmation" });
    for (let n = 0; n < 20; n += 1) void send(`r${n}`);
    await vi.advanceTimersByTimeAsync(300_000);
    const order = bodies();
    expect(order.indexOf("c1")).toBe(5);
    expect(order.indexOf("c2")).toBe(10);
    expect(order).toHaveLength(23);
  });

  it("that were dropped while they waited pass nobody", async () => {
    const { send, bodies } = stage();
    const giveUp = new AbortController();
    void send("first");
    void send("dropped", { priority: "confirmation", signal: giveUp.signal });
    void send("kept", { priority: "confirmation" });
    for (let n = 0; n < 8; n += 1) void send(`r${n}`);
    await vi.advanceTimersByTimeAsync(4_000);
    giveUp.abort("nobody wants it");
    await vi.advanceTimersByTimeAsync(300_000);
    expect(bodies()).not.toContain("dropped");
    expect(bodies().indexOf("kept")).toBe(5);
  });
});

it("a wall clock that is set back by an hour holds up nothing", async () => {
  const { send, sent } = stage();
  for (const body of ["a", "b", "c"]) void send(body);
  await vi.advanceTimersByTimeAsync(100);
  vi.setSystemTime(start - 3_600_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent.map(({ body }) => body)).toEqual(["a", "b", "c"]);
});

describe("a message that nobody wants any more", () => {
  it("is never sent when it waits, and takes no turn", async () => {
    const { send, sent } = stage();
    const giveUp = new AbortController();
    void send("a");
    const unwanted = send("unwanted", { signal: giveUp.signal });
    void send("b");
    await vi.advanceTimersByTimeAsync(1_000);
    giveUp.abort(new Error("answered"));
    await expect(unwanted).rejects.toThrow("answered");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual([
      { body: "a", at: 0 },
      { body: "b", at: 3_000 },
    ]);
  });

  it("is not even queued when the signal has aborted before", async () => {
    const { send, bodies } = stage();
    await expect(send("late", { signal: AbortSignal.abort("a reason of any kind") })).rejects.toBe(
      "a reason of any kind",
    );
    expect(bodies()).toEqual([]);
  });

  const never = () => new Promise<{ sid: string }>(() => {});
  const busy = async () => Promise.reject(rejecting(429));
  const slow = () => new Promise<{ sid: string }>((done) => setTimeout(() => done({ sid: "SM1" }), 2_000));

  it.each<[string, MessageApi["create"], string[]]>([
    ["in the queue", never, ["other"]],
    ["at the head of it, while the interval runs out", slow, ["other"]],
    ["on its way", never, []],
    ["between two attempts", busy, []],
  ])("ends at once %s, and leaves no timer and no listener", async (_where, create, before) => {
    const { send, outbound, bodies } = stage({ retryPauseMs: 5_000, create });
    const giveUp = new AbortController();
    const hangUp = new AbortController();
    for (const body of before) void send(body, { signal: hangUp.signal });
    const unwanted = send("unwanted", { signal: giveUp.signal });
    await vi.advanceTimersByTimeAsync(4_000);
    const sent = bodies();
    giveUp.abort("nobody waits");
    await expect(unwanted).rejects.toBe("nobody waits");
    hangUp.abort();
    await outbound.idle();
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(giveUp.signal, "abort")).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bodies()).toEqual(sent);
    expect(sent.includes("unwanted")).toBe(before.length === 0);
  });

  it("makes room for the next one, which keeps its distance from a call that may have worked", async () => {
    let calls = 0;
    const { send, sent } = stage({
      create: () => (calls++ === 0 ? new Promise(() => {}) : Promise.resolve({ sid: "SM2" })),
    });
    const giveUp = new AbortController();
    void send("hangs", { signal: giveUp.signal });
    void send("next");
    await vi.advanceTimersByTimeAsync(7_000);
    giveUp.abort(new DeliveryError("answered", "-"));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual([
      { body: "hangs", at: 0 },
      // Five seconds for what hangs, then the interval.
      { body: "next", at: 8_000 },
    ]);
  });
});

it("the queue takes many messages under one signal without a warning of Node's", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const { send, sent, outbound } = stage({ intervalMs: 0 });
  const { signal } = new AbortController();
  for (let n = 0; n < 30; n += 1) void send(`${n}`, { signal });
  await outbound.idle();
  expect(sent).toHaveLength(30);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

describe("the queue", () => {
  it("is idle when the last message is through, with nothing that keeps the process alive", async () => {
    const { send, outbound } = stage();
    await outbound.idle();
    let isIdle = false;
    for (const body of ["a", "b"]) void send(body);
    const idle = outbound.idle().then(() => {
      isIdle = true;
    });
    await vi.advanceTimersByTimeAsync(2_999);
    expect(isIdle).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await idle;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("goes on after a failure, and reports each to its own caller", async () => {
    const answers = [400, 201];
    const { send } = stage({
      create: async () => {
        if (answers.shift() === 400) throw Object.assign(rejecting(400), { code: 21211 });
        return { sid: "SM2" };
      },
    });
    const failed = failureOf(send("a"));
    const taken = send("b");
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(await failed).toMatchObject({ code: 21211, advice: expect.stringContaining("+15005550006") });
    expect(await taken).toBe("SM2");
  });

  it("holds a whole minute at most for one message", async () => {
    const { send, sent } = stage({ create: () => new Promise(() => {}), retryPauseMs: 10_000 });
    const error = failureOf(send("hangs"));
    await vi.advanceTimersByTimeAsync(120_000);
    expect((await error).message).toBe("Twilio did not answer in time.");
    expect(Math.max(...sent.map(({ at }) => at))).toBeLessThan(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
