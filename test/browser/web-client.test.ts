// A web page as a client, in a real browser: what its own rules let the page send and read is what ALLOWED_ORIGINS says.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { launchBrowser } from "../helpers/browser.ts";
import { BASH_CALL, startStage } from "../helpers/server-stage.ts";

const OWN = "o".repeat(40);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** An empty page on an origin of its own, which is not the approval server's. */
async function servePage(): Promise<string> {
  const server = createServer((_req, res) =>
    res.setHeader("content-type", "text/html").end("<!doctype html>"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function openPage(url: string): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** What the page's own `fetch` comes to; "refused" where the browser lets it read nothing. */
function fetchIn(
  page: Page,
  url: string,
  init: RequestInit,
): Promise<{ status: number; text: string } | "refused"> {
  return page.evaluate(
    async ([address, options]) => {
      try {
        const answer = await fetch(address, options);
        return { status: answer.status, text: await answer.text() };
      } catch {
        return "refused" as const;
      }
    },
    [url, init] as const,
  );
}

const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const withToken = { ...json, authorization: `Bearer ${OWN}`, "mcp-protocol-version": "2025-11-25" };
const call = (id: number) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name: "permissions__approve", arguments: BASH_CALL },
  });

it("a page of an allowed origin asks and reads the answer, by /mcp, /v1 and /sse; one of another origin does neither", async () => {
  const [allowed, other] = [await servePage(), await servePage()];
  const env = { APPROVAL_TOKEN: OWN, ALLOWED_ORIGINS: allowed };
  const { server, phone, request } = await startStage({ env });
  const [page, stranger] = [await openPage(allowed), await openPage(other)];

  const asked = fetchIn(page, `${server.localUrl}/mcp`, {
    method: "POST",
    headers: withToken,
    body: call(1),
  });
  await phone.tap((await request(0)).sid, "approve");
  expect(await asked).toMatchObject({
    status: 200,
    text: expect.stringContaining('\\"behavior\\":\\"allow\\"'),
  });

  const listed = await fetchIn(page, `${server.localUrl}/v1/approvals`, { headers: withToken });
  expect(listed).toMatchObject({ status: 200, text: expect.stringContaining('"approved"') });
  expect(await fetchIn(page, `${server.localUrl}/v1/approvals`, { headers: json })).toMatchObject({
    status: 401,
  });

  const told = page.evaluate(
    async ([base, headers, body]) => {
      const stream = await fetch(`${base}/sse`, { headers });
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      let isAsked = false;
      for (;;) {
        const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
        if (done) return text;
        text += value ?? "";
        const [, endpoint] = /event: endpoint\ndata: (\S+)\n\n/.exec(text) ?? [];
        if (endpoint !== undefined && !isAsked) {
          isAsked = true;
          await fetch(base + endpoint, { method: "POST", headers, body });
        }
        if (text.includes("behavior")) return text;
      }
    },
    [server.localUrl, withToken, call(2).replace("toolu_1", "toolu_2")] as const,
  );
  await phone.tap((await request(1)).sid, "deny");
  expect(await told).toContain('\\"behavior\\":\\"deny\\"');

  const count = phone.messages().length;
  for (const path of ["/mcp", "/v1/approvals", "/message?sessionId=x"]) {
    const post = { method: "POST", headers: withToken, body: call(3) };
    expect([path, await fetchIn(stranger, server.localUrl + path, post)]).toEqual([path, "refused"]);
  }
  for (const path of ["/hooks/stop", "/control/resume"]) {
    const post = { method: "POST", headers: withToken, body: "{}" };
    expect([path, await fetchIn(page, server.localUrl + path, post)]).toEqual([path, "refused"]);
  }
  for (const path of ["/record/api/requests", "/health", "/metrics"]) {
    expect([path, await fetchIn(page, server.localUrl + path, { headers: withToken })]).toEqual([
      path,
      "refused",
    ]);
  }
  expect(phone.messages().length).toBe(count);
});
