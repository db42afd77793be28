// The chat of the simulated phone over a restart.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSimulator } from "../../src/simulator/create-simulator.ts";
import { openPhone } from "../helpers/phone-client.ts";
import { startServer } from "../helpers/server-process.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const PHONE = "+15005550006";

async function start(chatFile: string, phones: readonly string[] = [PHONE]) {
  const simulator = await createSimulator({
    accountSid: `AC${"1".repeat(32)}`,
    authToken: "0123456789abcdef",
    sender: "whatsapp:+14155238886",
    phones,
    webhookUrl: () => "http://127.0.0.1:9/twilio-webhook",
    pageDir: temporaryFolder(),
    port: 0,
    chatFile,
  });
  onTestFinished(() => simulator.close());
  return simulator;
}

describe("a chat that is kept", () => {
  it("has its messages, with their ids, after a restart, in a file for its owner only", async () => {
    const file = join(temporaryFolder(), "phone.json");
    const first = await start(file);
    await first.type("hello");
    await first.type("again", { quote: first.messages()[0]?.sid ?? "" });
    const before = first.messages();
    await first.close();
    const second = await start(file);
    expect(second.messages()).toEqual(before);
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe("600");
    expect(await readFile(file, "utf8")).not.toContain("0123456789abcdef");
  });

  it("keeps the last 300 messages", async () => {
    const file = join(temporaryFolder(), "phone.json");
    const first = await start(file);
    for (let index = 0; index < 301; index += 1) await first.type(`STOP`);
    const sids = first.messages().map(({ sid }) => sid);
    await first.close();
    const second = await start(file);
    expect(second.messages().map(({ sid }) => sid)).toEqual(sids.slice(-300));
  });

  it.each(["", "{", "null", "[]", '[{"message":{}}]', "[1,2]", '{"a":1}'])(
    "begins anew where the file holds %j",
    async (content) => {
      const file = join(temporaryFolder(), "phone.json");
      await writeFile(file, content);
      expect((await start(file)).messages()).toEqual([]);
    },
  );

  it("shows nothing of a phone that is no longer there", async () => {
    const file = join(temporaryFolder(), "phone.json");
    const first = await start(file);
    await first.type("hello");
    await first.close();
    expect((await start(file, ["+15005550001"])).messages()).toEqual([]);
  });

  it("that cannot be written is no reason to stop", async () => {
    const simulator = await start(join(temporaryFolder(), "absent", "phone.json"));
    await simulator.type("hello");
    await simulator.close();
    expect(simulator.messages()).toHaveLength(1);
  });
});

describe("a restart of the server", () => {
  it("leaves the chat on the phone; the buttons of an old request say that it is over", async () => {
    const dir = temporaryFolder();
    const first = await startServer({ dir });
    onTestFinished(() => first.kill());
    const phone = await openPhone(first.phoneUrl);
    const answer = callTool({ localUrl: first.url }, BASH_CALL);
    const { id, message } = await phone.waitForRequest();
    phone.close();
    expect(await first.stop()).toBe(0);
    await answer;
    const second = await startServer({ dir });
    onTestFinished(() => second.kill());
    const again = await openPhone(second.phoneUrl);
    onTestFinished(() => again.close());
    expect((await again.waitForMessage(({ sid }) => sid === message.sid)).body).toBe(message.body);
    await again.tap(message.sid, `approve:${id}`);
    const told = await again.waitForMessage(({ body }) => body.startsWith(`⌛ ${id} ended`));
    expect(told.body).toContain("the approval server was stopped: nothing ran");
  });
});
