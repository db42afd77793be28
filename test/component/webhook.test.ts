import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { keep } from "../../src/store/open-database.ts";
import { send } from "../helpers/raw-request.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { sign } from "../helpers/sign.ts";

const URL_PATH = "/twilio-webhook";

/** A call that waits, what it takes to forge an answer to it, and a check that nothing has changed. */
async function stageWithWaitingCall(env: Record<string, string> = {}) {
  const stage = await startStage({ env });
  const answer = callTool(stage.server);
  const { sid, buttons } = await stage.request();
  const button = buttons[0]?.id ?? "";
  return {
    ...stage,
    sid,
    button,
    async expectUntouched() {
      expect(await (await fetch(`${stage.server.localUrl}/health`)).json()).toMatchObject({ waiting: 1 });
      await stage.phone.tap(sid, "deny");
      expect(await answer).toMatchObject({ behavior: "deny" });
    },
  };
}

function tapParams({ phone }: ServerStage, button: string): Record<string, string> {
  return {
    AccountSid: phone.accountSid,
    MessageSid: "SM00000000000000000000000000000001",
    From: "whatsapp:+15005550006",
    To: "whatsapp:+14155238886",
    Body: "✅ Approve",
    ButtonPayload: button,
    SmsStatus: "received",
  };
}

async function post(
  stage: ServerStage,
  params: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const response = await fetch(stage.server.webhookUrl, {
    method: "POST",
    headers,
    body: new URLSearchParams(params),
  });
  return response.status;
}

describe("the webhook refuses and changes nothing", () => {
  it.each(["unsigned", "bad-signature"] as const)("when it is %s: 403", async (fault) => {
    const stage = await stageWithWaitingCall();
    expect(await stage.phone.tap(stage.sid, "approve", { fault })).toMatchObject({ status: 403 });
    await stage.expectUntouched();
    expect(stage.log.text()).toContain("without a valid Twilio signature");
  });

  it("before its body has come, when it is unsigned: nobody holds a connection with a slow one", async () => {
    const stage = await stageWithWaitingCall();
    const half = { "content-type": "application/x-www-form-urlencoded", "content-length": "1000" };
    const { origin } = new URL(stage.server.webhookUrl);
    const answer = await send(origin, "POST", URL_PATH, half);
    expect([answer.status, answer.headers.connection]).toEqual([403, "close"]);
    await stage.expectUntouched();
  });

  it("when a valid signature comes from a number that may not approve", async () => {
    const stage = await stageWithWaitingCall();
    const params = { ...tapParams(stage, stage.button), From: "whatsapp:+15005550001" };
    expect(await post(stage, params, sign(stage, params))).toBe(200);
    expect(stage.log.text()).toContain("refused: a reply from a number that may not approve");
    expect(stage.log.text()).toContain("…0001");
    await stage.expectUntouched();
  });

  it.each([
    ["a parameter is added", (params: Record<string, string>) => ({ ...params, Extra: "1" })],
    ["a parameter is changed", (params: Record<string, string>) => ({ ...params, Body: "no" })],
    [
      "a parameter is missing",
      ({ Body, ...params }: Record<string, string>) => params as Record<string, string>,
    ],
  ])("when %s after signing: 403", async (_, tamper) => {
    const stage = await stageWithWaitingCall();
    const params = tapParams(stage, stage.button);
    expect(await post(stage, tamper(params), sign(stage, params))).toBe(403);
    await stage.expectUntouched();
  });

  it("when it was signed for another address, whatever the Host header says: 403", async () => {
    const stage = await stageWithWaitingCall();
    const params = tapParams(stage, stage.button);
    const headers = sign(stage, params, `https://attacker.example${URL_PATH}`);
    expect(
      await post(stage, params, {
        ...headers,
        "x-forwarded-host": "attacker.example",
        "x-forwarded-proto": "https",
      }),
    ).toBe(403);
    await stage.expectUntouched();
  });

  it("when it is about another account", async () => {
    const stage = await stageWithWaitingCall();
    const params = { ...tapParams(stage, stage.button), AccountSid: `AC${"0".repeat(32)}` };
    expect(await post(stage, params, sign(stage, params))).toBe(200);
    await stage.expectUntouched();
  });

  it.each([
    "approve:zzzzz",
    "approve:",
    "APPROVE:abcde",
    "approve:abcde:deny",
    "session:abcde",
    "__proto__:abcde",
    "",
  ])("when the button's id is %j", async (button) => {
    const stage = await stageWithWaitingCall();
    const params = tapParams(stage, button);
    expect(await post(stage, params, sign(stage, params))).toBe(200);
    await stage.expectUntouched();
  });

  it("when it is JSON, too large, or garbage", async () => {
    const stage = await stageWithWaitingCall();
    const json = JSON.stringify(tapParams(stage, stage.button));
    const bodies: [string, string][] = [
      ["application/json", json],
      ["application/x-www-form-urlencoded", `a=${"x".repeat(200_000)}`],
      ["application/x-www-form-urlencoded", "%%%=%&&&[__proto__]=1"],
      ["multipart/form-data; boundary=x", "--x--"],
    ];
    for (const [type, body] of bodies) {
      const headers = { "content-type": type, "x-twilio-signature": "AAAA" };
      const { status } = await fetch(stage.server.webhookUrl, { method: "POST", headers, body });
      expect(status).toBeGreaterThanOrEqual(400);
    }
    await stage.expectUntouched();
  });
});

describe("the webhook", () => {
  it("heeds a duplicate delivery once and confirms once", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = callTool(server);
    await phone.tap((await request()).sid, "approve", { fault: "duplicate" });
    expect(await answer).toMatchObject({ behavior: "allow" });
    await told("approved: Claude has the answer");
    const texts = phone
      .messages()
      .filter(({ direction, buttons }) => direction === "to-phone" && buttons.length === 0);
    expect(texts).toHaveLength(1);
  });

  it("ignores a replayed tap after the decision", async () => {
    const stage = await startStage();
    const answer = callTool(stage.server);
    const { buttons } = await stage.request();
    const params = tapParams(stage, buttons[1]?.id ?? "");
    expect(await post(stage, params, sign(stage, params))).toBe(200);
    expect(await answer).toMatchObject({ behavior: "deny" });
    await stage.told("denied: Claude has the answer");
    const before = stage.phone.messages().length;
    expect(await post(stage, params, sign(stage, params))).toBe(200);
    expect(stage.log.text()).toContain("this reply came in before");
    expect(stage.phone.messages()).toHaveLength(before);
  });

  it("answers GET plainly and nothing else on its port", async () => {
    const { server } = await startStage();
    const get = await fetch(server.webhookUrl);
    expect([get.status, await get.text()]).toEqual([200, expect.stringContaining("reachable")]);
    const origin = new URL(server.webhookUrl).origin;
    for (const path of ["/", "/health", "/mcp", "/v1/approvals", "/twilio-webhook/x"]) {
      expect((await fetch(origin + path)).status).toBe(404);
      expect((await fetch(origin + path, { method: "POST", body: "{}" })).status).toBe(404);
    }
  });
});

describe("the local listener", () => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };

  it("refuses foreign hosts and foreign web pages", async () => {
    const { server } = await startStage();
    const origin = await fetch(`${server.localUrl}/mcp`, {
      ...init,
      headers: { ...init.headers, origin: "https://evil.example" },
    });
    expect(origin.status).toBe(403);
    const { port } = new URL(server.localUrl);
    expect(await statusWithHost(Number(port), "evil.example")).toBe(403);
    expect(await statusWithHost(Number(port), `127.0.0.1:${port}`)).toBe(200);
  });

  it("wants the token on every route when one is set", async () => {
    const token = "0123456789abcdef0123";
    const { server, phone, request } = await startStage({ env: { APPROVAL_TOKEN: token } });
    for (const path of ["/health", "/mcp", "/nothing"]) {
      expect((await fetch(server.localUrl + path)).status).toBe(401);
      const wrong = { authorization: `Bearer ${token}x` };
      expect((await fetch(server.localUrl + path, { headers: wrong })).status).toBe(401);
    }
    const answer = callTool(server, BASH_CALL, { headers: { authorization: `Bearer ${token}` } });
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("takes named tokens, shows the name on the phone, and lets them ask but not steer", async () => {
    const own = "0123456789abcdef-own";
    const env = {
      APPROVAL_TOKEN: own,
      APPROVAL_TOKENS: "ci:0123456789abcdef-ci,laptop:0123456789abcdef-lap",
    };
    const { server, phone, request } = await startStage({ env });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    for (const wrong of ["0123456789abcdef-no", "ci:0123456789abcdef-ci", "ci", ""]) {
      expect((await fetch(`${server.localUrl}/health`, { headers: bearer(wrong) })).status).toBe(401);
    }
    const answer = callTool(server, BASH_CALL, { headers: bearer("0123456789abcdef-ci") });
    const { sid, body } = await request();
    expect(body).toContain("*Project:* - (token ci)");
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny" });
    const resume = (token: string) =>
      fetch(`${server.localUrl}/control/resume`, { method: "POST", headers: bearer(token) });
    expect((await resume("0123456789abcdef-lap")).status).toBe(403);
    expect((await resume(own)).status).toBe(200);
  });

  it("denies what is over a token's limits without asking, and says when to try again", async () => {
    const env = {
      APPROVAL_TOKEN: "0123456789abcdef-own",
      APPROVAL_TOKENS: "ci:0123456789abcdef-ci",
      MAX_OPEN_REQUESTS: "1",
      MAX_REQUESTS_PER_MINUTE: "2",
    };
    const { server, phone, request } = await startStage({ env });
    const call = (tool_use_id: string, token = "0123456789abcdef-ci") =>
      callTool(server, { ...BASH_CALL, tool_use_id }, { headers: { authorization: `Bearer ${token}` } });
    const first = call("toolu_a");
    const asked = await request();
    const tooMany = await call("toolu_b");
    expect(tooMany).toMatchObject({ behavior: "deny" });
    expect(JSON.stringify(tooMany)).toContain("1 of its requests wait already. This is not a refusal");
    // A repeat of what waits is no new request, and another token has limits of its own.
    const repeat = call("toolu_a");
    const others = call("toolu_c", "0123456789abcdef-own");
    await phone.tap((await request(1)).sid, "deny");
    await phone.tap(asked.sid, "approve");
    expect(await first).toMatchObject({ behavior: "allow" });
    expect(await repeat).toMatchObject({ behavior: "allow" });
    expect(await others).toMatchObject({ behavior: "deny" });
    const second = call("toolu_d");
    await phone.tap((await request(2)).sid, "approve");
    expect(await second).toMatchObject({ behavior: "allow" });
    const third = await call("toolu_e");
    expect(JSON.stringify(third)).toMatch(/it has asked too often within a minute.*Ask again after/);
    expect(phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(3);
  });

  it("takes a call of 2.5 MB, denies one of 9 MB in words, and refuses one over 10 MB", async () => {
    const { server, phone, request } = await startStage();
    const write = (size: number) => ({
      tool_name: "Write",
      input: { file_path: "/tmp/big.txt", content: "x".repeat(size) },
    });
    const answer = callTool(server, write(2_500_000));
    await phone.tap((await request()).sid, "approve");
    // Too large to echo: Claude Code then runs the original input.
    expect(await answer).toEqual({ behavior: "allow" });
    expect(await callTool(server, write(9_000_000))).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("too large for the approval server"),
    });
    await expect(callTool(server, write(11_000_000))).rejects.toThrow();
  });
});

describe("the webhook port", () => {
  it("says once for each path what came and what was expected, at no length and not without end", async () => {
    const { server, log } = await startStage();
    const origin = new URL(server.webhookUrl).origin;
    const paths = [
      "/",
      "/twilio-webhook/x",
      "/twilio-webhook/x",
      `/${"a".repeat(5_000)}`,
      "/%1B[2J?token=secret-word",
    ];
    for (const path of paths) expect((await fetch(origin + path, { method: "POST" })).status).toBe(404);
    const noted = () => log.entries.filter(({ message }) => message.startsWith("nothing is at this path"));
    expect(noted().map(({ fields }) => fields)).toEqual([
      { method: "POST", path: "/", expected: "/twilio-webhook" },
      { method: "POST", path: "/twilio-webhook/x", expected: "/twilio-webhook" },
      { method: "POST", path: `/${"a".repeat(199)}`, expected: "/twilio-webhook" },
      { method: "POST", path: "/%1B[2J", expected: "/twilio-webhook" },
    ]);
    for (let n = 0; n < 100; n += 1) await fetch(`${origin}/${n}`);
    expect(noted()).toHaveLength(50);
  });
});

describe("somebody who can write to the database", () => {
  it("cannot turn a quoted yes into the approval of another request", async () => {
    const { server, phone, request, databasePath } = await startStage();
    const harmless = callTool(server);
    const { sid } = await request(0);
    const other = callTool(server, {
      tool_name: "Bash",
      input: { command: "rm -rf /home" },
      tool_use_id: "toolu_2",
    });
    const { sid: otherSid, body } = await request(1);
    const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
    const db = keep(new Database(databasePath));
    keep(db.prepare("UPDATE messages SET approval_id = ? WHERE message_id = ?")).run(id, sid);
    db.close();
    await phone.type("yes", { quote: sid });
    expect(await harmless).toMatchObject({ behavior: "allow" });
    await phone.tap(otherSid, "deny");
    expect(await other).toMatchObject({ behavior: "deny" });
  });
});

describe("a message that reaches the webhook", () => {
  it.each([
    ["join happy-fox", true],
    ["join us", false],
  ])("counts as a join of the Sandbox by its words: %s", async (Body, joins) => {
    const stage = await startStage();
    const { ButtonPayload, ...typed } = tapParams(stage, "");
    const params = { ...typed, Body };
    expect(await post(stage, params, sign(stage, params))).toBe(200);
    const health = await (await fetch(`${stage.server.localUrl}/health`)).json();
    expect(health).toMatchObject({ approvers: [{ window: "open" }] });
    expect(JSON.stringify(health).includes("sandboxExpiresAt")).toBe(joins);
  });
});

describe("a request that is not one", () => {
  it("is denied when it is nested too deep to be read", async () => {
    const { server, phone } = await startStage();
    let input: object = {};
    for (let depth = 0; depth < 300; depth += 1) input = { input };
    const answer = await callTool(server, { tool_name: "X", input });
    expect(answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("deeper than 200 levels"),
    });
    expect(phone.messages()).toEqual([]);
  });

  it.each([
    [{ tool_name: "Bash" }, "input is missing or not an object"],
    [{ tool_name: "Bash", input: "ls" }, "input is missing or not an object"],
    [{ tool_name: "Bash", input: ["ls"] }, "input is missing or not an object"],
    [{ tool_name: "Bash", input: null }, "input is missing or not an object"],
    [{ input: {} }, "tool_name is missing or not a text"],
    [{ tool_name: " ", input: {} }, "tool_name is empty"],
    [{ tool_name: 7, input: 7 }, "tool_name is missing or not a text; input is missing or not an object"],
    [{}, "tool_name is missing"],
  ])("is denied with a clear message: %j", async (args, problem) => {
    const { server, phone } = await startStage();
    const message = expect.stringContaining(problem);
    expect(await callTool(server, args)).toEqual({ behavior: "deny", message });
    expect(phone.messages()).toEqual([]);
  });

  it("is denied when it asks nothing: an allow would answer it with nothing", async () => {
    const { server, phone } = await startStage();
    const answer = await callTool(server, { tool_name: "AskUserQuestion", input: { questions: [] } });
    expect(answer).toMatchObject({ behavior: "deny", message: expect.stringContaining("0 questions") });
    expect(phone.messages()).toEqual([]);
  });
});

/** fetch does not let the Host header be set. */
async function statusWithHost(port: number, host: string): Promise<number> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: "/health", headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
