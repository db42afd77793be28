// What reads the record over the local port: it shows what happened, changes nothing, and is for nobody else's page.
import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";

const OWN = "o".repeat(40);
const CI = "c".repeat(40);
const PATHS = [
  "/",
  "/record/page.js",
  "/record/api/status",
  "/record/api/changes",
  "/record/api/requests",
  "/record/api/requests/aaaaa",
];

interface Got {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

function call(
  { server }: Pick<ServerStage, "server">,
  path: string,
  headers = {},
  method = "GET",
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(server.localUrl + path, { method, headers }, (res) => {
      let body = "";
      res.on("data", (chunk: Buffer) => {
        body += chunk.toString("utf8");
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, body, headers: res.headers }));
    });
    sent.on("error", reject).end();
  });
}

async function json(stage: Pick<ServerStage, "server">, path: string, headers = {}) {
  const { status, body } = await call(stage, `/record/api/${path}`, headers);
  expect(status, body).toBe(200);
  return JSON.parse(body);
}

/** Asks, taps on the phone, and waits until the caller has the answer. */
async function decided(stage: ServerStage, verb: "approve" | "deny", command: string, headers = {}) {
  const before = stage.phone.messages().filter(({ buttons }) => buttons.length > 0).length;
  const answer = callTool(
    stage.server,
    { tool_name: "Bash", input: { command }, tool_use_id: command },
    { headers },
  );
  const { sid, body } = await stage.request(before);
  const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
  await stage.phone.tap(sid, verb);
  await answer;
  await stage.told(`${id} ${verb === "approve" ? "approved" : "denied"}`);
  return id;
}

describe("the record's page", () => {
  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])(
    "takes no %s at any address, and a request that waits still waits",
    async (method) => {
      const stage = await startStage();
      const answer = callTool(stage.server);
      const { sid, body } = await stage.request();
      const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
      for (const path of [
        ...PATHS,
        `/record/api/requests/${id}`,
        `/record/api/requests/${id}/approve`,
        "/record",
      ]) {
        const { status, headers } = await call(stage, path, {}, method);
        expect([path, status]).toEqual([path, 405]);
        expect(headers["allow"]).toBe("GET, HEAD");
      }
      expect((await json(stage, "status")).waiting).toMatchObject([{ id }]);
      await stage.phone.tap(sid, "deny");
      expect(await answer).toMatchObject({ behavior: "deny" });
    },
  );

  it.each([
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }],
    ["another port, by a picture's address", { "sec-fetch-site": "same-site", "sec-fetch-dest": "image" }],
    ["another site, by a script's address", { "sec-fetch-site": "cross-site", "sec-fetch-dest": "script" }],
    ["a frame in another site", { "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe" }],
    ["a page with no origin", { origin: "null" }],
    ["a rebound name", { host: "rebound.example:8000" }],
  ])("is not for %s", async (_, headers) => {
    const stage = await startStage();
    for (const path of PATHS) expect([path, (await call(stage, path, headers)).status]).toEqual([path, 403]);
  });

  it("is for itself, for programs, and for whoever follows a link to it", async () => {
    const stage = await startStage();
    const own = { origin: stage.server.localUrl, "sec-fetch-site": "same-origin" };
    for (const path of ["/", "/record/page.js", "/record/api/status", "/record/api/requests"]) {
      expect([path, (await call(stage, path, own)).status]).toEqual([path, 200]);
      expect([path, (await call(stage, path)).status]).toEqual([path, 200]);
    }
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-dest": "document" };
    expect((await call(stage, "/", link)).status).toBe(200);
    expect((await call(stage, "/record/api/requests", link)).status).toBe(403);
  });

  it("runs no script but its own, and cannot be framed or read from elsewhere", async () => {
    const stage = await startStage();
    for (const path of PATHS) {
      const { headers, body } = await call(stage, path);
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
      expect(body).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|<style|\sstyle=/);
    }
  });

  it("leaves the doors closed to it: from this page nothing can be asked, fetched or resumed", async () => {
    const stage = await startStage();
    const own = { origin: stage.server.localUrl, "sec-fetch-site": "same-origin" };
    expect((await call(stage, "/v1/approvals", own)).status).toBe(403);
    expect((await call(stage, "/v1/approvals", own, "POST")).status).toBe(403);
    expect((await call(stage, "/control/resume", own, "POST")).status).toBe(403);
    expect((await call(stage, "/hooks/permission-request", own, "POST")).status).toBe(403);
  });

  it("gives out no file beside its own", async () => {
    const stage = await startStage();
    for (const path of [
      "/record/../../package.json",
      "/record/%2e%2e/%2e%2e/package.json",
      "/record/..%2ftsconfig.json",
    ]) {
      expect([path, (await call(stage, path)).status]).not.toEqual([path, 200]);
    }
  });
});

describe("the record", () => {
  it("tells a request's whole story: asked, sent, delivered, answered, told", async () => {
    const stage = await startStage();
    const id = await decided(stage, "approve", "echo one\necho \u202e two");
    await expect
      .poll(async () => JSON.stringify(await json(stage, `requests/${id}`)))
      .toMatch(/delivered_at.*What became of it/);
    const story = await json(stage, `requests/${id}`);
    expect(story).toMatchObject({ id, status: "approved", told: "The caller has the answer.", door: "mcp" });
    expect(story.outcome).toMatch(/^approved by …\d{4}$/);
    expect(story.fields).toEqual([{ name: "command", text: "echo one\necho ⟨U+202E⟩ two" }]);
    const purposes = story.messages.map(({ purpose }: { purpose: string }) => purpose);
    expect(purposes).toEqual(
      expect.arrayContaining([
        "A part of its full text",
        "The request, with its buttons",
        "What became of it",
      ]),
    );
    expect(story.replies).toMatchObject([{ words: "Approve: it counted" }]);
    const { sent, waiting } = await json(stage, "status");
    expect(waiting).toEqual([]);
    expect(sent).toEqual({ sender: "simulated", today: story.messages.length, month: story.messages.length });
  });

  it("is filtered, searched and read page by page", async () => {
    const stage = await startStage();
    const first = await decided(stage, "approve", "echo apples");
    const second = await decided(stage, "deny", "echo 100%_pears");
    const ids = async (query: string) =>
      (await json(stage, `requests?${query}`)).requests.map((each: { id: string }) => each.id);
    expect(await ids("")).toEqual([second, first]);
    expect(await ids("status=approved")).toEqual([first]);
    expect(await ids("q=APPLES")).toEqual([first]);
    expect(await ids("q=100%25_p")).toEqual([second]);
    expect(await ids("q=100%25%25")).toEqual([]);
    expect(await ids(`q=${first}`)).toEqual([first]);
    expect(await ids("tool=Bash&door=mcp&project=none")).toEqual([]);
    expect(await ids("until=1")).toEqual([]);
    const page = await json(stage, "requests?limit=1");
    expect(await ids(`limit=1&before=${page.next}`)).toEqual([first]);
    expect((await call(stage, "/record/api/requests?before=x")).status).toBe(400);
    expect((await call(stage, "/record/api/requests?colour=red")).status).toBe(400);
  });

  it("tells who waits for news at once", async () => {
    const stage = await startStage();
    const { record_version: version } = await json(stage, "status");
    const news = json(stage, `changes?after=${version}`);
    const answer = callTool(stage.server);
    expect((await news).record_version).not.toBe(version);
    await stage.phone.tap((await stage.request()).sid, "deny");
    await answer;
  });
});

describe("with a token", () => {
  const env = { APPROVAL_TOKEN: OWN, APPROVAL_TOKENS: `ci:${CI}` };
  const own = { authorization: `Bearer ${OWN}` };
  const ci = { authorization: `Bearer ${CI}` };

  it("loads the page without it, and reads nothing", async () => {
    const stage = await startStage({ env });
    expect((await call(stage, "/")).status).toBe(200);
    for (const path of PATHS.slice(2)) {
      expect([path, (await call(stage, path)).status]).toEqual([path, 401]);
      expect([path, (await call(stage, `${path}?token=${OWN}`)).status]).toEqual([path, 401]);
    }
  });

  it("shows a named token what it has asked, and nothing of the others", async () => {
    const stage = await startStage({ env });
    const mine = await decided(stage, "deny", "echo mine", ci);
    const other = await decided(stage, "deny", "echo other", own);
    const seen = await json(stage, "requests?q=echo", ci);
    expect(seen.requests).toMatchObject([{ id: mine, requester: "ci" }]);
    expect((await call(stage, `/record/api/requests/${other}`, ci)).status).toBe(404);
    expect(Object.keys(await json(stage, "status", ci)).sort()).toEqual(
      ["mode", "now", "record_version", "requester", "up_since", "waiting"].sort(),
    );
    expect((await json(stage, "requests", own)).requests).toHaveLength(2);
  });
});
