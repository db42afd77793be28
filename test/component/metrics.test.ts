// `/metrics` of a whole server: what is counted where it happens, and what the counts must never tell.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createInstruments } from "../../src/server/metrics/instruments.ts";
import { processMetrics } from "../../src/server/metrics/route.ts";
import { packageRoot } from "../../src/server/system.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";

type Scraped = ReadonlyMap<string, number>;

async function scrape({ server }: Pick<ServerStage, "server">): Promise<Scraped> {
  const response = await fetch(`${server.localUrl}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; *version=0\.0\.4/);
  return new Map(
    (await response.text())
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

const own = (scraped: Scraped) => [...scraped].filter(([name]) => name.startsWith("approval_"));

describe("the counts of a server", () => {
  it("say how requests ended, by door, and how long the person and the answer took", async () => {
    const stage = await startStage();
    const { server, phone, request, told } = stage;
    const first = callTool(server);
    const { sid } = await request();
    expect((await scrape(stage)).get("approval_requests_waiting")).toBe(1);
    await phone.tap(sid, "approve");
    expect(await first).toMatchObject({ behavior: "allow" });
    await told("approved: Claude has the answer");
    const second = callTool(server, { ...BASH_CALL, tool_use_id: "toolu_2", input: { command: "id" } });
    await phone.tap((await request(1)).sid, "deny");
    expect(await second).toMatchObject({ behavior: "deny" });
    await told("denied: Claude has the answer");
    // The phone has it before Twilio's answer has come back.
    const notices = 'approval_messages_sent_total{kind="notice"}';
    await expect.poll(async () => (await scrape(stage)).get(notices)).toBe(2);
    const scraped = await scrape(stage);
    expect(scraped.get('approval_requests_total{outcome="approved",door="mcp"}')).toBe(1);
    expect(scraped.get('approval_requests_total{outcome="denied",door="mcp"}')).toBe(1);
    expect(scraped.get("approval_requests_waiting")).toBe(0);
    expect(scraped.get("approval_send_queue_length")).toBe(0);
    for (const name of ["approval_decision_seconds", "approval_tap_to_answer_seconds"]) {
      expect([name, scraped.get(`${name}_count`)]).toEqual([name, 2]);
      expect(scraped.get(`${name}_sum`)).toBeGreaterThan(0);
    }
    expect(scraped.get('approval_messages_sent_total{kind="request"}')).toBe(2);
    expect(scraped.get('approval_send_seconds_count{kind="request"}')).toBe(2);
  });

  it("measure no person where none decided", async () => {
    const stage = await startStage();
    const left = new AbortController();
    const answer = callTool(stage.server, BASH_CALL, { signal: left.signal });
    await stage.request();
    left.abort();
    await expect(answer).rejects.toThrow();
    const scraped = await vi.waitFor(async () => {
      const now = await scrape(stage);
      expect(now.get('approval_requests_total{outcome="cancelled",door="mcp"}')).toBe(1);
      return now;
    }, PATIENCE_MS);
    expect(scraped.get("approval_decision_seconds_count")).toBe(0);
    expect(scraped.get("approval_tap_to_answer_seconds_count")).toBe(0);
  });

  it("have what was turned away before it became a request", async () => {
    const stage = await startStage({ env: { MAX_REQUESTS_PER_MINUTE: "1" } });
    const first = callTool(stage.server);
    await stage.request();
    const other = { ...BASH_CALL, tool_use_id: "toolu_2", input: { command: "id" } };
    expect(await callTool(stage.server, other)).toMatchObject({ behavior: "deny" });
    expect((await scrape(stage)).get('approval_requests_total{outcome="limited",door="mcp"}')).toBe(1);
    await stage.phone.tap((await stage.request()).sid, "deny");
    await first;
  });

  it.each([
    [{ kind: "reject", httpStatus: 400, code: 21211 } as const, "21211"],
    [{ kind: "reject", httpStatus: 400, code: 987_654 } as const, "other"],
    [{ kind: "callback", status: "undelivered", code: 63024 } as const, "63024"],
  ])("have Twilio's errors, those that it reports later too: %j", async (fault, code) => {
    const stage = await startStage();
    stage.phone.fail(fault);
    expect(await callTool(stage.server)).toMatchObject({ behavior: "deny" });
    const scraped = await scrape(stage);
    expect(scraped.get(`approval_twilio_errors_total{code="${code}"}`)).toBe(1);
    expect(scraped.get('approval_requests_total{outcome="undeliverable",door="mcp"}')).toBe(1);
  });

  it("are each server's own", async () => {
    const [one, two] = [await startStage(), await startStage()];
    const answer = callTool(one.server);
    await one.phone.tap((await one.request()).sid, "deny");
    await answer;
    expect((await scrape(one)).get('approval_requests_total{outcome="denied",door="mcp"}')).toBe(1);
    expect([...(await scrape(two)).keys()].filter((name) => name.includes("denied"))).toEqual([]);
  });

  it("hold nothing of a call, a person or a project", async () => {
    const stage = await startStage();
    const { server, phone, request } = stage;
    const headers = { "X-Approval-Project": "/home/somebody/secret-project" };
    const answer = callTool(server, BASH_CALL, { headers });
    const { sid, body } = await request();
    await phone.tap(sid, "deny");
    await answer;
    const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "no id";
    const text = own(await scrape(stage)).join("\n");
    for (const word of [id, sid, "Bash", "ls -la", "secret-project", "5550006", "toolu"]) {
      expect(text).not.toContain(word);
    }
    const labels = own(await scrape(stage)).flatMap(([name]) =>
      [...name.matchAll(/([a-z]+)="/g)].map(([, label]) => label),
    );
    expect([...new Set(labels)].sort()).toEqual(
      ["code", "door", "kind", "le", "outcome"].filter((name) => labels.includes(name)),
    );
  });
});

describe("/metrics", () => {
  it("wants the token where one is set", async () => {
    const APPROVAL_TOKEN = "0123456789abcdef";
    const { server } = await startStage({ env: { APPROVAL_TOKEN } });
    expect((await fetch(`${server.localUrl}/metrics`)).status).toBe(401);
    const headers = { authorization: `Bearer ${APPROVAL_TOKEN}` };
    expect((await fetch(`${server.localUrl}/metrics`, { headers })).status).toBe(200);
  });

  it("is not for web pages, nor on the port that a tunnel exposes", async () => {
    const { server } = await startStage();
    const headers = { origin: "https://example.com" };
    expect((await fetch(`${server.localUrl}/metrics`, { headers })).status).toBe(403);
    expect((await fetch(new URL("/metrics", server.webhookUrl))).status).toBe(404);
  });
});

describe("docs/operations.md", () => {
  const page = readFileSync(join(packageRoot(), "docs", "operations.md"), "utf8");

  it("lists every metric with its type and its labels, and no other", async () => {
    const { registry } = createInstruments({ waiting: () => 0, queued: () => 0 });
    const rows = [...page.matchAll(/^- \*\*`(approval_\w+)`\*\* \((\w+)(?:, by )?(.*?)\): /gm)];
    const listed = rows.map(([, name, type, labels = ""]) => [
      name,
      type,
      [...labels.matchAll(/`(\w+)`/g)].map(([, l]) => l),
    ]);
    const there = registry.getMetricsAsArray().map((metric) => {
      const {
        name,
        type,
        labelNames = [],
      } = metric as unknown as { name: string; type: string; labelNames?: string[] };
      return [name, type, labelNames];
    });
    expect(listed).toEqual(there);
  });

  it("names the beginnings of those of the process, all of them", async () => {
    const beginnings = [...page.matchAll(/`(\w+_)\*`/g)].map(([, beginning = ""]) => beginning);
    expect(beginnings).toEqual(["process_", "nodejs_"]);
    const names = (await processMetrics()).getMetricsAsArray().map(({ name }) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !beginnings.some((beginning) => name.startsWith(beginning)))).toEqual([]);
  });
});
