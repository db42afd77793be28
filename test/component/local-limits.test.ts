// What one caller of the local port must not do to the others: read files through the server, take every place, or hold
// it up with an input that is large in an odd way.

import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newApprovalId } from "../../src/domain/tool-call.ts";
import { MAX_RESIDENTS } from "../../src/doors/held/held-results.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { ASK, ask, rest } from "../helpers/rest-client.ts";
import { startRestStage } from "../helpers/rest-stage.ts";
import { callTool, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const CI = "c".repeat(40);
const headers = { authorization: `Bearer ${CI}` };

describe("one caller of the local port", () => {
  it("gets no file back through the list, although the phone sees the plan in it", async () => {
    const { server, request, told } = await startStage({
      env: { APPROVAL_TOKEN: "o".repeat(40), APPROVAL_TOKENS: `ci:${CI}` },
    });
    const folder = temporaryFolder();
    const file = join(folder, "notes.md");
    writeFileSync(file, "nobody else's business");
    const leaving = new AbortController();
    const called = callTool(
      server,
      { tool_name: "ExitPlanMode", input: { planFilePath: file } },
      { headers: { ...headers, "X-Approval-Project": folder }, signal: leaving.signal },
    ).catch(() => {});
    await told("nobody else's business");
    await request();
    const { body } = await rest(server, "/v1/approvals", { headers });
    expect(body).toMatchObject({ approvals: [{ tool_name: "ExitPlanMode", input: { planFilePath: file } }] });
    expect(JSON.stringify(body)).not.toContain("business");
    leaving.abort();
    await called;
  });

  it("cannot take the places of the others with answers that it does not fetch", async () => {
    const ids = Array.from({ length: MAX_RESIDENTS + 9 }, () => newApprovalId(randomInt));
    const stage = await startRestStage({ ids });
    stage.setServiceMode({ kind: "panic", by: PHONE });
    const one = { "x-test-requester": "one" };
    for (let n = 0; n < MAX_RESIDENTS; n += 1) await ask(stage, ASK, one);
    const more = await rest(stage, "/v1/approvals", { method: "POST", body: ASK, headers: one });
    expect(more.status).toBe(429);
    await ask(stage, ASK, { "x-test-requester": "other" });
  });

  it("holds nobody up with a batch that is refused, nor with a million values", async () => {
    const { server } = await startStage();
    const message = (id: number, args: object) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "permissions__approve", arguments: args },
    });
    const post = (body: unknown) =>
      fetch(`${server.localUrl}/mcp`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-session-id": "any",
        },
        body: JSON.stringify(body),
      });
    const before = process.cpuUsage();
    const batch = await post(Array.from({ length: 60_000 }, (_, id) => message(id, {})));
    expect(batch.status).toBe(400);
    const input = { list: Array.from({ length: 500_000 }, (_, index) => `a${index}`) };
    const refused = await post(message(1, { tool_name: "x", input }));
    expect(await refused.text()).toContain("more than");
    expect((await rest(server, "/health")).body).toMatchObject({ waiting: 0 });
    // Once it was 15 s and 10 s in which nothing else was served. Processor time: another process may be busy meanwhile.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(8_000);
  });
});
