// An approval that comes by webhook counts only when Twilio has that very message: what a forged, cut apart or replayed
// webhook comes to, and what happens while Twilio cannot be asked.

import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { describe, expect, it } from "vitest";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { DB, questionCall } from "../helpers/questions.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { sign } from "../helpers/sign.ts";

const PHONE = "+15005550006";
const STRANGER = "+15005550001";
const SENDER = "whatsapp:+14155238886";

type Params = Readonly<Record<string, string>>;

const idOf = ({ body }: SimMessage) => /\*Request ID:\* (\w+)/.exec(body)?.[1] ?? "";

async function stageWithCall(env: Record<string, string> = {}) {
  const stage = await startStage({ env });
  const answer = callTool(stage.server);
  const message = await stage.request();
  const waiting = async () => {
    const health = (await (await fetch(`${stage.server.localUrl}/health`)).json()) as { waiting: number };
    return health.waiting;
  };
  return {
    ...stage,
    answer,
    message,
    id: idOf(message),
    waiting,
    /** The SID of a message that really came from a phone. */
    async genuine(text: string, from = PHONE): Promise<string> {
      await stage.phone.type(text, { from });
      return stage.phone.messages().findLast(({ direction }) => direction === "from-phone")?.sid ?? "";
    },
    /** Nothing was approved: the call still waits, and ends as a tap on Deny says. */
    async expectUnapproved() {
      expect(await waiting()).toBe(1);
      await stage.phone.tap(message.sid, "deny");
      expect(await answer).toMatchObject({ behavior: "deny" });
      expect(JSON.stringify(stage.phone.messages())).not.toMatch(/ approved: Claude/);
    },
  };
}

type Stage = Awaited<ReturnType<typeof stageWithCall>>;

const paramsOf = ({ phone }: ServerStage, more: Params): Record<string, string> => ({
  AccountSid: phone.accountSid,
  From: `whatsapp:${PHONE}`,
  To: SENDER,
  WaId: PHONE.slice(1),
  SmsStatus: "received",
  Body: "",
  ...more,
});

/** What somebody who knows the auth token can do. */
async function forge(stage: ServerStage, more: Params): Promise<number> {
  const params = paramsOf(stage, more);
  return post(stage, new URLSearchParams(params), sign(stage, params));
}

async function post({ server }: ServerStage, body: URLSearchParams, headers: Params): Promise<number> {
  return (await fetch(server.webhookUrl, { method: "POST", headers, body })).status;
}

/** Waits until the log tells why a reply was not believed. */
const refusal = (stage: Stage, problem: string) => expect.poll(() => stage.log.text()).toContain(problem);

describe("a stranger's signed message, cut apart differently", () => {
  /** One string to sign, whatever its parameters are. */
  const joined = (params: Params) =>
    Object.keys(params)
      .sort()
      .map((key) => key + params[key])
      .join("");

  it.each<[string, (genuine: Params, id: string) => Params]>([
    [
      "the entry's own: the text holds From, and the rest goes into G",
      ({ Body = "", From = "", ...rest }, id) => ({
        ...rest,
        Body: `yes ${id}`,
        From: `whatsapp:${PHONE}`,
        G: `From${From}`,
      }),
    ],
    [
      "WaId goes under another name",
      ({ Body = "", From = "", WaId = "", ...rest }, id) => ({
        ...rest,
        Body: `yes ${id}`,
        From: `whatsapp:${PHONE}`,
        G: `From${From}`,
        WaI: `d${WaId}`,
      }),
    ],
    [
      "the button's id comes out of the text",
      ({ Body = "", From = "", WaId = "", ...rest }, id) => ({
        ...rest,
        Body: "x",
        ButtonPayload: `approve:${id}`,
        From: `whatsapp:${PHONE}`,
        G: `From${From}`,
        WaI: `d${WaId}`,
      }),
    ],
  ])("approves nothing: %s", async (name, cut) => {
    const stage = await stageWithCall();
    const { id, phone } = stage;
    const text = name.startsWith("the button")
      ? `xButtonPayloadapprove:${id}Fromwhatsapp:${PHONE}G`
      : `yes ${id}Fromwhatsapp:${PHONE}G`;
    const MessageSid = await stage.genuine(text, STRANGER);
    const genuine = {
      AccountSid: phone.accountSid,
      Body: text,
      From: `whatsapp:${STRANGER}`,
      MessageSid,
      To: SENDER,
      WaId: STRANGER.slice(1),
    };
    const forged = cut(genuine, id);
    expect(joined(forged)).toBe(joined(genuine));
    expect(await post(stage, new URLSearchParams(forged), sign(stage, genuine))).toBe(200);
    await refusal(
      stage,
      name.startsWith("the entry") ? "its WaId is not its sender's" : "it is from somebody else",
    );
    await stage.expectUnapproved();
  });

  it.each([
    ["a parameter twice", (params: URLSearchParams) => params.append("From", `whatsapp:${STRANGER}`)],
    ["a parameter as a list", (params: URLSearchParams) => params.append("From[]", `whatsapp:${PHONE}`)],
  ])("approves nothing with %s", async (_, change) => {
    const stage = await stageWithCall();
    const MessageSid = await stage.genuine("hello", STRANGER);
    const body = new URLSearchParams(paramsOf(stage, { MessageSid, Body: `yes ${stage.id}` }));
    change(body);
    const params: Record<string, unknown> = {};
    for (const key of new Set(body.keys())) {
      const values = body.getAll(key);
      params[key] = values.length > 1 ? values : values[0];
    }
    const signature = getExpectedTwilioSignature(stage.phone.authToken, stage.server.webhookUrl, params);
    expect(await post(stage, body, { "x-twilio-signature": signature })).toBe(200);
    await refusal(
      stage,
      params["From[]"] === undefined ? "parameters of a message are missing" : "somebody else",
    );
    await stage.expectUnapproved();
  });
});

describe("somebody who knows the auth token", () => {
  it.each<[string, (stage: Stage) => Promise<Params>, string]>([
    [
      "with the id of a message that Twilio does not have",
      async ({ id }) => ({ MessageSid: `SM${"0".repeat(32)}`, Body: `yes ${id}` }),
      "Twilio has no such message",
    ],
    [
      "with an id that is none",
      async ({ id }) => ({ MessageSid: "SM1/../../x?y", Body: `yes ${id}` }),
      "its id is not a message's",
    ],
    [
      "with a stranger's message",
      async ({ id, genuine }) => ({ MessageSid: await genuine(`yes ${id}`, STRANGER), Body: `yes ${id}` }),
      "it is from somebody else",
    ],
    [
      "with a message of ours",
      async ({ message, id }) => ({
        MessageSid: message.sid,
        Body: message.body,
        ButtonPayload: `approve:${id}`,
      }),
      "it is not inbound",
    ],
    [
      "with the approver's own words of another kind, and a button's id",
      async (stage) => {
        const MessageSid = await hidden(stage, "Approve it? Let me look.");
        return { MessageSid, Body: "Approve it? Let me look.", ButtonPayload: `approve:${stage.id}` };
      },
      "its text is not that button's title",
    ],
    [
      "with the approver's tap on Deny, and the other button's id",
      async (stage) => {
        const MessageSid = await hidden(stage, "❌ Deny");
        return { MessageSid, Body: "❌ Deny", ButtonPayload: `approve:${stage.id}` };
      },
      "its text is not that button's title",
    ],
    [
      "with the approver's tap on Approve, and Session's id",
      async (stage) => {
        const MessageSid = await hidden(stage, "✅ Approve");
        return { MessageSid, Body: "✅ Approve", ButtonPayload: `session:${stage.id}` };
      },
      "its text is not that button's title",
    ],
    [
      "with a text that differs by a blank",
      async (stage) => ({ MessageSid: await hidden(stage, `yes  ${stage.id}`), Body: `yes ${stage.id}` }),
      "it has another text",
    ],
    [
      "with a text that differs by a capital",
      async (stage) => ({ MessageSid: await hidden(stage, `Yes ${stage.id}`), Body: `yes ${stage.id}` }),
      "it has another text",
    ],
  ])("approves nothing %s", async (_, params, problem) => {
    const stage = await stageWithCall();
    expect(await forge(stage, await params(stage))).toBe(200);
    await refusal(stage, problem);
    await stage.told("is not what Twilio has: nothing was approved by it");
    await stage.expectUnapproved();
  });

  it.each<[string, Params, string]>([
    ["of another account", { account_sid: `AC${"9".repeat(32)}` }, "it is another account's"],
    ["to another sender", { to: "whatsapp:+15005550009" }, "it is to another sender"],
    ["by SMS", { from: PHONE }, "it is from somebody else"],
    ["under another id", { sid: `SM${"9".repeat(32)}` }, "Twilio answered with another message"],
  ])("approves nothing when Twilio shows a message %s", async (_, change, problem) => {
    const stage = await stageWithCall();
    stage.phone.alter("inbound", change);
    await stage.phone.tap(stage.message.sid, "approve");
    await refusal(stage, problem);
    await stage.expectUnapproved();
  });

  it("approves nothing with an old message of the approver's that the server has never seen", async () => {
    const stage = await startStage();
    stage.phone.setWebhookUrl("http://127.0.0.1:9/nowhere");
    await stage.phone.type("yes");
    const { sid: MessageSid } = stage.phone.messages().at(-1) as SimMessage;
    // As if it had been sent a while before the request.
    stage.phone.alter(MessageSid, {
      date_sent: new Date(Date.now() - 60_000).toUTCString(),
      date_created: new Date(Date.now() - 60_000).toUTCString(),
    });
    const answer = callTool(stage.server);
    const message = await stage.request();
    await forge(stage, { MessageSid, Body: "yes", OriginalRepliedMessageSid: message.sid });
    await expect.poll(() => stage.log.text()).toContain("it was sent before what it is about was there");
    await forge(stage, { MessageSid: `SM${"1".repeat(32)}`, Body: `no ${idOf(message)}` });
    expect(await answer).toMatchObject({ behavior: "deny" });
  });

  it("approves nothing a second time with a message that has counted, and the phone is told of the second", async () => {
    const stage = await stageWithCall();
    await stage.phone.tap(stage.message.sid, "approve");
    expect(await stage.answer).toMatchObject({ behavior: "allow" });
    const { sid: MessageSid } = stage.phone.messages().findLast(({ buttonId }) => buttonId) as SimMessage;
    const other = callTool(stage.server, {
      ...BASH_CALL,
      input: { command: "rm -rf /" },
      tool_use_id: "toolu_2",
    });
    const request = await stage.request(1);
    await forge(stage, { MessageSid, Body: "✅ Approve", ButtonPayload: `approve:${idOf(request)}` });
    await stage.told("Two different replies came as one and the same message");
    expect(await stage.waiting()).toBe(1);
    await stage.phone.tap(request.sid, "deny");
    expect(await other).toMatchObject({ behavior: "deny" });
  });

  it("cannot end a pause with RESUME, but may deny, pause and stop everything at once", async () => {
    const stage = await stageWithCall();
    await stage.phone.type("PAUSE 30");
    await stage.told("Paused until");
    await forge(stage, { MessageSid: `SM${"2".repeat(32)}`, Body: "RESUME" });
    await refusal(stage, "Twilio has no such message");
    const health = async () => (await fetch(`${stage.server.localUrl}/health`)).json();
    expect(await health()).toMatchObject({ standing: "paused" });
    await stage.phone.type("RESUME");
    await stage.told("Resumed");
    await forge(stage, { MessageSid: `SM${"3".repeat(32)}`, Body: "PANIC" });
    expect(await stage.answer).toMatchObject({ behavior: "deny" });
    expect(await health()).toMatchObject({ standing: "panic" });
  });

  it("answers no question: neither in words nor by the list", async () => {
    const { ...stage } = await startStage();
    const answer = callTool(stage.server, { tool_name: "AskUserQuestion", input: questionCall(DB).input });
    const message = await stage.told("Which DB?");
    const id = idOf(message);
    const [item] = message.buttons;
    await forge(stage, { MessageSid: `SM${"4".repeat(32)}`, Body: `${id} Postgres` });
    await forge(stage, {
      MessageSid: `SM${"5".repeat(32)}`,
      Body: item?.title ?? "",
      ListId: item?.id ?? "",
    });
    const refused = () => stage.log.text().split("Twilio has no such message").length - 1;
    await expect.poll(refused).toBe(2);
    await stage.phone.tap(message.sid, message.buttons[1]?.id ?? "");
    expect(await answer).toMatchObject({ updatedInput: { answers: { "Which DB?": "SQLite" } } });
  });
});

/** What the approver has really sent and no webhook has told us: SIDs can be read with the auth token. */
async function hidden({ phone, server }: ServerStage, text: string): Promise<string> {
  phone.setWebhookUrl("http://127.0.0.1:9/nowhere");
  await phone.type(text);
  phone.setWebhookUrl(server.webhookUrl);
  return phone.messages().findLast(({ direction }) => direction === "from-phone")?.sid ?? "";
}

describe("while Twilio cannot say", () => {
  it("a message that it does not have yet is asked for again", async () => {
    const stage = await stageWithCall();
    stage.phone.fail({ on: "message-list", kind: "reject", httpStatus: 404, code: 20404, times: 3 });
    expect(await stage.phone.tap(stage.message.sid, "approve")).toMatchObject({ status: 200 });
    expect(await stage.answer).toMatchObject({ behavior: "allow" });
  });

  it.each([
    ["an error of Twilio's own", { httpStatus: 500 }],
    ["too many requests, with the time to wait", { httpStatus: 429, retryAfter: "1" }],
  ])("%s is waited out", async (_, fault) => {
    const stage = await stageWithCall();
    stage.phone.fail({ on: "message-list", kind: "reject", times: 2, ...fault });
    await stage.phone.tap(stage.message.sid, "approve");
    expect(await stage.answer).toMatchObject({ behavior: "allow" });
  });

  it.each([
    ["it refuses the credentials", { kind: "reject", httpStatus: 401, code: 20003 }, "HTTP 401 (20003)"],
    [
      "it wants a minute's pause",
      { kind: "reject", httpStatus: 429, retryAfter: "60" },
      "Twilio takes no more requests",
    ],
    ["it only has errors", { kind: "reject", httpStatus: 503, times: 99 }, "HTTP 503"],
    ["it does not answer", { kind: "hang", times: 99 }, "Twilio did not answer in time"],
  ] as const)("nothing is approved and the phone is asked to tap again: %s", async (_, fault, problem) => {
    const stage = await stageWithCall();
    stage.phone.fail({ on: "message-list", ...fault });
    expect(await stage.phone.tap(stage.message.sid, "approve")).toMatchObject({
      status: 200,
      body: "<Response/>",
    });
    const { body } = await stage.told("could not be checked with Twilio");
    expect(body).toBe(
      `⚠️ ${stage.id}: your reply could not be checked with Twilio: nothing was approved by it. Tap again.`,
    );
    expect(stage.log.text()).toContain(problem);
    await stage.expectUnapproved();
  });

  it("a denial behind an approval that hangs counts at once", async () => {
    const stage = await stageWithCall();
    stage.phone.fail({ on: "message-list", kind: "hang" });
    await stage.phone.tap(stage.message.sid, "approve");
    await stage.phone.tap(stage.message.sid, "deny");
    expect(await stage.answer).toMatchObject({ behavior: "deny" });
    expect(stage.log.text()).not.toContain("could not be checked");
  });

  it("two approvals race: one decides, the other is told so", async () => {
    const stage = await stageWithCall();
    stage.phone.fail({ on: "message-list", kind: "reject", httpStatus: 404, code: 20404 });
    await Promise.all([
      stage.phone.tap(stage.message.sid, "approve"),
      stage.phone.tap(stage.message.sid, "approve"),
    ]);
    expect(await stage.answer).toMatchObject({ behavior: "allow" });
    await stage.told("was already approved");
    await stage.told("approved: Claude has the answer");
  });

  it("a tap on what has ended is told so without asking", async () => {
    const stage = await stageWithCall();
    await stage.phone.tap(stage.message.sid, "deny");
    await stage.answer;
    stage.phone.fail({ on: "message-list", kind: "reject", httpStatus: 500, times: 99 });
    await stage.phone.tap(stage.message.sid, "approve");
    await stage.told("was already denied");
  });
});

describe("VERIFY_REPLIES", () => {
  it("all: a denial, too, counts only when Twilio has it", async () => {
    const stage = await stageWithCall({ VERIFY_REPLIES: "all" });
    await forge(stage, { MessageSid: `SM${"6".repeat(32)}`, Body: `no ${stage.id}` });
    await forge(stage, { MessageSid: `SM${"7".repeat(32)}`, Body: "PANIC" });
    const refused = () => stage.log.text().split("Twilio has no such message").length - 1;
    await expect.poll(refused).toBe(2);
    expect(await stage.waiting()).toBe(1);
    await stage.phone.tap(stage.message.sid, "deny");
    expect(await stage.answer).toMatchObject({ behavior: "deny" });
  });

  it("off: the signature is enough, and the log says so at the start", async () => {
    const stage = await stageWithCall({ VERIFY_REPLIES: "off" });
    expect(stage.log.text()).toContain(
      "VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve",
    );
    await forge(stage, { MessageSid: `SM${"8".repeat(32)}`, Body: `yes ${stage.id}` });
    expect(await stage.answer).toMatchObject({ behavior: "allow" });
  });
});
