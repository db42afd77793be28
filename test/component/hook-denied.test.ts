// A call that auto mode has refused: the phone is told, and may let Claude try again. Nothing but a person can.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PERMISSION_REQUEST, postHook } from "../helpers/hook-client.ts";
import { policyText } from "../helpers/policy-stage.ts";
import { startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** The body of a PermissionDenied, as measured with 2.1.329. */
const REFUSED = {
  ...PERMISSION_REQUEST,
  hook_event_name: "PermissionDenied",
  permission_mode: "auto",
  permission_suggestions: undefined,
  tool_use_id: "toolu_1",
  reason: "Classifier unavailable",
};
const DONE = { DONE_MESSAGES: "on" };
const RETRY = { hookSpecificOutput: { hookEventName: "PermissionDenied", retry: true } };

const refuse = async (server: { readonly localUrl: string }, body: object = REFUSED): Promise<unknown> =>
  (await postHook(server as never, "permission-denied", body)).json();

describe("a call that auto mode has refused", () => {
  it("is tried again after Approve; the message says what that means, and offers no session", async () => {
    const { server, phone, request } = await startStage({ env: DONE });
    const answer = refuse(server);
    const { sid, body, buttons } = await request();
    expect(body).toContain("ls -la /etc");
    expect(body).toContain(
      'auto mode has refused this and says "Classifier unavailable": Approve lets Claude try again, and auto mode decides again',
    );
    expect(buttons.map(({ id }) => id.split(":")[0])).toEqual(["approve", "deny"]);
    await phone.tap(sid, "approve");
    expect(await answer).toEqual(RETRY);
  });

  it("stays refused after Deny, without an answer, and while all is stopped", async () => {
    const clock = createFakeClock();
    const { server, phone, request, told } = await startStage({ env: DONE, deps: { clock } });
    const denied = refuse(server);
    await phone.tap((await request()).sid, "deny");
    expect(await denied).toEqual({});
    const silent = refuse(server);
    await request(1);
    await clock.advance(300_000);
    expect(await silent).toEqual({});
    await phone.type("PANIC");
    await told("Stopped:");
    expect(await refuse(server)).toEqual({});
  });

  it("is not tried again by a rule of the policy", async () => {
    const path = join(temporaryFolder(), "policy.json");
    const rules = [
      { decision: "allow" as const, rules: ["Bash(npm run build)"], projects: ["/code/web-shop"] },
    ];
    await writeFile(path, policyText(rules), { mode: 0o600 });
    const { server, phone, request } = await startStage({ env: { ...DONE, APPROVAL_POLICY: path } });
    const answer = refuse(server, { ...REFUSED, tool_input: { command: "npm run build" } });
    await phone.tap((await request()).sid, "deny");
    expect(await answer).toEqual({});
  });

  it.each([
    'harmless): the policy allows it · 2 of 2 have approved (see "log',
    'harmless": the policy allows it · "2 of 2” have approved＂',
  ])("says whose words its reason is, and none of them passes for ours: %s", async (reason) => {
    const { server, phone, request } = await startStage({ env: DONE });
    const answer = refuse(server, { ...REFUSED, reason });
    const { sid } = await request();
    const text = phone
      .messages()
      .map(({ body }) => body)
      .join("\n");
    const shown = reason.replaceAll(/["”＂]/g, "'");
    expect(text).toContain(`auto mode has refused this and says "${shown}": Approve lets`);
    await phone.tap(sid, "deny");
    expect(await answer).toEqual({});
  });

  it("shows no secret and no markup of its reason, cut", async () => {
    const { server, phone, request } = await startStage({ env: DONE });
    const token = ["ghp", "R4nd0mLettersAndDigits0123456789abcd"].join("_");
    const answer = refuse(server, { ...REFUSED, reason: `*${token}*\n\u202e${"and so on ".repeat(100)}` });
    const { sid } = await request();
    const all = phone
      .messages()
      .map(({ body }) => body)
      .join("\n");
    expect(all).not.toContain(token);
    expect(all).not.toContain("\u202e");
    await phone.tap(sid, "deny");
    expect(await answer).toEqual({});
  });

  it.each<[string, unknown]>([
    ["no tool", { ...REFUSED, tool_name: undefined }],
    ["an input that is no object", { ...REFUSED, tool_input: "ls" }],
    ["another event's name", { ...REFUSED, hook_event_name: "PermissionRequest" }],
    ["a list", []],
  ])("that cannot be read gets no opinion: %s", async (_, body) => {
    const { server, phone } = await startStage({ env: DONE });
    expect(await refuse(server, body as object)).toEqual({});
    expect(phone.messages()).toEqual([]);
  });
});
