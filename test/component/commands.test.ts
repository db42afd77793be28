// What can be steered from the phone, and what only from the machine.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const call = (id: string, command = `ls ${id}`) => ({ ...BASH_CALL, input: { command }, tool_use_id: id });
const isRequest = ({ buttons }: { readonly buttons: readonly unknown[] }) => buttons.length > 0;

async function resume({ server }: ServerStage): Promise<unknown> {
  return (await fetch(`${server.localUrl}/control/resume`, { method: "POST" })).json();
}

describe("PENDING and STATUS", () => {
  it("list what waits, and from three on the newest message says how many", async () => {
    const { server, phone, request, told } = await startStage();
    await phone.type("pending");
    await told("Nothing waits.");
    const answers = [];
    for (const [index, id] of ["a", "b", "c"].entries()) {
      answers.push(callTool(server, call(id)));
      await request(index);
    }
    const [first, , third] = phone.messages().filter(isRequest);
    expect(first?.body).not.toContain("requests wait");
    expect(third?.body).toContain("3 requests wait: PENDING lists them");
    await phone.type("Pending");
    const list = await told("3 requests waiting:");
    expect(list.body.split("\n")[1]).toMatch(/^[a-z]{5}: Bash ls a, .* left$/);
    await phone.type("status");
    await told("Open: requests are sent to the phone.\n3 requests waiting.");
    for (const { sid } of phone.messages().filter(isRequest)) await phone.tap(sid, "deny");
    await Promise.all(answers);
  });

  it("HELP tells the words", async () => {
    const { phone, told } = await startStage();
    await phone.type("help");
    const { body } = await told("PAUSE 30");
    expect(body).not.toContain("Nothing changed");
  });
});

describe("PAUSE", () => {
  it("denies without asking, politely, and ends by itself", async () => {
    const clock = createFakeClock();
    const { server, phone, request, told } = await startStage({ deps: { clock } });
    await phone.type("PAUSE 30");
    await told("Paused until");
    expect(await callTool(server, call("a"))).toEqual({
      behavior: "deny",
      message: expect.stringMatching(
        /^The person has paused approvals until \d\d:\d\d\. .*This is not a refusal/,
      ),
    });
    expect(phone.messages().filter(isRequest)).toEqual([]);
    await clock.advance(30 * 60_000);
    const answer = callTool(server, call("b"));
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("is ended by RESUME", async () => {
    const { server, phone, request, told } = await startStage();
    await phone.type("pause");
    await told("Paused until");
    await phone.type("resume");
    await told("Resumed");
    const answer = callTool(server, call("a"));
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it.each(["pause 0", "pause -5", "pause 99999", "pause 1e3", "pause 30 minutes", "pause it"])(
    "%j changes nothing",
    async (text) => {
      const { server, phone, told } = await startStage();
      await phone.type(text);
      await told("Nothing changed.");
      expect(await (await fetch(`${server.localUrl}/health`)).json()).toMatchObject({ standing: "open" });
    },
  );
});

describe("PANIC", () => {
  it("denies what waits and what comes, outlives a restart, and ends only at the machine", async () => {
    const database = join(temporaryFolder(), "approvals.db");
    const first = await startStage({ env: { APPROVAL_DB: database } });
    const waiting = callTool(first.server, call("a"));
    await first.request();
    await first.phone.type("panic");
    expect(await waiting).toMatchObject({
      behavior: "deny",
      // It was asked about: the phone has its message.
      message: expect.stringMatching(
        /^The person has stopped all approvals\. The Bash call was not approved and/,
      ),
    });
    await first.told("Stopped: everything that waited was denied");
    await first.phone.type("resume");
    await first.phone.type("pause 1");
    expect(await callTool(first.server, call("b"))).toMatchObject({ behavior: "deny" });
    await first.server.close();

    const second = await startStage({ env: { APPROVAL_DB: database } });
    // The simulated phone keeps its chat.
    const before = second.phone.messages().length;
    expect(await callTool(second.server, call("c"))).toMatchObject({ behavior: "deny" });
    expect(second.phone.messages()).toHaveLength(before);
    expect(await resume(second)).toEqual({ before: "panic", standing: "open", recorded: true });
    const answer = callTool(second.server, call("d"));
    await second.phone.tap((await second.request(1)).sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it.each(["PANIC!", "panic stop everything"])(
    "is heard as a reply to a request, in haste: %j",
    async (text) => {
      const { server, phone, request, told } = await startStage();
      const answer = callTool(server, call("a"));
      await phone.type(text, { quote: (await request()).sid });
      expect(await answer).toMatchObject({ message: expect.stringContaining("stopped all approvals") });
      await told("Stopped:");
    },
  );

  it.each(["https://evil.example", "http://localhost:3000", "null"])(
    "cannot be ended by a web page: %s",
    async (origin) => {
      const stage = await startStage();
      await stage.phone.type("panic");
      await stage.told("Stopped:");
      const response = await fetch(`${stage.server.localUrl}/control/resume`, {
        method: "POST",
        headers: { origin },
      });
      expect(response.status).toBe(403);
      expect(await callTool(stage.server, call("a"))).toMatchObject({ behavior: "deny" });
    },
  );
});

describe("several approvers", () => {
  const phones = ["+15005550006", "+15005550010"];
  const env = { APPROVAL_PHONE: phones.join(",") };

  it("are all asked; the first answer decides and the others are told by whom", async () => {
    const { server, phone } = await startStage({ env });
    const answer = callTool(server);
    const [first, second] = await Promise.all(
      phones.map((number) =>
        phone.waitForMessage((message) => message.phone === number && isRequest(message)),
      ),
    );
    await phone.tap(second?.sid ?? "", "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
    const told = await phone.waitForMessage(
      (message) => message.phone === phones[0] && /approved by …0010/.test(message.body),
    );
    expect(told.body).toContain("Claude has the answer");
    await phone.tap(first?.sid ?? "", "deny");
    await phone.waitForMessage(
      (message) => message.phone === phones[0] && /was already approved/.test(message.body),
    );
  });

  it("leave one who cannot be reached aside", async () => {
    const { server, phone } = await startStage({ env });
    phone.fail({ kind: "callback", status: "undelivered", code: 63016 });
    const answer = callTool(server);
    await phone.waitForMessage(({ status }) => status === "undelivered");
    const reached = await phone.waitForMessage((message) => isRequest(message) && message.status === "read");
    await phone.tap(reached.sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("hear nothing of a stranger's reply", async () => {
    const { server, phone, log, request } = await startStage({ env });
    const answer = callTool(server);
    const { sid, body } = await request();
    const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1];
    await phone.type(`APPROVE ${id}`, { from: "+15005550001" });
    await phone.type("PANIC", { from: "+15005550001" });
    expect(log.text()).toContain("a reply from a number that may not approve");
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny" });
  });
});
