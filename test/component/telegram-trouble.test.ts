// Telegram refusing, failing, hanging and lying: what is said, what is repeated and what never is.
import { describe, expect, it } from "vitest";
import { TelegramError } from "../../src/channels/telegram/api/api-error.ts";
import { createTelegramApi, isBotToken } from "../../src/channels/telegram/api/client.ts";
import { createTelegramChannel } from "../../src/channels/telegram/channel.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { ConfigError, DeliveryError } from "../../src/domain/errors.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import type { Fault } from "../../src/simulator/telegram/contract.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import {
  ADDRESS,
  askOptions,
  createKeptPosition,
  createTelegramStage,
  TEST_TOKEN,
  type TelegramStage,
} from "../helpers/telegram-stage.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const request: ApprovalRequest = waitingRequest({
  call: { toolName: "Bash", input: { command: "ls" } },
  door: "mcp",
});
const notice = { kind: "unknown", id: "kqmwa" as ApprovalId } as const;

const SECRET = TEST_TOKEN.split(":")[1] ?? "";

const failed = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

/** Everything that could be printed of an error. */
function allOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = JSON.stringify(error, Object.getOwnPropertyNames(error));
  return [own, error.stack, String(error), allOf(error.cause ?? "")].join("\n");
}

async function listening(): Promise<TelegramStage> {
  const stage = await createTelegramStage();
  stage.channel.start(stage.heard);
  await stage.until(() => stage.telegram.isPolled());
  return stage;
}

describe("a message that Telegram refuses", () => {
  const refusals: readonly (readonly [number, string, string])[] = [
    [403, "Forbidden: bot was blocked by the user", "The bot was blocked in Telegram by the approver."],
    [403, "Forbidden: user is deactivated", "The approver's Telegram account does not exist any more."],
    [
      403,
      "Forbidden: bot can't initiate conversation with a user",
      "Telegram does not let the bot write to the approver.",
    ],
    [400, "Bad Request: chat not found", "Telegram knows no chat between this bot and the approver."],
    [400, "Bad Request: something new", "Telegram did not take the message."],
    [401, "Unauthorized", "Telegram does not accept TELEGRAM_BOT_TOKEN."],
    [404, "Not Found", "Telegram does not know the bot of TELEGRAM_BOT_TOKEN."],
  ];

  it.each(refusals)(
    "with %i %s is said in words of ours, and not repeated",
    async (code, description, message) => {
      const { telegram, channel, come } = await createTelegramStage();
      telegram.fault({ kind: "error", code, description });
      const options = askOptions();
      const error = await come(failed(channel.messenger.ask(request, options)));
      expect(error).toBeInstanceOf(DeliveryError);
      expect(error).toMatchObject({ message, code });
      expect((error as DeliveryError).advice).toMatch(/\.$/);
      expect(options.refused).toEqual([error]);
      expect(telegram.calls()).toHaveLength(1);
    },
  );

  it("because the bot is blocked loses the address, other refusals do not", async () => {
    const { telegram, channel, heard, come } = await listening();
    telegram.block(true);
    await come(failed(channel.messenger.tell(ADDRESS, notice)));
    expect(heard.lostOnes).toEqual([
      { address: ADDRESS, why: "The bot was blocked in Telegram by the approver." },
    ]);
    telegram.block(false);
    telegram.fault({
      kind: "error",
      code: 403,
      description: "Forbidden: bot can't send messages to the user",
    });
    await come(failed(channel.messenger.tell(ADDRESS, notice)));
    expect(heard.lostOnes).toHaveLength(1);
  });

  it("among several ends the request's messages to that chat: no buttons without all of the call", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    const content = Array.from({ length: 900 }, (_, index) => `line ${index} ${"x".repeat(60)}`).join("\n");
    const long = waitingRequest({
      call: { toolName: "Write", input: { file_path: "/a", content } },
      door: "mcp",
    });
    telegram.fault(
      { kind: "error", code: 413, description: "Request Entity Too Large" },
      { method: "sendDocument" },
    );
    const error = await come(failed(channel.messenger.ask(long, askOptions())));
    expect(error).toMatchObject({ message: "The file with the full text is too large for Telegram." });
    expect(telegram.chat()).toEqual([]);
  });
});

describe("a message that meets trouble", () => {
  it("waits as long as Telegram asks for, and then goes", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    telegram.fault(
      { kind: "error", code: 429, description: "Too Many Requests: retry after 7", retryAfter: 7 },
      { times: 1 },
    );
    await come(channel.messenger.tell(ADDRESS, notice));
    const [first, second] = telegram.calls("sendMessage");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(7_000);
    expect(telegram.chat()).toHaveLength(1);
  });

  it("does not wait longer than the request", async () => {
    const { telegram, channel, clock, come } = await createTelegramStage();
    telegram.fault({ kind: "error", code: 429, description: "Too Many Requests", retryAfter: 600 });
    const until = clock.now() + 60_000;
    const error = await come(
      failed(channel.messenger.ask(request, askOptions({ leftMs: () => until - clock.now() }))),
    );
    expect(error).toMatchObject({ code: 429 });
    expect(telegram.calls()).toHaveLength(1);
    expect(clock.now()).toBeLessThan(until);
  });

  it.each([
    { kind: "reset" },
    { kind: "reset", done: true },
    { kind: "hang" },
    { kind: "hang", done: true },
    { kind: "page", status: 502 },
  ] as Fault[])("whose outcome is unknown (%o) is not sent again", async (fault) => {
    const { telegram, channel, come, clock } = await createTelegramStage();
    telegram.fault(fault, { times: 1 });
    const error = await come(failed(channel.messenger.ask(request, askOptions())));
    expect(error).toBeInstanceOf(DeliveryError);
    expect((error as DeliveryError).advice).toContain("the message may have arrived all the same");
    await clock.advance(60_000);
    expect(telegram.calls("sendMessage")).toHaveLength(1);
  });

  it("with Telegram's own 500 is not sent again", async () => {
    const { telegram, channel, come } = await createTelegramStage();
    telegram.fault({ kind: "error", code: 500, description: "Internal Server Error" });
    await come(failed(channel.messenger.tell(ADDRESS, notice)));
    expect(telegram.calls("sendMessage")).toHaveLength(1);
  });

  it("where no connection was made is tried again", async () => {
    let refusals = 2;
    const fetch = async (url: string, init: RequestInit) => {
      refusals -= 1;
      if (refusals >= 0) throw Object.assign(new TypeError("fetch failed"), { cause: connectionRefused() });
      return globalThis.fetch(url, init);
    };
    const { telegram, channel, come } = await createTelegramStage({ fetch });
    await come(channel.messenger.tell(ADDRESS, notice));
    expect(telegram.chat()).toHaveLength(1);
    expect(refusals).toBe(-1);
  });

  it("where none can be made is given up", async () => {
    const fetch = async () => {
      throw Object.assign(new TypeError("fetch failed"), { cause: connectionRefused() });
    };
    const { channel, come } = await createTelegramStage({ fetch });
    const error = await come(failed(channel.messenger.tell(ADDRESS, notice)));
    expect(error).toMatchObject({ message: "Telegram could not be reached (ECONNREFUSED)." });
  });

  it("that is a change of another is made again, since that does nothing twice", async () => {
    const { telegram, channel, come, until } = await createTelegramStage();
    await come(channel.messenger.ask(request, askOptions()));
    telegram.fault({ kind: "reset" }, { method: "editMessageText", times: 2 });
    channel.ended({ request, outcome: { status: "expired" }, delivery: "queued", askedAt: [] });
    await until(() => telegram.chat()[0]?.isEdited);
    expect(telegram.calls("editMessageText")).toHaveLength(3);
  });

  it("whose answer names no message counts as unknown", async () => {
    const { telegram, channel, come } = await createTelegramStage({
      fetch: async () => new Response(JSON.stringify({ ok: true, result: true })),
    });
    const error = await come(failed(channel.messenger.tell(ADDRESS, notice)));
    expect((error as DeliveryError).advice).toContain("may have arrived all the same");
    expect(telegram.calls()).toEqual([]);
  });

  it("whose answer is endless is given up", async () => {
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(1_000_000));
        },
      });
    const { channel, come } = await createTelegramStage({ fetch: async () => new Response(endless()) });
    expect(await come(failed(channel.messenger.tell(ADDRESS, notice)))).toBeInstanceOf(DeliveryError);
  });
});

describe("reading", () => {
  it("says that a webhook is set, and goes on once it is gone", async () => {
    const { telegram, channel, heard, until, come } = await createTelegramStage();
    telegram.setWebhook("https://other.example/hook");
    channel.start(heard);
    await until(() => channel.health().state === "refused");
    expect(channel.health()).toMatchObject({
      channel: "telegram",
      problem: expect.stringContaining("A webhook is set"),
    });
    const options = askOptions();
    await come(failed(channel.messenger.ask(request, options)));
    expect(options.refused[0]?.message).toContain("A webhook is set");
    expect(telegram.calls("sendMessage")).toEqual([]);
    expect(telegram.calls("deleteWebhook")).toEqual([]);
    telegram.setWebhook("");
    await until(() => channel.health().state === "up");
  });

  it("says that another program reads, and leaves the bot to it", async () => {
    const stage = await listening();
    const { telegram, channel, clock, until } = stage;
    const other = createTelegramApi({ token: TEST_TOKEN, baseUrl: telegram.url, clock });
    const reading = other.call("getUpdates", { timeout: 3_600 }, { limitMs: 10_000_000 });
    await until(() => channel.health().state === "refused");
    expect(channel.health().problem).toContain("Another program reads the messages of this bot.");
    const before = telegram.calls("getUpdates").length;
    for (let minute = 0; minute < 10; minute += 1) await clock.advance(60_000);
    expect(telegram.calls("getUpdates")).toHaveLength(before);
    telegram.write("for the other one");
    expect(await reading).toMatchObject([{ message: { text: "for the other one" } }]);
    expect(stage.heard.replies).toEqual([]);
  });

  it.each([401, 404])("with a token that Telegram does not know (%i) stops and says so", async (code) => {
    const { telegram, channel, heard, clock, until } = await createTelegramStage();
    telegram.fault({ kind: "error", code, description: "Unauthorized" });
    channel.start(heard);
    await until(() => channel.health().state === "refused");
    expect(channel.health().problem).toContain("TELEGRAM_BOT_TOKEN");
    await clock.advance(600_000);
    expect(telegram.calls("getUpdates")).toHaveLength(1);
  });

  it("goes on after failures, with longer pauses, and hears what came meanwhile", async () => {
    const { telegram, channel, heard, log, until } = await createTelegramStage();
    const mend = telegram.fault({ kind: "reset" }, { method: "getUpdates" });
    channel.start(heard);
    await until(() => telegram.calls("getUpdates").length === 5);
    expect(channel.health()).toMatchObject({ state: "down", problem: expect.stringContaining("Telegram") });
    const times = telegram.calls("getUpdates").map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(1_000 * 2 ** index);
    telegram.write("meanwhile");
    mend();
    await until(() => heard.replies.length === 1);
    expect(channel.health().state).toBe("up");
    expect(log.entries.filter(({ level }) => level === "warn")).toHaveLength(1);
  });

  it("waits as long as Telegram asks for", async () => {
    const { telegram, channel, heard, until } = await createTelegramStage();
    telegram.fault(
      { kind: "error", code: 429, description: "Too Many Requests", retryAfter: 20 },
      { method: "getUpdates", times: 1 },
    );
    channel.start(heard);
    const [first, second] = await until(() => {
      const calls = telegram.calls("getUpdates");
      return calls.length === 2 && calls;
    });
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  it("does not run in circles where calls come back at once", async () => {
    const { telegram, channel, heard, clock } = await createTelegramStage({
      fetch: async (url, init) =>
        url.endsWith("/getUpdates") ? Response.json({ ok: true, result: [] }) : globalThis.fetch(url, init),
    });
    let calls = 0;
    const before = clock.now();
    channel.start(heard);
    for (; calls < 5; calls += 1) await clock.advance(1_000);
    expect(clock.now() - before).toBe(5_000);
    expect(channel.health().state).toBe("up");
    expect(telegram.calls()).toEqual([]);
  });

  it("a call that hangs is given up and made again", async () => {
    const { telegram, channel, heard, until } = await createTelegramStage();
    telegram.fault({ kind: "hang" }, { method: "getUpdates", times: 1 });
    channel.start(heard);
    await until(() => telegram.calls("getUpdates").length === 1);
    telegram.write("hello");
    await until(() => heard.replies.length === 1);
    expect(telegram.calls("getUpdates").length).toBeGreaterThanOrEqual(2);
  });

  it("a list of another form is not read past", async () => {
    const { channel, heard, until } = await createTelegramStage({
      fetch: async () => Response.json({ ok: true, result: [{ update_id: "x", message: {} }] }),
    });
    channel.start(heard);
    await until(() => channel.health().state === "down");
    expect(heard.replies).toEqual([]);
  });
});

describe("the token", () => {
  it("is in no error and no log line, whatever fails", async () => {
    const echo = `Forbidden: ${TEST_TOKEN} at https://api.telegram.org/bot${TEST_TOKEN}/sendMessage`;
    const faults: readonly Fault[] = [
      { kind: "error", code: 403, description: echo },
      { kind: "error", code: 418, description: echo },
      { kind: "error", code: 500, description: echo },
      { kind: "reset" },
      { kind: "page", status: 404 },
    ];
    for (const fault of faults) {
      const { telegram, channel, heard, log, come, until } = await createTelegramStage();
      telegram.fault(fault);
      const options = askOptions();
      const error = await come(failed(channel.messenger.ask(request, options)));
      channel.start(heard);
      await until(() => channel.health().problem);
      const errors = [error, ...options.refused];
      const logged = log.entries.map(
        (entry) => `${JSON.stringify(entry)}${Object.values(entry.fields).map(allOf).join()}`,
      );
      const all = [
        ...errors.map(allOf),
        JSON.stringify(channel.health()),
        JSON.stringify(heard.lostOnes),
        ...logged,
      ];
      expect(all.join("\n")).not.toContain(SECRET);
    }
  });

  it("is in no error of the network", async () => {
    const fetch = async (url: string) => {
      throw Object.assign(new TypeError(`Failed to parse URL from ${url}`), { cause: new Error(url) });
    };
    const api = createTelegramApi({ token: TEST_TOKEN, clock: createFakeClock(), fetch });
    const error = await failed(api.call("getMe", {}));
    expect(error).toBeInstanceOf(TelegramError);
    expect(allOf(error)).not.toContain(SECRET);
  });

  it("is in no description that comes back", async () => {
    const fetch = async (url: string) =>
      Response.json({ ok: false, error_code: 400, description: `Bad: ${url}` });
    const api = createTelegramApi({ token: TEST_TOKEN, clock: createFakeClock(), fetch });
    const error = await failed(api.call("getMe", {}));
    expect((error as TelegramError).failure.description).toContain("Bad: https://api.telegram.org/bot…");
    expect(allOf(error)).not.toContain(SECRET);
  });

  it("goes nowhere else: a redirect is an error", async () => {
    let seen: RequestInit | undefined;
    const fetch = async (_: string, init: RequestInit) => {
      seen = init;
      return Response.json({ ok: true, result: {} });
    };
    await createTelegramApi({ token: TEST_TOKEN, clock: createFakeClock(), fetch }).call("getMe", {});
    expect(seen?.redirect).toBe("error");
  });

  it.each(["", "x", "123", "123:short", `${TEST_TOKEN}/../x`, `${TEST_TOKEN}\n`, ` ${TEST_TOKEN}`])(
    "in another form is refused without being named: %j",
    async (token) => {
      expect(isBotToken(token)).toBe(false);
      const make = () =>
        createTelegramChannel({
          token,
          clock: createFakeClock(),
          log: createKeptLog(),
          store: createKeptPosition(),
        });
      expect(make).toThrow(ConfigError);
      expect(make).not.toThrow(token === "" ? /\n/ : token);
    },
  );

  it.each(["not a url", "ftp://x.example", "https://user:word@x.example"])(
    "is not sent to what is no origin: %j",
    async (baseUrl) => {
      expect(() => createTelegramApi({ token: TEST_TOKEN, baseUrl, clock: createFakeClock() })).toThrow(
        /TELEGRAM_BASE_URL/,
      );
    },
  );
});

describe("close", () => {
  it("ends the call that waits, lets nothing more leave, and leaves no timer", async () => {
    const { telegram, channel, clock, come } = await listening();
    const sends = Array.from({ length: 5 }, () => failed(channel.messenger.tell(ADDRESS, notice)));
    await come(Promise.all(sends.slice(0, 1)));
    await come(channel.close());
    expect(clock.pending()).toBe(0);
    const sent = telegram.calls("sendMessage").length;
    for (const error of await Promise.all(sends.slice(sent))) expect(error).toBeInstanceOf(DeliveryError);
    await clock.advance(60_000);
    expect(telegram.calls("sendMessage")).toHaveLength(sent);
    expect(telegram.isPolled()).toBe(false);
  });

  it("waits a moment for what ends the messages that are on the phones", async () => {
    const { telegram, channel, come } = await listening();
    await come(channel.messenger.ask(request, askOptions()));
    channel.ended({
      request,
      outcome: { status: "cancelled", cause: "shutdown" },
      delivery: "queued",
      askedAt: [],
    });
    await come(channel.close());
    expect(telegram.chat()[0]?.text).toContain("⌛ Denied: the approval server stopped");
  });

  it("does not wait for what hangs", async () => {
    const { telegram, channel, clock, until, come } = await listening();
    telegram.fault({ kind: "hang" });
    const asking = failed(channel.messenger.ask(request, askOptions()));
    await until(() => telegram.calls("sendMessage").length === 1);
    const before = clock.now();
    await come(channel.close());
    expect(clock.now() - before).toBeLessThan(4_000);
    expect(await asking).toBeInstanceOf(Error);
    expect(clock.pending()).toBe(0);
  });
});

function connectionRefused(): Error {
  return Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" });
}
