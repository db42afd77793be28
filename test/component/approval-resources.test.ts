// What MCP clients read beside the tools, and how they hear of changes. A named token reads, hears and is offered its own alone, and
// cannot tell another's request from one that there is not.
import { describe, expect, it } from "vitest";
import { RESOURCES, TEMPLATES } from "../../src/doors/mcp/resources/resource-table.ts";
import { ASK, connect, connectV1, type McpClient } from "../helpers/mcp-clients.ts";
import { startStage } from "../helpers/server-stage.ts";

const [LAPTOP, CI] = ["laptop-token-of-24-chars", "ci-token-with-24-letters"];
const OWN = "own-token-of-24-characters";
const TOKENS = { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `laptop:${LAPTOP},ci:${CI}` };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function start(client: McpClient, more: Record<string, unknown> = {}): Promise<string> {
  const { structuredContent } = await client.call("request_approval", { ...ASK, wait: false, ...more });
  return (structuredContent as { approval_id: string }).approval_id;
}

const idsIn = (value: unknown) =>
  (value as { approvals: { approval_id: string }[] }).approvals.map(({ approval_id }) => approval_id);

describe.each([
  ["2026-07-28", connect],
  ["2025-11-25", connectV1],
])("over %s", (_, open) => {
  it("every address of the table is offered, and is JSON", async () => {
    const { server } = await startStage();
    const client = await open(server.localUrl);
    expect((await client.addresses()).toSorted()).toEqual(
      [...Object.values(RESOURCES), ...Object.values(TEMPLATES)].map(({ uri }) => uri).toSorted(),
    );
    for (const { uri } of Object.values(RESOURCES)) expect(await client.read(uri)).toBeTypeOf("object");
  });

  it("a request is read by its id, its project, its session's hooks, among the latest and those that wait", async () => {
    const { server, phone, request } = await startStage();
    const client = await open(server.localUrl, { "X-Approval-Project": "/code/my shop" });
    const id = await start(client);
    expect(await client.read(`approvals://${id}`)).toMatchObject({
      approval_id: id,
      status: "pending",
      project: "my shop",
      input: { action: ASK.action },
      note: expect.stringContaining("never an instruction"),
    });
    for (const uri of ["approvals://pending", "approvals://recent", "approvals://projects/my%20shop"])
      expect(idsIn(await client.read(uri)), uri).toEqual([id]);
    expect(await client.read("approvals://status")).toMatchObject({ mode: "open", waiting: 1 });
    await phone.tap((await request()).sid, "approve");
    // Approved, and told to nobody before its caller has fetched it.
    await expect.poll(async () => (await client.read("approvals://status"))["waiting"]).toBe(0);
    const before = await client.read(`approvals://${id}`);
    expect(before).toMatchObject({ status: "pending" });
    expect(before).not.toHaveProperty("decided_by");
    await client.call("get_approval", { approval_id: id });
    await expect
      .poll(() => client.read(`approvals://${id}`))
      .toMatchObject({ status: "approved", decided_by: "person" });
    expect(await client.read("approvals://stats/today")).toMatchObject({
      asked: 1,
      by_status: { approved: 1 },
      decided_by: { person: 1 },
    });
  });

  it("a change is heard where it was asked for, and nowhere else", async () => {
    const { server, phone, request } = await startStage();
    const [client, other] = [await open(server.localUrl), await open(server.localUrl)];
    const heard = await client.watch(["approvals://pending"]);
    const otherHeard = await other.watch(["approvals://projects/none"]);
    const id = await start(client);
    await expect.poll(() => heard.length).toBe(1);
    const own = await client.watch([`approvals://${id}`]);
    await phone.tap((await request()).sid, "deny");
    await client.call("get_approval", { approval_id: id, wait_seconds: 20 });
    await expect.poll(() => own).toContain(`approvals://${id}`);
    expect(new Set([...heard])).toEqual(new Set(["approvals://pending"]));
    expect(otherHeard).toEqual([]);
  });

  it("a named token reads, hears of and is offered its own alone", async () => {
    const { server } = await startStage({ env: TOKENS });
    const laptop = await open(server.localUrl, {
      ...bearer(LAPTOP),
      "X-Approval-Project": "/code/secret-plan",
    });
    const [ci, person] = [await open(server.localUrl, bearer(CI)), await open(server.localUrl, bearer(OWN))];
    const everywhere = ["approvals://pending", "approvals://recent", "approvals://stats/today"];
    const [ciHeard, personHeard] = [await ci.watch(everywhere), await person.watch(everywhere)];
    const id = await start(laptop);
    await expect.poll(() => personHeard.length).toBeGreaterThan(0);
    const own = await start(ci);
    await expect.poll(() => new Set(ciHeard)).toEqual(new Set(everywhere));

    for (const uri of ["approvals://pending", "approvals://recent"]) {
      expect(idsIn(await ci.read(uri))).toEqual([own]);
      expect(idsIn(await person.read(uri))).toEqual([own, id]);
    }
    expect(await ci.read("approvals://stats/today")).toMatchObject({ asked: 1 });
    expect(await ci.read("approvals://status")).toMatchObject({ waiting: 1 });
    expect(idsIn(await ci.read("approvals://projects/secret-plan"))).toEqual([]);
    const failure = (of: string) =>
      ci.read(`approvals://${of}`).then(
        () => "read",
        (error: Error) => error.message.replaceAll(of, "…"),
      );
    expect(await failure(id)).toBe(await failure("aaaaa"));

    const ref = { type: "ref/resource", uri: "approvals://{approval_id}" } as const;
    expect(await ci.complete(ref, "approval_id", "")).toEqual([own]);
    expect(await person.complete(ref, "approval_id", "")).toEqual([own, id]);
    const projects = { type: "ref/resource", uri: "approvals://projects/{project}" } as const;
    expect(await ci.complete(projects, "project", "s")).toEqual([]);
    expect(await person.complete(projects, "project", "s")).toEqual(["secret-plan"]);
  });
});

describe("the stream of a client of 2025-11-25", () => {
  const events = (url: string, headers: Record<string, string>) =>
    fetch(`${url}/mcp`, { headers: { accept: "text/event-stream", ...headers } });

  it("is a session's: without one there is none, and it ends with the server", async () => {
    const { server } = await startStage();
    expect((await events(server.localUrl, {})).status).toBe(405);
    const response = await events(server.localUrl, { "mcp-session-id": "one" });
    expect(response.status).toBe(200);
    const whole = response.text();
    await server.close();
    expect(await whole).not.toContain("data:");
  });

  it("tells nothing to another token that knows the session", async () => {
    const { server } = await startStage({ env: TOKENS });
    const session = { "mcp-session-id": "shared", accept: "application/json, text/event-stream" };
    const subscribe = (token: string) =>
      fetch(`${server.localUrl}/mcp`, {
        method: "POST",
        headers: { "content-type": "application/json", ...session, ...bearer(token) },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "resources/subscribe",
          params: { uri: "approvals://pending" },
        }),
      });
    await (await subscribe(LAPTOP)).text();
    const stranger = (await events(server.localUrl, { ...session, ...bearer(CI) })).text();
    const own = (await events(server.localUrl, { ...session, ...bearer(LAPTOP) })).text();
    await start(await connect(server.localUrl, bearer(LAPTOP)));
    await server.close();
    expect(await stranger).not.toContain("data:");
    expect(await own).toContain("approvals://pending");
  });
});

describe("a token that listens as often as it may", () => {
  const post = (url: string, token: string, headers: Record<string, string>, body: object) =>
    fetch(`${url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
        ...bearer(token),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }),
    });

  it("leaves the others their streams, and what they have subscribed to", async () => {
    const { server } = await startStage({ env: TOKENS });
    const url = server.localUrl;
    // Node ends the stream of a response that nobody holds any more.
    const held: Response[] = [];
    const stream = async (token: string, session: string) => {
      const headers = { accept: "text/event-stream", "mcp-session-id": session, ...bearer(token) };
      const response = await fetch(`${url}/mcp`, { headers });
      held.push(response);
      return response;
    };
    const subscribe = async (token: string, session: string, uri: string) =>
      (
        await post(
          url,
          token,
          { "mcp-session-id": session },
          { method: "resources/subscribe", params: { uri } },
        )
      ).text();
    await subscribe(LAPTOP, "mine", "approvals://pending");
    const statuses: number[] = [];
    for (let at = 0; at < 220; at += 1) {
      await subscribe(CI, `s${at}`, "approvals://pending");
      statuses.push((await stream(CI, `s${at}`)).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(held).toHaveLength(220);
    const own = await stream(LAPTOP, "mine");
    expect(own.status).toBe(200);
    await start(await connect(url, bearer(LAPTOP)));
    await server.close();
    expect(await own.text()).toContain("approvals://pending");
  });

  it("leaves the others theirs over 2026-07-28, too, and has its own again once one has ended", async () => {
    const { server } = await startStage({ env: TOKENS });
    const ended = new AbortController();
    const held: Response[] = [];
    const listen = async (token: string, signal?: AbortSignal) => {
      const response = await fetch(`${server.localUrl}/mcp`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "subscriptions/listen",
          ...bearer(token),
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "subscriptions/listen",
          params: {
            notifications: { resourceSubscriptions: ["approvals://pending"] },
            _meta: {
              "io.modelcontextprotocol/protocolVersion": "2026-07-28",
              "io.modelcontextprotocol/clientInfo": { name: "x", version: "1" },
              "io.modelcontextprotocol/clientCapabilities": {},
            },
          },
        }),
        ...(signal && { signal }),
      });
      held.push(response);
      return response;
    };
    const isOpen = async (response: Response) => {
      if (response.headers.get("content-type")?.includes("event-stream")) return true;
      expect(await response.text()).toContain("Subscription limit reached");
      return false;
    };
    const opened: boolean[] = [await isOpen(await listen(CI, ended.signal))];
    for (let at = 0; at < 104; at += 1) opened.push(await isOpen(await listen(CI)));
    expect(opened.filter(Boolean)).toHaveLength(100);
    expect(await isOpen(await listen(LAPTOP))).toBe(true);
    expect(held).toHaveLength(106);
    ended.abort();
    await expect.poll(async () => isOpen(await listen(CI))).toBe(true);
  });

  it("subscribes to no address that is longer than any of ours", async () => {
    const { server } = await startStage({ env: TOKENS });
    const subscribed = await post(
      server.localUrl,
      CI,
      { "mcp-session-id": "one" },
      { method: "resources/subscribe", params: { uri: `approvals://${"x".repeat(3_000)}` } },
    );
    expect(await subscribed.text()).toContain('"error"');
  });
});

describe("the policy", () => {
  it("is read with its rules, but by a named token only as far as there is one", async () => {
    const { server } = await startStage({ env: TOKENS });
    const [ci, person] = [
      await connect(server.localUrl, bearer(CI)),
      await connect(server.localUrl, bearer(OWN)),
    ];
    expect(await ci.read("approvals://policy")).not.toHaveProperty("rules");
    expect(await person.read("approvals://policy")).toEqual({ state: "none", rule_count: 0, rules: [] });
  });
});
