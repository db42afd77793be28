// Sending through faults: the real SDK against the simulated Twilio.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOutbound } from "../../src/channels/twilio/send/outbound.ts";
import { createTwilioClient } from "../../src/channels/twilio/twilio-client.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { failureOf, outboundDeps, request, startOutbound, TO } from "../helpers/outbound-stage.ts";
import { ACCOUNT, SENDER, TOKEN } from "../helpers/simulator-world.ts";
import type { Fault } from "../twilio/faults.ts";

const busy = (times: number): Fault => ({ kind: "reject", httpStatus: 429, times });
const broken = (times: number): Fault => ({ kind: "reject", httpStatus: 503, times });
const refused = (code: number, times = 1): Fault => ({ kind: "reject", httpStatus: 400, code, times });

/** An address on this machine where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

describe("a call that was not processed", () => {
  it("is made again after a 429, without looking", async () => {
    const { simulator, outbound, posts, looks, onPhone } = await startOutbound();
    simulator.fail(busy(2));
    const sid = await outbound.send(request("hello"));
    expect(onPhone()).toMatchObject([{ sid, body: "hello" }]);
    expect(posts).toHaveLength(3);
    expect(looks).toHaveLength(0);
  });

  it("is given up after four, naming the rate limit", async () => {
    const { simulator, outbound, posts, onPhone } = await startOutbound();
    simulator.fail(busy(1000));
    const error = await failureOf(outbound.send(request("hello")));
    expect(error).toMatchObject({
      code: 20429,
      message: "Twilio takes no more requests from this account for a moment.",
      advice: "Wait a minute, then try again.",
    });
    expect(posts).toHaveLength(4);
    expect(onPhone()).toHaveLength(0);
  });

  it("is not made again when the day's messages are used up", async () => {
    const { simulator, outbound, posts } = await startOutbound();
    simulator.fail({ kind: "reject", httpStatus: 429, code: 63038 });
    expect(await failureOf(outbound.send(request("hello")))).toMatchObject({ code: 63038 });
    expect(posts).toHaveLength(1);
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"])(
    "is made again after %s, without looking",
    async (code) => {
      let failures = 2;
      const { outbound, looks, onPhone } = await startOutbound({
        api: (real) => ({
          list: (filter) => real.list(filter),
          create: async (params) => {
            if (failures-- > 0) throw Object.assign(new Error("no connection"), { code });
            return real.create(params);
          },
        }),
      });
      await outbound.send(request("hello"));
      expect(onPhone()).toHaveLength(1);
      expect(looks).toHaveLength(0);
    },
  );

  it("is given up when nobody listens at Twilio's address", async () => {
    const client = createTwilioClient({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl: await deadUrl() });
    const outbound = createOutbound(outboundDeps({ api: client.messages }));
    const error = await failureOf(outbound.send(request("hello")));
    expect(error.message).toBe("The connection to Twilio failed (ECONNREFUSED).");
    expect(error.advice).toContain("Check the network");
  });
});

describe("an answer that says when to come back", () => {
  const busyFor = (retryAfter: string): Fault => ({ ...busy(1), retryAfter }) as Fault;

  it("holds back every message for so long, and then sends it", async () => {
    const clock = createFakeClock(Date.now());
    let answered = 0;
    const { simulator, outbound, posts } = await startOutbound({
      clock,
      api: (real) => ({
        list: (filter) => real.list(filter),
        create: (params) =>
          real.create(params).finally(() => {
            answered += 1;
          }),
      }),
    });
    simulator.fail(busyFor("20"));
    const first = outbound.send(request("first"));
    await expect.poll(() => answered).toBe(1);
    await clock.advance(0);
    expect(posts).toHaveLength(1);
    const second = outbound.send(request("second", { to: "+15550002222" as typeof TO }));
    await clock.advance(19_000);
    expect(posts).toHaveLength(1);
    await clock.advance(1_100);
    await Promise.allSettled([first, second]);
    expect(posts.map((params) => "body" in params && params.body).slice(1)).toEqual(
      expect.arrayContaining(["first", "second"]),
    );
  });

  it("ends at once what would be too late by then, and says how long Twilio asks to wait", async () => {
    const { simulator, outbound, posts } = await startOutbound();
    simulator.fail(busyFor("900"));
    const error = await failureOf(outbound.send(request("hello", { leftMs: () => 300_000 })));
    expect(error).toMatchObject({
      code: 20429,
      message: "Twilio takes no more requests from this account for a moment.",
      advice: "It asks to wait 900 seconds.",
    });
    expect(posts).toHaveLength(1);
    expect(await failureOf(outbound.send(request("next")))).toMatchObject({ code: 20429 });
    expect(posts).toHaveLength(1);
  });

  it.each(["soon", "", "-5", "NaN"])("is an ordinary failure where it says %j", async (retryAfter) => {
    const { simulator, outbound, posts } = await startOutbound();
    simulator.fail(busyFor(retryAfter));
    await outbound.send(request("hello"));
    expect(posts).toHaveLength(2);
  });
});

it("each further attempt leaves a line in the log, without the phone or the text", async () => {
  const { simulator, outbound, log } = await startOutbound();
  simulator.fail(busy(1));
  simulator.fail(broken(1));
  await outbound.send(request("hello"));
  const lines = log.entries.filter(({ message }) => message === "a message was not sent: it is tried again");
  expect(lines).toMatchObject([
    { level: "warn", fields: { attempt: 1, status: 429, code: 20429, kind: "not-taken" } },
    { level: "warn", fields: { attempt: 2, status: 503, kind: "doubtful" } },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/hello|5005550006/);
});

describe("a call with an unknown outcome", () => {
  it("is made again after a 5xx, once Twilio's list shows no such message", async () => {
    const { simulator, outbound, posts, looks, onPhone } = await startOutbound();
    simulator.fail(broken(2));
    const sid = await outbound.send(request("hello"));
    expect(onPhone()).toMatchObject([{ sid, body: "hello" }]);
    expect(posts).toHaveLength(3);
    expect(looks).toHaveLength(2);
  });

  it("is given up after four, the last look included", async () => {
    const { simulator, outbound, posts, looks, onPhone } = await startOutbound();
    simulator.fail(broken(1000));
    const error = await failureOf(outbound.send(request("hello")));
    expect(error.message).toBe("Twilio has a problem of its own.");
    expect(error.advice).toContain("https://status.twilio.com");
    expect(error.advice).not.toContain("Look at the phone");
    expect([posts.length, looks.length, onPhone().length]).toEqual([4, 4, 0]);
  });

  it("is not made again when the message exists: its SID is found", async () => {
    const { simulator, outbound, posts, onPhone } = await startOutbound();
    simulator.fail({ kind: "lost" });
    const sid = await outbound.send(request("it's here\n\n  twice? "));
    expect(onPhone()).toMatchObject([{ sid }]);
    expect(posts).toHaveLength(1);
  });

  it("finds a template message by what its variables say", async () => {
    const { simulator, outbound, posts, onPhone, template } = await startOutbound();
    await outbound.send(request("kqmwa, part 1 of 1: ls -la /etc is not all of it"));
    simulator.fail({ kind: "lost" });
    const sid = await outbound.send(request("", { content: template({ "1": "kqmwa", "2": "echo 'hi'" }) }));
    expect(onPhone()[1]).toMatchObject({ sid, buttons: [{ id: "approve:kqmwa" }, {}, {}] });
    expect(posts).toHaveLength(2);
  });

  it("finds a message with a list, whose template has no variables, by its words", async () => {
    const { simulator, outbound, posts, onPhone, client } = await startOutbound();
    const list = { body: "Which DB?\nkqmwa", button: "Choose", items: [{ id: "a", item: "1. A" }] };
    const types = { "twilio/list-picker": list };
    const name = { friendly_name: "approval_question_kqmwa_1", language: "en", variables: {} };
    const { sid: contentSid } = await client.content.v1.contents.create({ ...name, types } as never);
    simulator.fail({ kind: "lost" });
    const content = { contentSid, variables: {}, plain: "Which DB? Type kqmwa 1", listed: list.body };
    const sid = await outbound.send(request("", { content }));
    expect(onPhone()).toMatchObject([{ sid, listButton: "Choose" }]);
    expect(posts).toMatchObject([{ contentSid }]);
    expect(posts[0]).not.toHaveProperty("contentVariables");
  });

  it("does not take an earlier message with the same words for the one it seeks", async () => {
    const { simulator, outbound, onPhone } = await startOutbound();
    const first = await outbound.send(request("same"));
    simulator.fail(broken(1));
    const second = await outbound.send(request("same"));
    simulator.fail({ kind: "lost" });
    const third = await outbound.send(request("same"));
    expect(onPhone().map(({ sid }) => sid)).toEqual([first, second, third]);
  });

  it("looks again when the look itself fails", async () => {
    const { simulator, outbound, posts, looks, onPhone } = await startOutbound();
    simulator.fail({ kind: "lost" });
    simulator.fail({ kind: "reject", httpStatus: 500, on: "message-list", times: 2 });
    const sid = await outbound.send(request("hello"));
    expect(onPhone()).toMatchObject([{ sid }]);
    expect([posts.length, looks.length]).toEqual([1, 3]);
  });

  it("never sends blindly: without a look it gives up and says that the message may be there", async () => {
    const { simulator, outbound, posts, onPhone } = await startOutbound();
    simulator.fail({ kind: "lost" });
    simulator.fail({ kind: "reject", httpStatus: 500, on: "message-list", times: 1000 });
    const error = await failureOf(outbound.send(request("hello")));
    expect(error.message).toMatch(/^The connection to Twilio failed/);
    expect(error.advice).toContain("Look at the phone: the message may have arrived all the same.");
    expect(posts).toHaveLength(1);
    expect(onPhone()).toHaveLength(1);
  });

  it("is cut off when it hangs, then looked for and made again", async () => {
    const { simulator, outbound, looks, onPhone } = await startOutbound({ timeoutMs: 3_000 });
    simulator.fail({ kind: "hang" });
    const sid = await outbound.send(request("hello"));
    expect(onPhone()).toMatchObject([{ sid }]);
    expect(looks.length).toBeGreaterThan(0);
  });

  it("is cut off after 20 s even when the client's own time-out does not fire", async () => {
    const clock = createFakeClock(Date.now());
    let hangs = 1;
    const { outbound, looks, onPhone } = await startOutbound({
      clock,
      api: (real) => ({
        list: (filter) => real.list(filter),
        create: (params) => (hangs-- > 0 ? new Promise(() => {}) : real.create(params)),
      }),
    });
    const sending = outbound.send(request("hello"));
    await clock.advance(19_999);
    expect(looks).toHaveLength(0);
    await clock.advance(1);
    const sid = await sending;
    expect(onPhone()).toMatchObject([{ sid }]);
    expect(looks).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });
});

describe("a template that Twilio refuses", () => {
  const variables = { "1": "kqmwa", "2": `echo 'it\\'s "5"'` };
  const json = JSON.stringify(variables);

  it.each([
    [0, "as it is", json],
    [1, "apostrophes escaped", json.replaceAll("'", "\\u0027")],
    [2, "apostrophes curled", json.replaceAll("'", "’")],
  ])("is sent again in other bytes after 21656 (%i times): %s", async (times, _name, contentVariables) => {
    const { simulator, outbound, posts, onPhone, template, log } = await startOutbound();
    if (times > 0) simulator.fail(refused(21656, times));
    const sid = await outbound.send(request("", { content: template(variables) }));
    expect(posts).toHaveLength(times + 1);
    expect(posts.at(-1)).toMatchObject({ contentVariables });
    const command = JSON.parse(contentVariables)["2"];
    expect(onPhone()).toMatchObject([{ sid, buttons: [{}, {}, {}], body: expect.stringContaining(command) }]);
    expect(log.entries).toHaveLength(times);
  });

  it("goes out as plain text at last, each step logged once", async () => {
    const { simulator, outbound, posts, onPhone, template, log } = await startOutbound();
    simulator.fail(refused(21656, 3));
    const content = template(variables);
    await outbound.send(request("", { content }));
    expect(onPhone()).toMatchObject([{ body: content.plain, buttons: [] }]);
    expect(posts.at(-1)).not.toHaveProperty("contentSid");
    expect(log.entries.map(({ fields }) => (fields as { next: string }).next)).toEqual([
      "apostrophes escaped",
      "apostrophes curled",
      "plain text",
    ]);
    expect(log.text()).not.toContain("echo");
  });

  it("skips the steps that would send the same bytes", async () => {
    const { outbound, posts, onPhone, template } = await startOutbound();
    // Refused by the simulator itself: a variable may not hold a newline.
    await outbound.send(request("", { content: template({ "1": "kqmwa", "2": "ls\nls" }) }));
    expect(posts).toHaveLength(2);
    expect(onPhone()).toMatchObject([{ buttons: [], body: expect.stringContaining("ls\nls") }]);
  });

  it("looks before it sends again on every step", async () => {
    const { simulator, outbound, posts, onPhone, template } = await startOutbound();
    simulator.fail(refused(21656));
    simulator.fail({ kind: "lost" });
    const sid = await outbound.send(request("", { content: template(variables) }));
    expect(onPhone()).toMatchObject([{ sid, buttons: [{}, {}, {}] }]);
    expect(posts).toHaveLength(2);
  });

  it.each([21655, 92006])("goes out as plain text at once when it is gone (%i)", async (code) => {
    const gone: string[] = [];
    const { simulator, outbound, posts, onPhone, template, log } = await startOutbound({
      onTemplateGone: (sid) => void gone.push(sid),
    });
    simulator.fail(refused(code));
    const content = template(variables);
    await outbound.send(request("", { content }));
    expect(onPhone()).toMatchObject([{ body: content.plain, buttons: [] }]);
    expect(posts).toHaveLength(2);
    expect(log.entries).toHaveLength(1);
    expect(log.text()).toContain("found or made again within minutes");
    expect(gone).toEqual([content.contentSid]);
  });

  it("fails when plain text is refused too", async () => {
    const { simulator, outbound, posts, template } = await startOutbound();
    simulator.fail(refused(21655));
    simulator.fail(refused(21610));
    const error = await failureOf(outbound.send(request("", { content: template() })));
    expect(error).toMatchObject({ code: 21610, advice: expect.stringContaining("START") });
    expect(posts).toHaveLength(2);
  });

  it.each([63007, 21211, 20003, 63005])("is not replaced for any other reason (%i)", async (code) => {
    const { simulator, outbound, posts, template } = await startOutbound();
    simulator.fail(refused(code));
    const error = await failureOf(outbound.send(request("", { content: template(variables) })));
    expect(error.code).toBe(code);
    expect(posts).toHaveLength(1);
  });
});

describe("what Twilio is told", () => {
  it.each([
    [90_500, 90],
    [1_999, 1],
    [400, 1],
    [100_000_000, 36_000],
  ])(
    "drops the message when it is of no use any more: in %i ms, ValidityPeriod %i",
    async (leftMs, seconds) => {
      const clock = createFakeClock(Date.now());
      const { outbound, posts } = await startOutbound({ clock });
      await outbound.send(request("hello", { leftMs: () => leftMs }));
      expect(posts).toMatchObject([{ validityPeriod: seconds }]);
    },
  );

  it("names the sender, the phone and where to report; and nothing that is not known", async () => {
    let statusCallback: string | undefined;
    const { outbound, posts } = await startOutbound({ statusCallback: () => statusCallback });
    await outbound.send(request("one"));
    statusCallback = "https://example.com/twilio-webhook";
    await outbound.send(request("two"));
    const common = { from: SENDER, to: `whatsapp:${TO}` };
    expect(posts).toEqual([
      { ...common, body: "one" },
      { ...common, body: "two", statusCallback },
    ]);
  });

  it("is nothing at all when the request has expired already", async () => {
    const { outbound, posts } = await startOutbound();
    const error = await failureOf(outbound.send(request("late", { leftMs: () => 0 })));
    expect(error.message).toBe("The message could not be sent before the request expired.");
    expect(error.advice).toContain("APPROVAL_TIMEOUT_SECONDS");
    expect(posts).toHaveLength(0);
  });

  it("is not repeated after the request has expired: the last failure is reported", async () => {
    const clock = createFakeClock(Date.now());
    const { simulator, outbound, posts } = await startOutbound({
      clock,
      api: (real) => ({
        list: (filter) => real.list(filter),
        create: (params) => real.create(params).finally(() => clock.advance(1_000)),
      }),
    });
    simulator.fail(busy(1000));
    const end = clock.elapsed() + 1_500;
    const sending = outbound.send(request("hello", { leftMs: () => end - clock.elapsed() }));
    expect(await failureOf(sending)).toMatchObject({ code: 20429 });
    expect(posts).toHaveLength(2);
  });
});

it("a message that fails keeps secrets out of its error", async () => {
  const { simulator, outbound } = await startOutbound();
  simulator.fail({ kind: "lost", times: 1000 });
  simulator.fail({ kind: "reject", httpStatus: 500, on: "message-list", times: 1000 });
  const error = await failureOf(outbound.send(request("hello")));
  expect(JSON.stringify([error, error.cause, error.message, error.stack])).not.toContain(TOKEN);
  expect(error.cause).not.toHaveProperty("config");
});

describe("whatever fails", () => {
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    fc.constant(busy(1)),
    fc.constantFrom(500, 502, 503).map((httpStatus): Fault => ({ kind: "reject", httpStatus })),
    fc.constant<Fault>({ kind: "lost" }),
    fc.constant(refused(21656)),
    fc.constant<Fault>({ kind: "reject", httpStatus: 500, on: "message-list" }),
  );

  it("there is at most one message, and the sender knows whether it exists", async () => {
    const { simulator, outbound, onPhone, client, template } = await startOutbound();
    let counter = 0;
    const drain = async () => {
      const isDone = await client.messages
        .create({ to: `whatsapp:${TO}`, from: SENDER, body: "drain" })
        .then(() => client.messages.list({ limit: 1 }))
        .then(() => true)
        .catch(() => false);
      if (!isDone) await drain();
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 9 }), fc.boolean(), async (faults, isTemplate) => {
        const id = `run-${counter++}.`;
        const content = isTemplate ? template({ "1": id, "2": "echo 'hi'" }) : { body: `hello ${id}` };
        for (const each of faults) simulator.fail(each);
        const outcome = await outbound.send(request("", { content })).catch((error: unknown) => error);
        const existing = onPhone().filter(({ body }) => body.includes(id));
        if (typeof outcome === "string") expect(existing.map(({ sid }) => sid)).toEqual([outcome]);
        else if (existing.length > 0) {
          expect(existing).toHaveLength(1);
          expect(outcome).toMatchObject({ advice: expect.stringContaining("Look at the phone") });
          expect(faults.some(({ on }) => on === "message-list")).toBe(true);
        }
        await drain();
      }),
      { numRuns: 60 },
    );
  });
});
