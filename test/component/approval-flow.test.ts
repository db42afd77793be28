import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { BASH_CALL, callTool, callToolV1, startStage } from "../helpers/server-stage.ts";

describe("a call that waits for the phone", () => {
  it.each([
    ["2026-07-28 client", callTool],
    ["2025-11-25 client", callToolV1],
  ])("is allowed by a tap, with its own input (%s)", async (_, call) => {
    const { server, phone, request, told } = await startStage();
    const answer = call(server);
    const { sid } = await request();
    expect(await phone.tap(sid, "approve")).toMatchObject({ status: 200, body: "<Response/>" });
    expect(await answer).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
    await told("approved: Claude has the answer");
    expect(phone.warnings()).toEqual([]);
  });

  it("is denied by a tap, and Claude is told what to do", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = callTool(server);
    await phone.tap((await request()).sid, "deny");
    expect(await answer).toEqual({
      behavior: "deny",
      message:
        "The person denied the Bash call from their phone and gave no reason. It did not run. Do not repeat it; ask or choose another way.",
    });
    await told("denied: Claude has the answer");
  });

  it("is denied in the person's words, typed with the id in any case", async () => {
    const { server, phone, request } = await startStage();
    const answer = callTool(server);
    const id = idOf(await request());
    await phone.type(`dEnY ${id.toUpperCase()} use the staging bucket, "please"`);
    const message = expect.stringMatching(/Their words: use the staging bucket, "please"$/);
    expect(await answer).toEqual({ behavior: "deny", message });
  });

  it("is denied in the words of a quoted reply, and allowed by a quoted yes", async () => {
    const { server, phone, request } = await startStage();
    const first = callTool(server);
    await phone.type("not on a Friday", { quote: (await request()).sid });
    expect(await first).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("not on a Friday"),
    });
    const second = callTool(server, { ...BASH_CALL, tool_use_id: "toolu_2" });
    await phone.type("Yes", { quote: (await request(1)).sid });
    expect(await second).toMatchObject({ behavior: "allow" });
  });

  it("expires: not a refusal, nothing ran; a late tap is told so", async () => {
    const clock = createFakeClock();
    const { server, phone, request, told } = await startStage({ deps: { clock } });
    const answer = callTool(server);
    const { sid } = await request();
    await clock.advance(300_000);
    expect(await answer).toEqual({
      behavior: "deny",
      message:
        "Nobody answered the approval request for the Bash call within 5 minutes. It did not run. This is not a refusal. " +
        "Do not repeat the same call: go on with what needs no approval, or stop and say what is missing.",
    });
    await clock.advance(40_000);
    await phone.tap(sid, "approve");
    await told("expired 40 s ago: nothing ran");
  });

  it("names the project, and shows the call as one message", async () => {
    const { server, request, phone } = await startStage();
    const caller = new AbortController();
    const headers = { "X-Approval-Project": "/home/me/web-shop" };
    const answer = callTool(server, BASH_CALL, { headers, signal: caller.signal }).catch(() => "gone");
    const { body, buttons } = await request();
    const id = idOf({ body });
    expect(body).toBe(
      "🔔 *Approval Request*\n\nExecute command: `ls -la /etc`\n*Reason:* List system configuration files (Claude's words)\n\n" +
        `*Project:* web-shop\n*Request ID:* ${id}\n\n⏱️ Expires in 5 minutes\n🔁 Session allows this exact command, in any folder of this project, for 60 minutes`,
    );
    expect(buttons).toEqual([
      { id: `approve:${id}`, title: "✅ Approve" },
      { id: `deny:${id}`, title: "❌ Deny" },
      { id: `session:${id}`, title: "🔁 Session" },
    ]);
    expect(phone.messages()).toHaveLength(1);
    caller.abort();
    await answer;
  });

  it("reports progress with the time left, at once, every 15 s, and when the message arrives", async () => {
    const clock = createFakeClock();
    const { server, request, phone } = await startStage({ deps: { clock } });
    const notes: string[] = [];
    const answer = callTool(server, BASH_CALL, { onProgress: (note) => void notes.push(note) });
    const { sid, body } = await request();
    const id = idOf({ body });
    await expect.poll(() => notes).toContain(`waiting for WhatsApp approval ${id}, 5:00 left; read`);
    await clock.advance(30_000);
    await expect.poll(() => notes.at(-1)).toContain("4:30 left");
    await phone.tap(sid, "deny");
    await answer;
    expect(notes[0]).toBe(`waiting for WhatsApp approval ${id}, 5:00 left; sending`);
    expect(notes).toContain(`waiting for WhatsApp approval ${id}, 5:00 left; delivered`);
    expect(notes.at(-1)).toBe(`waiting for WhatsApp approval ${id}, 4:30 left; read`);
  });

  it("ends below the client's 300 s when the client cannot be told of progress", async () => {
    const clock = createFakeClock();
    const { server, request } = await startStage({
      deps: { clock },
      env: { APPROVAL_TIMEOUT_SECONDS: "3600" },
    });
    const response = fetch(`${server.localUrl}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "permissions__approve", arguments: BASH_CALL },
      }),
    });
    expect((await request()).body).toContain("Expires in 4 minutes 50 seconds");
    await clock.advance(290_000);
    expect(await (await response).text()).toContain("Nobody answered");
  });

  it("is cancelled when the caller leaves; a tap is told that nothing ran", async () => {
    const { server, phone, request, told } = await startStage();
    const caller = new AbortController();
    const answer = callTool(server, BASH_CALL, { signal: caller.signal }).catch(() => "gone");
    const { sid } = await request();
    caller.abort();
    expect(await answer).toBe("gone");
    await expect.poll(() => health(server.localUrl)).toMatchObject({ waiting: 0 });
    await phone.tap(sid, "approve");
    await told("Claude was no longer waiting: nothing ran");
  });

  it("asks once for a repeat of the same call and answers both", async () => {
    const { server, phone, request } = await startStage();
    const first = callTool(server);
    const { sid } = await request();
    let joined = () => {};
    const second = callTool(server, BASH_CALL, { onProgress: () => joined() });
    await new Promise<void>((resolve) => {
      joined = resolve;
    });
    await phone.tap(sid, "approve");
    expect(await Promise.all([first, second])).toMatchObject([{ behavior: "allow" }, { behavior: "allow" }]);
    expect(phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
  });

  it("keeps several requests apart", async () => {
    const { server, phone, request } = await startStage();
    const first = callTool(server);
    const { sid } = await request(0);
    const second = callTool(server, { ...BASH_CALL, tool_use_id: "toolu_2" });
    await phone.tap((await request(1)).sid, "deny");
    expect(await second).toMatchObject({ behavior: "deny" });
    await phone.tap(sid, "approve");
    expect(await first).toMatchObject({ behavior: "allow" });
  });
});

describe("replies that change nothing", () => {
  it("are answered each time while something waits, with its id and what to type", async () => {
    const { server, phone, request } = await startStage();
    const answer = callTool(server);
    const { sid, body } = await request();
    const id = /\*Request ID:\* (\w+)/.exec(body)?.[1];
    const answers = () =>
      phone.messages().flatMap(({ body }) => (body.startsWith("Nothing changed.") ? [body] : []));
    await phone.type("ok go ahead");
    await phone.type("approve");
    await phone.type("hello?");
    await phone.type("yes, please", { quote: sid });
    await expect
      .poll(answers)
      .toEqual([
        ...Array(2).fill(`Nothing changed. Waiting: ${id}. Type APPROVE ${id}.`),
        `Nothing changed. Waiting: ${id}. Type APPROVE ${id} or DENY ${id}.`,
        `Nothing changed. Waiting: ${id}. Type APPROVE ${id}.`,
      ]);
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny" });
  });

  it("are told that the id is unknown or the decision was made before", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = callTool(server);
    const { sid } = await request();
    await phone.type("APPROVE zzzzz");
    await told("There is no request zzzzz: nothing changed");
    await phone.tap(sid, "deny");
    await answer;
    await phone.tap(sid, "approve");
    await told("was already denied");
    await phone.tap(sid, "deny");
  });
});

describe("messages that cannot be delivered", () => {
  it("end the wait at once when Twilio refuses them", async () => {
    const { server, phone } = await startStage();
    phone.fail({ kind: "reject", httpStatus: 400, code: 63007 });
    const answer = await callTool(server);
    expect(answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("Twilio error 63007"),
    });
  });

  it.each([63015, 63016])("end the wait at once when the receipt says %i, with advice", async (code) => {
    const { server, phone } = await startStage();
    phone.fail({ kind: "callback", status: "undelivered", code });
    const answer = await callTool(server);
    expect(answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining(`Twilio error ${code}`),
    });
    expect(answer).toMatchObject({
      message: expect.stringMatching(/It did not run. Tell the person: .{10}/),
    });
  });
});

function idOf({ body }: { readonly body: string }): string {
  return /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "no id";
}

async function health(url: string): Promise<unknown> {
  return (await fetch(`${url}/health`)).json();
}
