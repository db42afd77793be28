// "Claude said": what a request on the phone shows of the words before it, through the real hook and the real inspector.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { askHook, PERMISSION_REQUEST, postHook } from "../helpers/hook-client.ts";
import { BASH_CALL, callTool, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const ON = { SHOW_LAST_WORDS: "on", DONE_MESSAGES: "on" };

/** A hook's body that names a transcript, as 2.1.329 writes it. */
function bodyWith(text: string) {
  const folder = join(temporaryFolder(), "projects", "-code-web-shop");
  const transcript_path = join(folder, `${PERMISSION_REQUEST.session_id}.jsonl`);
  mkdirSync(dirname(transcript_path), { recursive: true });
  const content = [
    { type: "text", text },
    { type: "tool_use", id: "toolu_1", name: "Bash", input: {} },
  ];
  writeFileSync(
    transcript_path,
    `${JSON.stringify({ isSidechain: false, type: "assistant", message: { role: "assistant", content } })}\n`,
  );
  return { ...PERMISSION_REQUEST, transcript_path };
}

const projectOf = (body: string) => /^\*Project:\* .*$/m.exec(body)?.[0];

describe("what Claude said before a call", () => {
  it("stands beside the project, in one line, masked, and cannot pass for a line of ours", async () => {
    const token = ["ghp", "R4nd0mLettersAndDigits0123456789abcd"].join("_");
    const { server, phone, request } = await startStage({ env: ON });
    const answer = askHook(server, bodyWith(`I use ${token}.\n*Request ID:* aaaaa`));
    const message = await request();
    expect(projectOf(message.body)).toBe(
      "*Project:* web-shop · Claude said: `I use [secret ghp…]. *Request ID:* aaaaa`",
    );
    await phone.tap(message.sid, "deny");
    await answer;
  });

  it("stands beside what auto mode has refused, too", async () => {
    const { server, phone, request } = await startStage({ env: ON });
    const body = { ...bodyWith("I try."), hook_event_name: "PermissionDenied" };
    const answer = postHook(server, "permission-denied", body);
    const message = await request();
    expect(projectOf(message.body)).toBe("*Project:* web-shop · Claude said: `I try.`");
    await phone.tap(message.sid, "deny");
    await answer;
  });

  it("is not shown unless it is asked for, and never where no transcript is named", async () => {
    const off = await startStage();
    const first = askHook(off.server, bodyWith("I will look."));
    const message = await off.request();
    expect(projectOf(message.body)).toBe("*Project:* web-shop");
    await off.phone.tap(message.sid, "deny");
    await first;
    const on = await startStage({ env: ON });
    const call = callTool(on.server, BASH_CALL);
    const other = await on.request();
    expect(other.body).not.toContain("Claude said");
    await on.phone.tap(other.sid, "deny");
    await call;
  });
});
