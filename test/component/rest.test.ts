// The REST interface of a running server: asking, fetching the decision once it is there, and what becomes of one that
// nobody fetched.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/core/ports/clock.ts";
import { systemClock } from "../../src/server/system.ts";
import { createFakeClock, type FakeClock } from "../helpers/fake-clock.ts";
import { ASK, ask, rest } from "../helpers/rest-client.ts";
import { startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const NOT_FETCHED = expect.stringContaining(
  "the answer was not fetched in time or was taken back, so it counts no more",
);

describe("a request over REST", () => {
  it("is answered at once with its id, and shown on the phone", async () => {
    const { server, request } = await startStage();
    const headers = { "X-Approval-Project": "/code/web-shop" };
    const {
      status,
      headers: got,
      body,
    } = await rest(server, "/v1/approvals", { method: "POST", body: ASK, headers });
    const id = String(body["approval_id"]);
    expect(status).toBe(201);
    expect(got.get("location")).toBe(`/v1/approvals/${id}`);
    expect(body).toEqual({
      approval_id: id,
      status: "pending",
      decided: false,
      created_at: expect.any(String),
      expires_at: expect.any(String),
    });
    expect((await request()).body).toBe(
      "🔔 *Approval Request*\n\n*Tool:* `request_approval`\n  • action: kubectl rollout restart deployment/shop\n" +
        `  • summary: Restart the shop\n  • reason: It leaks memory\n\n*Project:* web-shop\n*Request ID:* ${id}\n\n` +
        "⏱️ Expires in 5 minutes",
    );
    expect((await rest(server, `/v1/approvals/${id}`)).body).toMatchObject({
      status: "pending",
      decided: false,
    });
  });

  it("is approved by a tap, which a long poll hears; the phone is told once the caller has it", async () => {
    const { server, phone, request, told } = await startStage();
    const { id, path } = await ask(server);
    const polled = rest(server, `${path}?wait=true`);
    await phone.tap((await request()).sid, "approve");
    expect((await polled).body).toMatchObject({ approval_id: id, status: "approved", decided: true });
    await told(`✅ ${id} approved: the caller has the answer`);
  });

  it("says nothing to the phone, and nothing in a list, until the decision is fetched; then again and again", async () => {
    const { server, phone, request, told } = await startStage();
    const { id, path } = await ask(server);
    await phone.tap((await request()).sid, "approve");
    expect((await rest(server, "/v1/approvals")).body["approvals"]).toMatchObject([{ status: "pending" }]);
    expect(phone.messages().filter(({ body }) => body.includes("has the answer"))).toEqual([]);
    for (let fetched = 0; fetched < 2; fetched += 1) {
      expect((await rest(server, path)).body).toMatchObject({ status: "approved", decided: true });
    }
    await told(`✅ ${id} approved: the caller has the answer`);
    expect((await rest(server, "/v1/approvals")).body["approvals"]).toMatchObject([{ status: "approved" }]);
  });

  it("is denied with the person's words", async () => {
    const { server, phone, path, id } = await asked();
    await phone.type(`DENY ${id} not on a Friday`);
    expect((await rest(server, path)).body).toMatchObject({
      status: "denied",
      decided: true,
      reason: expect.stringContaining("Their words: not on a Friday"),
    });
  });

  it("stays answered from the record when memory has let go of it", async () => {
    const clock = createFakeClock();
    const { server, path, approve } = await asked({ deps: { clock } });
    await approve();
    await rest(server, path);
    await clock.advance(10_000);
    expect((await rest(server, path)).body).toMatchObject({ status: "approved" });
  });

  it("is denied without asking while all is stopped", async () => {
    const { server, phone, told } = await startStage();
    await phone.type("PANIC");
    await told("Stopped");
    const { path } = await ask(server);
    expect((await rest(server, `${path}?wait=true`)).body).toMatchObject({
      status: "denied",
      reason: expect.stringContaining("The person has stopped all approvals"),
    });
  });

  it.each([
    [300, "expired"],
    [60, "timeout"],
  ])("that nobody answers within %d s is %s, and a poll hears that", async (timeout_seconds, status) => {
    const clock = createFakeClock();
    const { server, path } = await asked({ deps: { clock } }, { ...ASK, timeout_seconds });
    let polled = (await rest(server, path)).body;
    while (polled["status"] === "pending") {
      const before = pollsOf(clock);
      const next = rest(server, `${path}?wait=true`);
      await expect.poll(() => pollsOf(clock)).toBe(before + 1);
      await clock.advance(60_000);
      polled = (await next).body;
    }
    expect(polled).toMatchObject({ status, decided: false });
  });

  it("is polled for 60 s at most", async () => {
    const clock = createFakeClock();
    const { server, path } = await asked({ deps: { clock } });
    await clock.advance(1_000);
    const before = clock.pending();
    const polled = rest(server, `${path}?wait=true`);
    await expect.poll(() => pollsOf(clock)).toBe(1);
    await clock.advance(60_000);
    expect((await polled).body).toMatchObject({ status: "pending" });
    await expect.poll(() => clock.pending()).toBeLessThanOrEqual(before);
  });
});

describe("a caller that gives up, and a server that stops", () => {
  it("withdraws: the phone is told, and a tap changes nothing", async () => {
    const { server, phone, path, sid, id, told } = await asked();
    await phone.waitForMessage((message) => message.sid === sid && message.status === "read");
    expect((await rest(server, path, { method: "DELETE" })).body).toMatchObject({ status: "error" });
    await told(`⌛ ${id} was withdrawn by its caller: nothing to do here`);
    await phone.tap(sid, "approve");
    await told("its caller withdrew it: nothing ran");
    expect((await rest(server, path)).body).toMatchObject({ status: "error", decided: false });
  });

  it("gives every open poll its denial before it closes, though one request is polled by nobody", async () => {
    let polls = 0;
    const clock: Clock = {
      ...systemClock,
      after(ms, task) {
        if (ms === 60_000) polls += 1;
        return systemClock.after(ms, task);
      },
    };
    const { server, path } = await asked({ deps: { clock } });
    await ask(server);
    const before = polls;
    const polled = rest(server, `${path}?wait=true`);
    await expect.poll(() => polls).toBe(before + 1);
    await server.close();
    expect((await polled).body).toMatchObject({
      status: "error",
      reason: expect.stringContaining("The approval server is shutting down; nothing was approved."),
    });
  });
});

describe("an approval that nobody fetches", () => {
  it("no longer counts when the time is over, and the phone hears that nothing ran", async () => {
    const clock = createFakeClock();
    const { server, path, id, told, approve } = await asked({ deps: { clock } });
    await approve();
    await clock.advance(300_000);
    await told(`⌛ ${id}: the caller was no longer waiting: nothing ran`);
    expect((await rest(server, path)).body).toMatchObject({
      status: "expired",
      decided: false,
      reason: NOT_FETCHED,
    });
    expect((await rest(server, `${path}?wait=true`)).body).toMatchObject({
      status: "expired",
      reason: NOT_FETCHED,
    });
    expect((await rest(server, "/v1/approvals")).body["approvals"]).toMatchObject([{ status: "expired" }]);
  });

  it.each([true, false])(
    "is kept for a minute when it came at the last moment: in time %s",
    async (inTime) => {
      const clock = createFakeClock();
      const { server, path, approve } = await asked({ deps: { clock } });
      await clock.advance(299_000);
      await approve();
      await clock.advance(inTime ? 59_999 : 60_000);
      expect((await rest(server, path)).body).toMatchObject({ status: inTime ? "approved" : "expired" });
    },
  );

  it("no longer counts after the machine slept over its time, though no timer has run", async () => {
    const clock = createFakeClock();
    const { server, path, approve } = await asked({ deps: { clock } });
    await approve();
    clock.sleep(300_000);
    expect((await rest(server, path)).body).toMatchObject({ status: "expired", reason: NOT_FETCHED });
  });

  it("is not taken by a HEAD, by a conditional GET or by a poll whose caller has gone", async () => {
    const { server, phone, path, sid, told, id, approve } = await asked();
    const caller = new AbortController();
    const polled = rest(server, `${path}?wait=true`, { signal: caller.signal }).catch(() => "gone");
    await phone.waitForMessage((message) => message.sid === sid && message.status === "read");
    caller.abort();
    expect(await polled).toBe("gone");
    await approve();
    expect((await rest(server, path, { method: "HEAD" })).status).toBe(405);
    expect(phone.messages().filter(({ body }) => body.includes("has the answer"))).toEqual([]);
    const conditional = await rest(server, path, { headers: { "if-none-match": "*" } });
    expect(conditional).toMatchObject({ status: 200, body: { status: "approved" } });
    await told(`✅ ${id} approved: the caller has the answer`);
  });

  it("no longer counts after a PANIC, also when that has ended; the phone hears that nothing ran", async () => {
    const { server, phone, path, id, told, approve } = await asked();
    await approve();
    await phone.type("PANIC");
    await told(`⌛ ${id}: the caller was no longer waiting: nothing ran`);
    expect((await rest(server, path)).body).toMatchObject({ status: "expired", reason: NOT_FETCHED });
    await rest(server, "/control/resume", { method: "POST" });
    expect((await rest(server, path)).body).toMatchObject({ status: "expired", decided: false });
  });

  it("is not called approved on the phone: a second reply is told that it lies there", async () => {
    const { phone, sid, id, told, approve } = await asked();
    await approve();
    await phone.tap(sid, "deny");
    const { body } = await told(`⌛ ${id} was already approved`);
    expect(body).toContain("the caller has not fetched it: this reply changed nothing");
  });

  it("is not approved after a restart", async () => {
    const env = { APPROVAL_DB: join(temporaryFolder(), "approvals.db") };
    const first = await asked({ env });
    await first.approve();
    await first.server.close();
    const { server } = await startStage({ env });
    expect((await rest(server, first.path)).body).toMatchObject({ status: "expired", reason: NOT_FETCHED });
  });

  it("is not approved after a crash, when the record does not know whether it was fetched", async () => {
    const env = { APPROVAL_DB: join(temporaryFolder(), "approvals.db") };
    const openStore = await crashingStore();
    const first = await asked({ env, deps: { openStore } });
    await first.approve();
    expect((await rest(first.server, first.path)).body).toMatchObject({ status: "approved" });
    await first.server.close();
    const { server } = await startStage({ env });
    expect((await rest(server, first.path)).body).toMatchObject({ status: "expired", reason: NOT_FETCHED });
  });
});

/** A store that never learns whether an answer was fetched. */
async function crashingStore() {
  const { createSqliteStore } = await import("../../src/store/sqlite.ts");
  return (path: string) => ({ ...createSqliteStore(path), recordAcknowledged: async () => {} });
}

/** Starts a server and asks it. */
async function asked(options: Parameters<typeof startStage>[0] = {}, body: object = ASK) {
  const stage = await startStage(options);
  const { id, path } = await ask(stage.server, body);
  const { sid } = await stage.request();
  /** Taps, and waits until that has counted: Twilio is asked first. */
  const approve = async () => {
    await stage.phone.tap(sid, "approve");
    await expect.poll(() => stage.server.waiting().map((request) => request.id)).not.toContain(id);
  };
  return { ...stage, id, path, sid, approve };
}

/** How many timers come in 60 s: each poll sets one. */
const pollsOf = (clock: Pick<FakeClock, "dues">) => clock.dues().filter((ms) => ms === 60_000).length;

describe("a token of its own", () => {
  const OWN = "0123456789abcdef-own";
  const env = {
    APPROVAL_TOKEN: OWN,
    APPROVAL_TOKENS: "ci:0123456789abcdef-ci,laptop:0123456789abcdef-lap",
    MAX_OPEN_REQUESTS: "2",
    MAX_REQUESTS_PER_MINUTE: "3",
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const CI = bearer("0123456789abcdef-ci");
  const post = (server: Parameters<typeof rest>[0], headers: Readonly<Record<string, string>>) =>
    rest(server, "/v1/approvals", { method: "POST", body: ASK, headers });

  it("has limits: 429 says what is full and when to come back, and nobody is asked", async () => {
    const { server, phone, request } = await startStage({ env });
    const first = await post(server, CI);
    await request(0);
    await post(server, CI);
    await request(1);
    const full = await post(server, CI);
    expect([full.status, full.headers.get("content-type")]).toEqual([429, "application/problem+json"]);
    expect(full.headers.get("retry-after")).toBe("60");
    expect(full.body["detail"]).toContain("2 of its requests wait already");
    await rest(server, `/v1/approvals/${String(first.body["approval_id"])}`, {
      method: "DELETE",
      headers: CI,
    });
    expect((await post(server, CI)).status).toBe(201);
    await request(2);
    await rest(server, `/v1/approvals/${String(first.body["approval_id"])}`, { headers: CI });
    const waiting = (await rest(server, "/v1/approvals?status=pending", { headers: CI })).body["approvals"];
    for (const { approval_id: id } of waiting as { approval_id: string }[]) {
      await rest(server, `/v1/approvals/${id}`, { method: "DELETE", headers: CI });
    }
    const often = await post(server, CI);
    expect(often.status).toBe(429);
    expect(often.body["detail"]).toContain("too often within a minute");
    expect(Number(often.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await post(server, bearer(OWN))).status).toBe(201);
    await request(3);
    expect(phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(4);
  });

  it("sees and withdraws only what it has asked itself; the operator's own sees all", async () => {
    const { server } = await startStage({ env });
    const { body } = await post(server, CI);
    const path = `/v1/approvals/${String(body["approval_id"])}`;
    const other = bearer("0123456789abcdef-lap");
    expect((await rest(server, path, { headers: other })).status).toBe(404);
    expect((await rest(server, path, { method: "DELETE", headers: other })).status).toBe(404);
    expect((await rest(server, "/v1/approvals", { headers: other })).body["approvals"]).toEqual([]);
    expect((await rest(server, "/v1/approvals", { headers: bearer(OWN) })).body["approvals"]).toMatchObject([
      { requester: "ci" },
    ]);
    expect((await rest(server, path, { headers: CI })).body["status"]).toBe("pending");
  });
});
