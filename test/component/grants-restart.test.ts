// What Session has allowed ends with the process that gave it, whatever ends that.
import { describe, expect, it, onTestFinished } from "vitest";
import { askHook } from "../helpers/hook-client.ts";
import { openPhone } from "../helpers/phone-client.ts";
import { type ServerProcess, startServer } from "../helpers/server-process.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

async function start(dir: string) {
  const server = await startServer({ dir });
  onTestFinished(() => server.kill());
  const phone = await openPhone(server.phoneUrl);
  onTestFinished(() => phone.close());
  return { server, phone, ask: () => askHook({ localUrl: server.url }) };
}

describe("a grant", () => {
  it.each<[string, (server: ServerProcess) => Promise<unknown>]>([
    ["kill -9", (server) => server.kill()],
    ["a stop", (server) => server.stop()],
  ])("does not outlive %s", async (_, end) => {
    const dir = temporaryFolder();
    const first = await start(dir);
    const answer = first.ask();
    const { id, message } = await first.phone.waitForRequest();
    await first.phone.tap(message.sid, `session:${id}`);
    await answer;
    await first.phone.waitForMessage(({ body }) => body.includes(`REVOKE ${id} ends that`));
    expect(JSON.stringify(await first.ask())).toContain('"allow"');
    await end(first.server);

    const second = await start(dir);
    const health = await (await fetch(`${second.server.url}/health`)).json();
    expect(health).toMatchObject({ grants: 0 });
    const again = second.ask();
    // The simulated phone keeps its chat.
    const asked = await second.phone.waitForRequest((body) => !body.includes(id));
    await second.phone.tap(asked.message.sid, `deny:${asked.id}`);
    expect(JSON.stringify(await again)).toContain('"deny"');
  });
});
