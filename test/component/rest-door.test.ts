// The REST door over a real gate: repeats, withdrawals, whose requests a token sees, pages, and what is left after a stop.

import { describe, expect, it } from "vitest";
import type { Inspector } from "../../src/core/ports/inspector.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { MAX_RESIDENTS } from "../../src/doors/held/held-results.ts";
import { PHONE, plainInspector, SUBMISSION } from "../helpers/gate-stage.ts";
import { ASK, ask, type RestCall, rest } from "../helpers/rest-client.ts";
import { type RestStage, startRestStage } from "../helpers/rest-stage.ts";

const APPROVE = { kind: "approve", by: PHONE } as const;
const APPROVALS = "/v1/approvals";
const as = (name: string) => ({ "x-test-requester": name });
const keyed = (key: string, body: object = ASK, headers = {}): RestCall => ({
  method: "POST",
  body,
  headers: { "idempotency-key": key, ...headers },
});

/** Takes so long that the calls that came together have all come in. */
const slowInspector: Inspector = {
  async inspect(call) {
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    return plainInspector.inspect(call);
  },
};

describe("an Idempotency-Key", () => {
  it("makes a repeat the same request: one message, the same id", async () => {
    const stage = await startRestStage();
    const first = await rest(stage, APPROVALS, keyed("run-1"));
    const second = await rest(stage, APPROVALS, keyed("run-1"));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(stage.asked).toHaveLength(1);
  });

  it("makes many at once one request", async () => {
    const stage = await startRestStage({ inspector: slowInspector });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => rest(stage, APPROVALS, keyed("run-1"))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body["approval_id"])).size).toBe(1);
    expect(stage.asked).toHaveLength(1);
  });

  it.each<[string, object, Record<string, string>]>([
    ["action", { ...ASK, action: "kubectl delete namespace shop" }, {}],
    ["time", { ...ASK, timeout_seconds: 60 }, {}],
    ["project", ASK, { "x-approval-project": "/code/other" }],
  ])("is refused with another %s, and nobody is asked", async (_, body, headers) => {
    const stage = await startRestStage();
    await rest(stage, APPROVALS, keyed("run-1"));
    const { status, body: problem } = await rest(stage, APPROVALS, keyed("run-1", body, headers));
    expect([status, problem["type"]]).toEqual([422, "urn:approval-server:key-used"]);
    expect(stage.asked).toHaveLength(1);
  });

  it("is refused with another body at the same moment", async () => {
    const stage = await startRestStage({ inspector: slowInspector });
    const other = { ...ASK, action: "kubectl delete namespace shop" };
    const answers = await Promise.all([
      rest(stage, APPROVALS, keyed("run-1")),
      rest(stage, APPROVALS, keyed("run-1", other)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(stage.asked).toHaveLength(1);
  });

  it("after the decision gives how the request stands, and that counts as fetched", async () => {
    const stage = await startRestStage();
    await rest(stage, APPROVALS, keyed("run-1"));
    const resolved = await stage.gate.resolve(stage.id(), APPROVE);
    expect(await rest(stage, APPROVALS, keyed("run-1"))).toMatchObject({
      status: 200,
      body: { status: "approved" },
    });
    expect(await (resolved.kind === "decided" && resolved.acknowledged)).toBe(true);
  });

  it("belongs to its token", async () => {
    const stage = await startRestStage();
    for (const headers of [as("ci"), as("laptop"), {}]) {
      expect((await rest(stage, APPROVALS, keyed("run-1", ASK, headers))).status).toBe(201);
    }
    expect(stage.asked).toHaveLength(3);
  });

  it("is forgotten after an hour: a person is asked again", async () => {
    const stage = await startRestStage();
    const first = await rest(stage, APPROVALS, keyed("run-1"));
    await stage.gate.resolve(stage.id(), APPROVE);
    await rest(stage, String(first.headers.get("location")));
    await stage.clock.advance(3_600_001);
    expect(await rest(stage, APPROVALS, keyed("run-1"))).toMatchObject({
      status: 201,
      body: { status: "pending" },
    });
    expect(stage.asked).toHaveLength(2);
  });

  it("that cannot be recorded asks for nothing: the request is withdrawn", async () => {
    const addKey = () => Promise.reject(new Error("disk full"));
    const stage = await startRestStage({ store: (real) => ({ ...real, addKey }) });
    expect((await rest(stage, APPROVALS, keyed("run-1"))).status).toBe(503);
    await stage.clock.advance(0);
    expect(stage.gate.waiting()).toEqual([]);
  });
});

describe("a withdrawal", () => {
  it("ends a request that waits; a tap that comes then is stale", async () => {
    const stage = await startRestStage();
    const { path, id } = await ask(stage);
    const withdrawn = { status: "error", decided: false, reason: expect.stringContaining("was withdrawn") };
    expect(await rest(stage, path, { method: "DELETE" })).toMatchObject({ status: 200, body: withdrawn });
    expect(await stage.gate.resolve(stage.id(), APPROVE)).toMatchObject({ kind: "stale" });
    expect(stage.ended).toMatchObject([
      { request: { id }, outcome: { status: "cancelled", cause: "withdrawn" } },
    ]);
    expect((await rest(stage, path)).body).toMatchObject(withdrawn);
    await stage.clock.advance(10_000);
    expect((await rest(stage, path)).body).toMatchObject(withdrawn);
  });

  it("releases a poll", async () => {
    const stage = await startRestStage();
    const { path } = await ask(stage);
    const polled = rest(stage, `${path}?wait=true`);
    await rest(stage, path, { method: "DELETE" });
    expect((await polled).body).toMatchObject({ status: "error" });
  });

  it("takes back an approval that nobody has fetched, and the phone is not told otherwise", async () => {
    const stage = await startRestStage();
    const { path } = await ask(stage);
    const resolved = await stage.gate.resolve(stage.id(), APPROVE);
    expect((await rest(stage, path, { method: "DELETE" })).body).toMatchObject({
      status: "error",
      decided: false,
    });
    expect(await (resolved.kind === "decided" && resolved.acknowledged)).toBe(false);
    for (const ms of [0, 10_000]) {
      await stage.clock.advance(ms);
      expect((await rest(stage, path)).body).toMatchObject({ decided: false });
    }
  });

  it("of what was fetched or has ended changes nothing", async () => {
    const stage = await startRestStage();
    const { path } = await ask(stage);
    await stage.gate.resolve(stage.id(), APPROVE);
    await rest(stage, path);
    for (const ms of [0, 10_000]) {
      await stage.clock.advance(ms);
      expect((await rest(stage, path, { method: "DELETE" })).status).toBe(409);
    }
    expect((await rest(stage, path)).body).toMatchObject({ status: "approved" });
  });

  it("of a request of another door is refused, and it goes on waiting", async () => {
    const stage = await startRestStage();
    void stage.gate.request(SUBMISSION);
    await stage.clock.advance(0);
    const path = `${APPROVALS}/${stage.id()}`;
    expect((await rest(stage, path, { method: "DELETE" })).body["type"]).toBe(
      "urn:approval-server:not-waiting",
    );
    expect(stage.gate.waiting()).toHaveLength(1);
    expect((await rest(stage, `${path}?wait=true`)).body).toMatchObject({ status: "pending" });
  });
});

describe("a token with a name", () => {
  it("sees, fetches and withdraws its own requests only; another's are not there", async () => {
    const stage = await startRestStage();
    void stage.gate.request(SUBMISSION);
    const mine = await ask(stage, ASK, as("ci"));
    const theirs = await ask(stage, ASK, as("laptop"));
    const headers = as("ci");
    const listed = async (call = {}) =>
      ((await rest(stage, APPROVALS, call)).body["approvals"] as { approval_id: string }[]).length;
    expect([await listed({ headers }), await listed()]).toEqual([1, 3]);
    await stage.gate.resolve(theirs.id as never, APPROVE);
    for (const method of ["GET", "DELETE"]) {
      expect((await rest(stage, theirs.path, { method, headers })).status).toBe(404);
    }
    expect((await rest(stage, `${APPROVALS}/${stage.id()}`, { headers })).status).toBe(404);
    expect((await rest(stage, theirs.path, { headers: as("laptop") })).body).toMatchObject({
      status: "approved",
    });
    await stage.clock.advance(10_000);
    expect((await rest(stage, theirs.path, { headers })).status).toBe(404);
    expect((await rest(stage, mine.path, { method: "DELETE", headers })).status).toBe(200);
  });
});

describe("the list", () => {
  it("goes by pages, newest first, to the end", async () => {
    const stage = await startRestStage();
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) {
      ids.unshift((await ask(stage)).id);
      await stage.clock.advance(1);
    }
    const seen: unknown[] = [];
    let next = `${APPROVALS}?limit=2`;
    for (;;) {
      const { body } = await rest(stage, next);
      seen.push(...(body["approvals"] as { approval_id: string }[]).map(({ approval_id }) => approval_id));
      if (body["next_cursor"] === undefined) break;
      expect(ids.some((id) => String(body["next_cursor"]).includes(id))).toBe(false);
      next = `${APPROVALS}?limit=2&cursor=${body["next_cursor"]}`;
    }
    expect(seen).toEqual(ids);
  });

  it("shows masked input only, with door, tool and project", async () => {
    const inspector = {
      inspect: async (call: object) =>
        ({ shown: { ...call, input: { action: "[secret]" } }, secrets: 1, warnings: [] }) as never,
    };
    const stage = await startRestStage({ inspector });
    await ask(stage, ASK, { "x-approval-project": "/code/web-shop" });
    const { body } = await rest(stage, APPROVALS);
    expect(body["approvals"]).toMatchObject([
      { door: "rest", tool_name: "request_approval", input: { action: "[secret]" }, project: "web-shop" },
    ]);
    expect(JSON.stringify(body)).not.toContain("kubectl");
  });

  it.each([
    ["pending", [true, false, false]],
    ["denied", [false, true, false]],
    ["approved", [false, false, true]],
    ["error", [false, false, false]],
    ["expired", [false, false, false]],
  ])("of what is %s", async (status, expected) => {
    const stage = await startRestStage();
    const paths = [];
    for (let made = 0; made < 3; made += 1) paths.push((await ask(stage)).path);
    await stage.gate.resolve(stage.id(1), { kind: "deny", by: PHONE });
    await stage.gate.resolve(stage.id(2), APPROVE);
    await rest(stage, String(paths[2]));
    await stage.clock.advance(0);
    const { body } = await rest(stage, `${APPROVALS}?status=${status}`);
    const found = (body["approvals"] as { approval_id: string }[]).map(({ approval_id }) => approval_id);
    expect([0, 1, 2].map((index) => found.includes(stage.id(index)))).toEqual(expected);
  });
});

describe("the REST door", () => {
  it("opens no more than so many requests at once, and takes new ones when others have ended", async () => {
    const letters = "abcdefghij";
    const ids = Array.from({ length: MAX_RESIDENTS + 1 }, (_, number) =>
      String(number)
        .padStart(5, "0")
        .replace(/\d/g, (digit) => letters[Number(digit)] ?? ""),
    ) as ApprovalId[];
    const stage = await startRestStage({ ids });
    const paths: string[] = [];
    for (let made = 0; made < MAX_RESIDENTS; made += 1) paths.push((await ask(stage)).path);
    const refused = await rest(stage, APPROVALS, { method: "POST", body: ASK });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
    expect(stage.asked).toHaveLength(MAX_RESIDENTS);
    await rest(stage, String(paths[0]), { method: "DELETE" });
    await stage.clock.advance(10_000);
    await ask(stage);
  });

  it("lets go of a poll whose caller has gone", async () => {
    const stage = await startRestStage();
    const { path } = await ask(stage);
    const before = stage.clock.pending();
    const caller = new AbortController();
    const polled = rest(stage, `${path}?wait=true`, { signal: caller.signal }).catch(() => "gone");
    while (stage.clock.pending() === before) await new Promise(setImmediate);
    caller.abort();
    expect(await polled).toBe("gone");
    while (stage.clock.pending() > before) await new Promise(setImmediate);
  });

  it("keeps nothing once all has ended, fetched or not", async () => {
    const stage = await startRestStage();
    const { path } = await ask(stage);
    await ask(stage);
    await stage.gate.resolve(stage.id(), APPROVE);
    await rest(stage, path);
    await stage.clock.advance(400_000);
    expect(stage.clock.pending()).toBe(0);
  });

  it("gives every open poll its denial at a stop, before the door closes, and leaves no timer", async () => {
    const stage = await startRestStage();
    const polled = await ask(stage);
    await ask(stage);
    const fetched = await ask(stage);
    await stage.gate.resolve(stage.id(2), APPROVE);
    await rest(stage, fetched.path);
    const unfetched = await ask(stage);
    const resolved = await stage.gate.resolve(stage.id(3), APPROVE);
    const before = stage.clock.pending();
    const answer = rest(stage, `${polled.path}?wait=true`);
    while (stage.clock.pending() === before) await new Promise(setImmediate);
    // The clock stands still: a stop that waited for its grace would never return.
    await stage.gate.stop();
    await stage.heldResults.close();
    expect((await answer).body).toMatchObject({
      status: "error",
      decided: false,
      reason: expect.stringContaining("shutting down; nothing was approved"),
    });
    expect(await (resolved.kind === "decided" && resolved.acknowledged)).toBe(false);
    expect(await stage.store.find(unfetched.id as never)).toMatchObject({
      status: "approved",
      acknowledged: false,
    });
    expect(stage.clock.pending()).toBe(0);
    const late = await rest(stage, APPROVALS, { method: "POST", body: ASK });
    expect(late).toMatchObject({ status: 503, body: { detail: expect.stringContaining("shutting down") } });
    expect(stage.clock.pending()).toBe(0);
  });

  it("gives up what waits when the door closes before the gate", async () => {
    const stage: RestStage = await startRestStage();
    const { id } = await ask(stage);
    await stage.heldResults.close();
    await stage.clock.advance(0);
    expect(await stage.store.find(id as never)).toMatchObject({ status: "cancelled" });
    expect(stage.clock.pending()).toBe(0);
  });
});
