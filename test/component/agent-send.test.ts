// The way out through the WhatsApp Agent Platform, over its simulated server: in order, within the limits, never twice, and true about
// what is not known.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { PROOF_MS } from "../../src/channels/whatsapp-agent/receive/receipts.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { AGENT_KEY, agentRequest, bash, PERSON, startAgent } from "../helpers/agent-stage.ts";
import { DB, questionCall } from "../helpers/questions.ts";

const LONG = Array.from({ length: 400 }, (_, line) => `echo line ${line}`).join("\n");
const SHORT = agentRequest(bash("ls -la /etc", "List system files"));
const NOTICE = { kind: "unknown", id: "kqmwb" as ApprovalId } as const;

describe("a request", () => {
  it("goes out as one message, and its answer is taken on that one", async () => {
    const { ask, platform, taken } = await startAgent();
    const { sent, rendered, over } = ask(SHORT);
    expect(await over()).toEqual(sent);
    expect(sent).toEqual([{ messageId: "wamid.OUT1", to: PERSON, hasButtons: true, question: undefined }]);
    expect(rendered).toEqual([expect.objectContaining({ offersSession: false, hidden: 0 })]);
    expect(platform.chat()).toMatchObject([
      { by: "agent", type: "text", text: expect.stringContaining("ls -la /etc") },
    ]);
    expect(taken).toMatchObject([
      { messageId: "wamid.OUT1", to: PERSON, purpose: "request", requestId: "kqmwa" },
    ]);
    const [call] = platform.calls("messages");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({
      to: "user:111222333",
      text: { preview_url: false },
    });
  });

  it("that is long goes as a document first, and the message quotes it", async () => {
    const { ask, platform } = await startAgent();
    const { sent, rendered, over } = ask(agentRequest(bash(LONG)));
    await over();
    const [document, message] = platform.chat();
    expect(document).toMatchObject({ type: "document", file: { name: "kqmwa.txt", text: `\uFEFF${LONG}` } });
    expect(message).toMatchObject({ type: "text", quote: document?.id });
    expect(sent.map(({ hasButtons }) => hasButtons)).toEqual([false, true]);
    expect(rendered[0]?.hidden).toBeGreaterThan(1_000);
  });

  it("is sent in parts where the document is refused, and says so before anything is sent", async () => {
    const { ask, platform, sentTexts, log } = await startAgent();
    platform.fail("media", { status: 400, code: 131_053 });
    const { rendered, over } = ask(agentRequest(bash(LONG)));
    await over();
    expect(platform.chat().every(({ type }) => type === "text")).toBe(true);
    expect(sentTexts().join("\n")).toContain("echo line 200\n");
    expect(rendered).toEqual([expect.objectContaining({ hidden: 0 })]);
    expect(log.text()).toContain("it is sent in parts");
  });

  it("is sent in parts where too many documents were sent in this minute", async () => {
    const { ask, until, platform } = await startAgent();
    const ended = new AbortController();
    const asked = Array.from({ length: 13 }, () => ask(agentRequest(bash(LONG)), { signal: ended.signal }));
    await until(() => asked.every(({ rendered }) => rendered.length === 1));
    expect(asked.filter(({ rendered }) => rendered[0]?.hidden === 0)).toHaveLength(1);
    expect(platform.calls("media")).toHaveLength(12);
    ended.abort(new Error("ended"));
  });

  it("is sent once more without the quote where the quote is refused, and only once", async () => {
    const { ask, platform } = await startAgent();
    platform.fail("messages", { isNone: true }, { status: 400, code: 131_009 });
    await ask(agentRequest(bash(LONG))).over();
    const bodies = platform.calls("messages").map(({ body }) => JSON.parse(body));
    expect(bodies).toHaveLength(3);
    expect(bodies[1].context).toBeDefined();
    expect(bodies[2].context).toBeUndefined();
    expect(bodies[2].text).toEqual(bodies[1].text);
  });

  it("whose text is refused fails at once, with words of ours", async () => {
    const { ask, platform } = await startAgent();
    platform.fail("messages", { status: 400, code: 131_009 });
    const { over, refused } = ask(SHORT);
    await expect(over()).rejects.toThrow("WhatsApp refused a part of the message.");
    expect(refused).toMatchObject([{ to: PERSON, error: { code: 131_009 } }]);
    expect(platform.calls("messages")).toHaveLength(1);
  });

  it("that has ended is not sent any further, and not at all where it waited", async () => {
    const { ask, platform, sentTexts } = await startAgent();
    const ended = new AbortController();
    platform.fail("messages", { status: 503, code: 131_016 }, { status: 503, code: 131_016 });
    const first = ask(SHORT, { signal: ended.signal });
    const waiting = ask({ ...SHORT, id: "kqmwb" as ApprovalId }, { signal: ended.signal });
    ended.abort(new Error("ended"));
    await expect(first.over()).rejects.toThrow("ended");
    await expect(waiting.over()).rejects.toThrow("ended");
    expect(sentTexts()).toEqual([]);
    expect(first.refused).toEqual([]);
  });

  it("is not sent where its time is over before its turn comes", async () => {
    const { ask, platform } = await startAgent();
    const { over } = ask(SHORT, { leftMs: () => 0 });
    await expect(over()).rejects.toThrow("could not be sent before the request expired");
    expect(platform.calls("messages")).toHaveLength(0);
  });

  it.each([
    [
      "another program reads the answers",
      "Another program reads this agent's messages.",
      { status: 409, code: 1_752_041 },
    ],
    ["the key holds no longer", "The WhatsApp agent's key is not accepted.", { status: 401, code: 190 }],
  ])("asks nobody where no answer could be heard: %s", async (_, message, fault) => {
    const { ask, channel, platform, sentTexts, until } = await startAgent();
    platform.fail("updates", fault);
    await until(() => channel.health().state === "refused");
    const { over, refused } = ask(SHORT);
    await expect(over()).rejects.toThrow(message);
    expect(refused).toMatchObject([{ to: PERSON }]);
    expect(platform.calls("messages")).toHaveLength(0);
    let isTold = false;
    void channel.messenger.tell(PERSON, NOTICE).then(() => {
      isTold = true;
    });
    await until(() => isTold);
    expect(sentTexts()).toHaveLength(1);
  });

  it("needs somebody to be asked", async () => {
    const { ask } = await startAgent();
    await expect(ask(SHORT, { to: [] }).over()).rejects.toThrow("Nobody was asked.");
  });
});

describe("a question", () => {
  it("is one message with its options by number", async () => {
    const { ask, sentTexts } = await startAgent();
    const { sent, over } = ask(agentRequest(questionCall(DB)), { question: { number: 1, leftMs: 300_000 } });
    await over();
    expect(sentTexts()).toEqual([expect.stringContaining("  1. Postgres")]);
    expect(sent).toMatchObject([{ hasButtons: true, question: 1 }]);
  });
});

describe("MORE", () => {
  it("sends what was kept back where no document was sent, two parts at a time", async () => {
    const { channel, until, sentTexts } = await startAgent();
    const input = { file_path: "/tmp/x", content: "word ".repeat(4_000) };
    const request = agentRequest({ toolName: "Write", input });
    const got: string[] = [];
    let total: number | undefined;
    const more = (skip: number, isWanted = () => true) =>
      void channel.messenger
        .more(request, { to: PERSON, skip, isWanted, onSent: ({ messageId }) => void got.push(messageId) })
        .then((kept) => {
          total = kept;
        });
    more(0);
    await until(() => total !== undefined);
    expect(got).toHaveLength(2);
    expect(total).toBeGreaterThan(2);
    expect(sentTexts()[0]).toContain("part 3 of");
    total = undefined;
    more(2, () => false);
    await until(() => total !== undefined);
    expect(got).toHaveLength(2);
  });
});

describe("the order", () => {
  it("is strictly one after another, requests before confirmations", async () => {
    const { channel, ask, platform, until, sentTexts } = await startAgent();
    const telling = [0, 1, 2].map((at) =>
      channel.messenger.tell(PERSON, { kind: "unknown", id: `kqmw${"abc"[at]}` as ApprovalId }),
    );
    const { over } = ask({ ...SHORT, id: "kqmwz" as ApprovalId });
    await over();
    await until(() => sentTexts().length === 4);
    await Promise.all(telling);
    expect(platform.mostAtOnce()).toBe(1);
    expect(sentTexts().findIndex((text) => text.includes("Approval Request"))).toBe(1);
  });
});

describe("the limits", () => {
  it("are kept: twelve messages a minute, and the thirteenth when the minute is over", async () => {
    const { channel, platform, clock, until, sentTexts } = await startAgent();
    const startedAt = clock.now();
    for (let at = 0; at < 13; at += 1) void channel.messenger.tell(PERSON, NOTICE);
    await until(() => sentTexts().length === 12);
    expect(clock.now() - startedAt).toBeLessThan(30_000);
    await until(() => sentTexts().length === 13);
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(60_000);
    expect(platform.calls("messages")).toHaveLength(13);
  });

  it("of polls are kept as well, and nothing is ever refused for them", async () => {
    const { platform, clock, until, replies } = await startAgent({
      platform: { switches: { receipts: "none" } },
    });
    for (let at = 0; at < 30; at += 1) {
      platform.write(`hello ${at}`);
      await until(() => replies.length === at + 1);
    }
    const startedAt = platform.calls("updates")[0]?.at ?? 0;
    expect(clock.now() - startedAt).toBeGreaterThan(60_000);
    for (const { at } of platform.calls("updates")) {
      const within = platform.calls("updates").filter((each) => each.at > at - 60_000 && each.at <= at);
      expect(within.length).toBeLessThanOrEqual(15);
    }
  });

  it.each([
    ["no word of when", undefined, 5_000],
    ["Retry-After", 40, 40_000],
  ])("that others use up are waited for: 429 with %s", async (_, retryAfterSeconds, leastMs) => {
    const { channel, platform, clock, until } = await startAgent({
      platform: { switches: { retryAfterSeconds } },
    });
    const theirs = Array.from({ length: 12 }, () =>
      fetch(`${platform.url}/agent/v1/messages`, {
        method: "POST",
        headers: { authorization: `Bearer ${AGENT_KEY}` },
        body: "{}",
      }),
    );
    await Promise.all(theirs);
    const startedAt = clock.now();
    let isSent = false;
    void channel.messenger.tell(PERSON, NOTICE).then(() => {
      isSent = true;
    });
    await until(() => isSent);
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(leastMs);
    expect(platform.chat()).toHaveLength(1);
  });
});

describe("a message that was certainly not taken", () => {
  it.each([
    ["503", { status: 503, code: 131_016 }],
    ["429", { status: 429, code: 130_429 }],
  ])("is sent again: %s", async (_, fault) => {
    const { ask, platform, sentTexts } = await startAgent();
    platform.fail("messages", fault, fault);
    await ask(SHORT).over();
    expect(sentTexts()).toHaveLength(1);
    expect(platform.calls("messages")).toHaveLength(3);
  });

  it("is given up after four posts", async () => {
    const { ask, platform } = await startAgent();
    const fault = { status: 503, code: 131_016 };
    platform.fail("messages", fault, fault, fault, fault);
    await expect(ask(SHORT).over()).rejects.toThrow("did not accept it for the moment");
    expect(platform.calls("messages")).toHaveLength(4);
  });

  it("because nothing listens is sent again as well", async () => {
    let refusals = 2;
    const { ask, platform, sentTexts } = await startAgent({
      isStarted: false,
      fetch: async (...call) => {
        refusals -= 1;
        if (refusals >= 0)
          throw new TypeError("fetch failed", {
            cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
          });
        return fetch(...call);
      },
    });
    await ask(SHORT).over();
    expect(sentTexts()).toHaveLength(1);
    expect(platform.calls("messages")).toHaveLength(1);
  });
});

describe("a message of which nobody can tell whether it was taken", () => {
  const faults = [
    ["HTTP 500, taken", { status: 500, isTaken: true }],
    ["HTTP 500, not taken", { status: 500 }],
    ["HTTP 502 of a proxy", { status: 502, body: "<html>Bad gateway</html>" }],
    ["a reset after it was taken", { isTaken: true }],
    ["a reset before", {}],
    ["HTTP 200 without an id", { status: 200, body: "{}" }],
  ] as const;

  it.each(faults)("is not sent again, and counts as refused: %s", async (_, fault) => {
    const { ask, platform } = await startAgent({ platform: { switches: { receipts: "none" } } });
    platform.fail("messages", fault);
    const { over, refused, sent } = ask(SHORT);
    await expect(over()).rejects.toThrow("did not say whether it took the message");
    expect(platform.calls("messages")).toHaveLength(1);
    expect(refused[0]?.error.advice).toContain("the message may have arrived all the same");
    expect(sent).toEqual([]);
  });

  it("is not sent again after it hung", async () => {
    const { ask, platform, pass } = await startAgent({ platform: { switches: { receipts: "none" } } });
    platform.fail("messages", { isTaken: true, hangs: true });
    const { refused, isOver } = ask(SHORT);
    await pass(30_000 + PROOF_MS + 1_000);
    expect(isOver()).toBe(true);
    expect(refused).toHaveLength(1);
    expect(platform.calls("messages")).toHaveLength(1);
  });

  it.each(faults.filter(([, fault]) => "isTaken" in fault))(
    "is proven by its receipt, under an id that no reply can quote: %s",
    async (_, fault) => {
      const { ask, platform, receipts, until } = await startAgent({
        platform: { switches: { receipts: "late" } },
      });
      platform.fail("messages", fault);
      const { over, sent, refused } = ask(SHORT);
      await until(() => platform.chat().length === 1);
      platform.releaseReceipts();
      await over();
      expect(refused).toEqual([]);
      expect(sent).toMatchObject([
        { messageId: expect.stringMatching(/^whatsapp-agent:\d+:1$/), hasButtons: true },
      ]);
      platform.read();
      await until(() => receipts.length === 2);
      expect(receipts.map(({ messageId, state }) => [messageId, state])).toEqual([
        [sent[0]?.messageId, "delivered"],
        [sent[0]?.messageId, "read"],
      ]);
    },
  );

  it.each([
    ["an older message's delivery", "delivered", -60_000],
    ["the reading of another message", "read", 0],
  ])("is not proven by %s", async (_, status, ageMs) => {
    const { ask, platform, clock, until } = await startAgent({
      platform: { switches: { receipts: "none" } },
    });
    platform.fail("messages", { status: 500 });
    const { over } = ask(SHORT);
    await until(() => platform.calls("messages").length >= 1);
    platform.receipt("wamid.EARLIER", status, clock.now() + ageMs);
    await expect(over()).rejects.toThrow(DeliveryError);
  });

  it("is not proven by the receipt of a message that this run has sent", async () => {
    const { ask, channel, platform, until } = await startAgent({
      platform: { switches: { receipts: "late" } },
    });
    let isTold = false;
    void channel.messenger.tell(PERSON, NOTICE).then(() => {
      isTold = true;
    });
    await until(() => isTold);
    platform.fail("messages", { status: 500 });
    const { over } = ask(SHORT);
    await until(() => platform.calls("messages").length === 2);
    platform.releaseReceipts();
    await expect(over()).rejects.toThrow(DeliveryError);
  });
});

describe("an address", () => {
  it("that is refused is told as lost, with what to do", async () => {
    const { ask, platform, lost } = await startAgent();
    platform.changeUser("user:999");
    await expect(ask(SHORT).over()).rejects.toThrow("does not let the agent write to this person");
    expect(lost).toEqual([{ address: PERSON, why: expect.stringContaining("pair again") }]);
    expect(platform.calls("messages")).toHaveLength(1);
  });

  it("is not lost for any other reason", async () => {
    const { ask, platform, lost } = await startAgent({ platform: { switches: { receipts: "none" } } });
    const proxy = { status: 403, body: "<html>Forbidden</html>" };
    platform.fail("messages", { status: 400, code: 131_009 }, { status: 500 }, proxy);
    await expect(ask(SHORT).over()).rejects.toThrow(DeliveryError);
    await expect(ask(SHORT).over()).rejects.toThrow(DeliveryError);
    await expect(ask(SHORT).over()).rejects.toThrow(DeliveryError);
    expect(lost).toEqual([]);
  });
});

describe("the key", () => {
  it("stands in no error and no line of the log, whatever goes wrong", async () => {
    const { ask, platform, log, channel } = await startAgent({
      platform: { switches: { receipts: "none" } },
    });
    const said: string[] = [];
    platform.fail("messages", { status: 500, body: `{"error":{"code":2,"message":"Bearer ${AGENT_KEY}"}}` });
    await ask(SHORT)
      .over()
      .catch((error: unknown) => said.push(text(error)));
    platform.fail("messages", {});
    await ask(SHORT)
      .over()
      .catch((error: unknown) => said.push(text(error)));
    platform.rotateKey("another");
    await ask(SHORT)
      .over()
      .catch((error: unknown) => said.push(text(error)));
    expect(said).toHaveLength(3);
    expect(said[2]).toContain("the agent's key is not accepted");
    const all = [
      ...said,
      log.text(),
      ...log.entries.map(({ fields }) => text(fields)),
      text(channel.health()),
    ];
    expect(all.join("\n")).not.toContain(AGENT_KEY);
  });

  it("that cannot be one is refused before anything could show it", async () => {
    await expect(startAgent({ key: `${AGENT_KEY}\n` })).rejects.toThrow("WHATSAPP_AGENT_KEY has a character");
    await expect(startAgent({ key: `${AGENT_KEY}\n` })).rejects.not.toThrow(AGENT_KEY);
  });

  it("goes over no open line to another computer", async () => {
    for (const baseUrl of [
      "http://example.com",
      "http://192.0.2.1:80",
      "ftp://127.0.0.1",
      "api.whatsapp.com",
      "",
    ])
      await expect(startAgent({ baseUrl })).rejects.toThrow("must begin with https://");
  });

  it("goes to no other address: a redirect is not followed", async () => {
    const { ask, platform } = await startAgent({ platform: { switches: { receipts: "none" } } });
    const seen: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.url);
      response.end("{}");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void elsewhere.close());
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    platform.fail("messages", { status: 307, body: "", headers: { location } });
    await expect(ask(SHORT).over()).rejects.toThrow(DeliveryError);
    expect(platform.calls("messages")).toHaveLength(1);
    expect(seen).toEqual([]);
  });
});

describe("closing", () => {
  it("drops what waits, says why, and leaves no timer", async () => {
    const { ask, channel, platform, clock, close, until } = await startAgent();
    const fault = { status: 503, code: 131_016 };
    platform.fail("messages", fault, fault, fault);
    const { isOver, refused } = ask(SHORT);
    const waiting = channel.messenger.tell(PERSON, NOTICE).catch((error: unknown) => error);
    await until(() => platform.calls("messages").length >= 1);
    await close();
    await until(isOver);
    expect(refused[0]?.error.message).toBe("The approval server is stopping.");
    expect(await waiting).toBeInstanceOf(DeliveryError);
    expect(clock.pending()).toBe(0);
    await expect(channel.messenger.tell(PERSON, NOTICE)).rejects.toThrow("is stopping");
  });

  it("ends an upload and a message that hang", async () => {
    const { ask, platform, clock, close, until, pass } = await startAgent({ isStarted: false });
    platform.fail("media", { hangs: true });
    platform.fail("messages", { hangs: true });
    const [uploading, sending] = [ask(agentRequest(bash(LONG))), ask(SHORT)];
    await until(() => platform.calls("media").length === 1 && platform.calls("messages").length === 1, 0);
    void close();
    await pass(3_000);
    await until(() => uploading.isOver() && sending.isOver(), 0);
    expect(clock.pending()).toBe(0);
  });
});

function text(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value);
  return `${value.stack} ${JSON.stringify(value)} ${value.cause === undefined ? "" : text(value.cause)}`;
}
