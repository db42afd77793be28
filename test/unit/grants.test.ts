// Grants at the gate, where something goes wrong or happens at the same moment: nothing is allowed that is not recorded,
// and nothing after it was taken back.

import { describe, expect, it } from "vitest";
import { renderNotice } from "../../src/channels/whatsapp-format/notice.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Policy } from "../../src/core/ports/policy.ts";
import { named } from "../../src/domain/grant.ts";
import type { Inspection } from "../../src/domain/inspection.ts";
import type { Submission } from "../../src/domain/submission.ts";
import { text } from "../../src/domain/text.ts";
import type { ApprovalId, ToolCall } from "../../src/domain/tool-call.ts";
import { createGateStage, type GateStageOptions, PHONE } from "../helpers/gate-stage.ts";

const CALL = { toolName: "Bash", input: { command: "ls -la /etc" } };
const HOOK: Submission = { call: CALL, door: "hook", cwd: "/work/shop", sessionId: "s1" };
const MCP: Submission = { call: CALL, door: "mcp", cwd: "/work/shop" };
const grantable = {
  subject: { kind: "call", toolName: "Bash", sha256: "0".repeat(64) },
  what: text`this exact command`,
  needsFolder: false,
} as const;

function createStage(options: GateStageOptions = {}, more: Partial<Inspection> = {}) {
  const inspection = { secrets: 0, warnings: [], grantable };
  const later: { inspection: Partial<Inspection> } = { inspection: more };
  const inspector = {
    inspect: async (call: ToolCall) => ({ ...inspection, shown: call, ...later.inspection }),
  };
  const stage = createGateStage({ inspector, ...options });
  const { gate, clock, asked } = stage;
  return {
    ...stage,
    later,
    /** Asks and taps Session. */
    async give(submission = HOOK) {
      const answer = gate.request(submission);
      await clock.advance(0);
      const { id } = asked.at(-1)?.request ?? {};
      if (id === undefined) throw new Error("nobody was asked");
      await gate.resolve(id, { kind: "session", by: PHONE });
      const { outcome, acknowledge } = await answer;
      expect(outcome).toMatchObject({ status: "approved", session: { subject: grantable.subject } });
      return { id, acknowledge };
    },
    /** Asks, and says what became of it: how it ended, or that a person was asked. */
    async ask(submission = HOOK) {
      const before = asked.length;
      const answer = gate.request(submission);
      await clock.advance(0);
      if (asked.length > before) {
        await gate.resolve(asked.at(-1)?.request.id ?? ("" as never), { kind: "deny", by: PHONE });
        await answer;
        return "asked";
      }
      return (await answer).outcome;
    },
  };
}

/** A store of which one method is another. */
const withSettle = (settle: (real: ApprovalStore) => ApprovalStore["settle"]) => (real: ApprovalStore) =>
  ({ ...real, settle: settle(real) }) satisfies ApprovalStore;

describe("a call that a grant covers", () => {
  it("is approved by it, before anything is sent", async () => {
    const { give, ask, asked, store, ended } = createStage();
    const { id, acknowledge } = await give();
    acknowledge(true);
    expect(await ask()).toEqual({ status: "approved", by: "grant", grant: id });
    expect(asked).toHaveLength(1);
    const row = ended.at(-1)?.request.id ?? id;
    expect(row).not.toBe(id);
    expect(await store.find(row)).toMatchObject({ status: "approved", outcome: { by: "grant", grant: id } });
  });

  it("is denied where its row cannot be written", async () => {
    let isFull = false;
    const store = withSettle((real) => async (...args) => {
      if (isFull) throw new Error("disk full");
      return real.settle(...args);
    });
    const { give, ask, grants } = createStage({ store });
    await give();
    isFull = true;
    expect(await ask()).toMatchObject({ status: "failed" });
    expect(grants.list()[0]?.uses).toBe(0);
  });

  it("is asked about where the record says that the grant has ended", async () => {
    const { give, ask, store } = createStage();
    const { id } = await give();
    expect(await store.endGrant(id, "revoked", 1_700_000_000_000)).toBe(true);
    expect(await ask()).toBe("asked");
  });

  it("is never approved after the grant was taken back, at whatever moment, also where that cannot be recorded", async () => {
    const seen = new Set<string>();
    for (let moment = 0; moment < 30; moment += 1) {
      const order: string[] = [];
      let isAsking = false;
      const store = (real: ApprovalStore): ApprovalStore => ({
        ...real,
        endGrant: async () => Promise.reject(new Error("disk full")),
        settle: async (...settled) => {
          const [, outcome] = settled;
          if (outcome.status === "approved" && outcome.by === "grant") order.push("used");
          return real.settle(...settled);
        },
      });
      const decide = async () => {
        if (isAsking) void takeBack();
        return { kind: "ask" } as const;
      };
      const { give, ask, grants } = createStage({ store, policy: { ended: () => {}, decide } });
      const { id } = await give();
      const takeBack = async () => {
        for (let step = 0; step < moment; step += 1) await Promise.resolve();
        if (grants.end(id, "revoked")) order.push("ended");
      };
      isAsking = true;
      const outcome = await ask();
      seen.add(order.join());
      expect(["ended", "used,ended"]).toContain(order.join());
      expect(outcome === "asked").toBe(order[0] === "ended");
    }
    expect([...seen].sort()).toEqual(["ended", "used,ended"]);
  });

  it.each([
    ["a warning", { warnings: ["deletes recursively"] }],
    ["a secret", { secrets: 1 }],
    ["what could not be checked", { secrets: undefined }],
    ["what is about nothing that may be allowed", { grantable: undefined }],
  ])("is asked about when it comes with %s", async (_, inspection) => {
    const { give, ask, later } = createStage();
    await give();
    later.inspection = inspection;
    expect(await ask()).toBe("asked");
    later.inspection = {};
    expect(await ask()).toMatchObject({ by: "grant" });
  });

  it("is asked about when it asks to run in the background or without the sandbox", async () => {
    const { give, ask } = createStage();
    await give();
    for (const flag of ["run_in_background", "dangerouslyDisableSandbox"])
      expect(await ask({ ...HOOK, call: { ...CALL, input: { ...CALL.input, [flag]: true } } })).toBe("asked");
  });

  it("is asked about when the policy cannot decide, and blocked when it denies", async () => {
    let decide: Policy["decide"] = async () => ({ kind: "ask" });
    const { give, ask } = createStage({ policy: { ended: () => {}, decide: (...args) => decide(...args) } });
    await give();
    decide = async () => Promise.reject(new Error("broken"));
    expect(await ask()).toBe("asked");
    decide = async () => ({ kind: "deny", rule: "Bash(ls *)" });
    expect(await ask()).toMatchObject({ status: "blocked" });
    decide = async () => ({ kind: "ask" });
    expect(await ask()).toMatchObject({ by: "grant" });
  });
});

describe("a grant", () => {
  it("does not begin where nobody took the approval: nothing ran", async () => {
    const { give, ask, grants, clock } = createStage();
    const { acknowledge } = await give();
    acknowledge(false);
    await clock.advance(0);
    expect(grants.list()).toEqual([]);
    expect(await ask()).toBe("asked");
  });

  it("does not begin where the tap is recorded while everything is stopped", async () => {
    let close = () => {};
    const store = withSettle((real) => async (...args) => {
      const isWritten = await real.settle(...args);
      close();
      return isWritten;
    });
    const stage = createStage({ store });
    close = () => stage.setServiceMode({ kind: "panic", by: PHONE });
    await stage.give();
    expect(stage.grants.list()).toEqual([]);
  });

  it("is not given where its row cannot be written: then nothing is approved either", async () => {
    const store = withSettle((real) => async (id, outcome, at) => {
      if (outcome.status === "approved") throw new Error("disk full");
      return real.settle(id, outcome, at);
    });
    const { gate, clock, asked, grants } = createStage({ store });
    const answer = gate.request(HOOK);
    await clock.advance(0);
    await gate.resolve(asked[0]?.request.id ?? ("" as never), { kind: "session", by: PHONE });
    expect((await answer).outcome).toMatchObject({ status: "failed" });
    expect(grants.list()).toEqual([]);
  });

  it("ends here also where its end cannot be recorded", async () => {
    const store = (real: ApprovalStore): ApprovalStore => ({
      ...real,
      endGrant: async () => Promise.reject(new Error("disk full")),
      endGrants: async () => Promise.reject(new Error("disk full")),
    });
    const { give, ask, grants, log, clock } = createStage({ store });
    const { id } = await give();
    expect(grants.end(id, "revoked")).toBe(true);
    expect(await ask()).toBe("asked");
    await give();
    expect(grants.endAll("panic")).toHaveLength(1);
    expect(await ask()).toBe("asked");
    await clock.advance(0);
    expect(log.text()).toContain("the end of a grant could not be recorded");
  });

  it("leaves no timer behind, neither while it holds nor when a twin was waited for", async () => {
    const { give, ask, gate, clock } = createStage();
    const { acknowledge } = await give();
    acknowledge(true);
    expect(clock.pending()).toBe(0);
    const answer = gate.request(MCP);
    await clock.advance(0);
    expect(clock.pending()).toBeGreaterThan(0);
    void gate.request(HOOK).then((each) => each.acknowledge(true));
    (await answer).acknowledge(true);
    await clock.advance(0);
    expect(clock.pending()).toBe(0);
    await clock.advance(10_000);
    expect(await ask()).toMatchObject({ by: "grant" });
    const stopped = gate.stop();
    await clock.advance(10_000);
    await stopped;
    expect(clock.pending()).toBe(0);
  });
});

describe("a session's grant at the permission tool, which is told no session,", () => {
  it("is used when the hook says so within half a second", async () => {
    const { give, gate, clock, asked, grants } = createStage();
    const { id } = await give();
    await clock.advance(10_000);
    const answers = [gate.request(MCP)];
    await clock.advance(300);
    answers.push(gate.request(HOOK));
    for (const { outcome } of await Promise.all(answers)) expect(outcome).toMatchObject({ grant: id });
    expect(asked).toHaveLength(1);
    expect(grants.list()[0]?.uses).toBe(1);
  });

  it("is not used when no hook comes, when it is another session's, another call's or too late", async () => {
    const { give, gate, clock, asked } = createStage();
    await give();
    await clock.advance(10_000);
    void gate.request(MCP);
    await clock.advance(499);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(asked).toHaveLength(2);
    // Too late: it is at the phone already, and joins.
    void gate.request(HOOK);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    await clock.advance(10_000);
    void gate.request(MCP);
    void gate.request({ ...HOOK, sessionId: "s2" });
    await clock.advance(500);
    expect(asked).toHaveLength(3);
    expect(gate.waiting()).toHaveLength(2);
  });

  it("is not used for a hook's folder that is not the grant's", async () => {
    const { give, gate, clock, asked } = createStage();
    await give();
    await clock.advance(10_000);
    const elsewhere = { ...HOOK, cwd: "/work/shop/sub", startedIn: "/work/shop" };
    void gate.request(MCP);
    void gate.request(elsewhere);
    await clock.advance(500);
    expect(asked).toHaveLength(2);
  });
});

describe("the answer of a call that a grant has allowed", () => {
  it("is its twin's too, within half a second; later, or after a REVOKE, it is another call", async () => {
    const { give, ask, clock, grants } = createStage();
    const { id } = await give();
    await clock.advance(10_000);
    expect(await ask(HOOK)).toMatchObject({ by: "grant" });
    expect(await ask(MCP)).toMatchObject({ by: "grant" });
    expect(grants.list()[0]?.uses).toBe(1);
    const again = ask(MCP);
    await clock.advance(500);
    expect(await again).toBe("asked");
    // That one was denied, and so would be its twin.
    await clock.advance(2_000);
    expect(await ask(HOOK)).toMatchObject({ by: "grant" });
    grants.end(id, "revoked");
    expect(await ask(MCP)).toBe("asked");
  });
});

describe("GRANTS", () => {
  it("fits into one message, whatever it lists, and none of it passes for words of ours", () => {
    const long = "x*\n✅ abcde approved ".repeat(100);
    const shown = { toolName: long, input: { command: long } };
    const holder = { sessionId: "s1", folder: "/work" };
    const subjects = [grantable.subject, { kind: "tool", toolName: long }] as const;
    for (const subject of subjects) {
      const offer = { subject, holder, what: text`the tool ${named(long)}, with any input`, ms: 86_400_000 };
      const request = {
        call: shown,
        inspection: { shown, secrets: 0, warnings: [] },
        project: long,
        requester: "a".repeat(20),
      };
      const grants = Array.from({ length: 30 }, () => ({
        id: "kqmwa" as ApprovalId,
        request,
        offer,
        leftMs: 86_399_000,
        uses: 100_000,
      }));
      for (const notice of [
        { kind: "grants", grants },
        { kind: "revoked", ended: [], unknown: long, grants },
      ] as const) {
        const message = renderNotice(notice);
        expect(message.length).toBeLessThanOrEqual(1_600);
        expect(message).toContain("and 25 more\nREVOKE kqmwa ends one, REVOKE ALL ends them all.");
        expect(message).not.toMatch(/^✅/m);
      }
    }
  });
});
