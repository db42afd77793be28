// What this server runs for a caller: only what was approved, once, and never without a row that says so.
import { expect, test, vi } from "vitest";
import { createGatedCalls } from "../../src/core/gated-call.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Policy } from "../../src/core/ports/policy.ts";
import { refusedResult } from "../../src/core/refused-result.ts";
import { createGateStage, type GateStageOptions, PHONE } from "../helpers/gate-stage.ts";

const SUBMISSION = {
  call: { toolName: "fs__write_file", input: { path: "/tmp/a", content: "b" } },
  door: "mcp",
} as const;
const ALLOW: Policy = { decide: async () => ({ kind: "allow", rule: "all" }), ended: () => {} };

function stageWith(options: GateStageOptions = {}) {
  const stage = createGateStage(options);
  const work = vi.fn(async () => "done");
  const calls = createGatedCalls(stage);
  const run = (more: object = {}) => calls.run({ submission: SUBMISSION, caller: {}, work, ...more });
  const waits = () => expect.poll(() => stage.gate.waiting().length).toBe(1);
  return { ...stage, run, work, waits };
}

test("runs what was approved, and the record says how it ended", async () => {
  const { run, work, waits, gate, id, store, clock } = stageWith();
  const ran = run();
  await waits();
  expect(work).not.toHaveBeenCalled();
  const resolved = await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await ran).toEqual({ kind: "ran", id: id(), result: "done" });
  expect(work).toHaveBeenCalledOnce();
  expect(resolved.kind === "decided" && (await resolved.acknowledged)).toBe(true);
  const at = clock.now();
  const run_ = { startedAt: at, endedAt: at, ok: true };
  expect(await store.find(id())).toMatchObject({ executor: "server", run: run_ });
});

test.each([
  ["denied_by_person", "The person denied"],
  ["expired", "Nobody answered"],
] as const)("%s: nothing runs, and the words say why", async (code, words) => {
  const { run, work, waits, gate, id, clock } = stageWith();
  const ran = run();
  await waits();
  if (code === "expired") clock.advance(300_000);
  else await gate.resolve(id(), { kind: "deny", by: PHONE });
  const refusal = await ran;
  expect(refusal).toMatchObject({ kind: "refused", code, id: id() });
  expect(refusal.kind === "refused" && refusal.message).toContain(words);
  expect(work).not.toHaveBeenCalled();
});

test.each([
  [{ kind: "paused", until: 9e15, by: PHONE }, "paused"],
  [{ kind: "panic", by: PHONE }, "panic"],
] as const)("%j: nothing runs", async (mode, code) => {
  const { run, work, setServiceMode } = stageWith();
  setServiceMode(mode);
  expect(await run()).toMatchObject({ kind: "refused", code });
  expect(work).not.toHaveBeenCalled();
});

test("a policy that denies: nothing runs and nobody is asked", async () => {
  const policy: Policy = {
    decide: async () => ({ kind: "deny", rule: "no", message: "never" }),
    ended: () => {},
  };
  const { run, work, asked } = stageWith({ policy });
  expect(await run()).toMatchObject({ kind: "refused", code: "policy" });
  expect(work).not.toHaveBeenCalled();
  expect(asked).toEqual([]);
});

test("a policy that allows: it runs without a question", async () => {
  const { run, asked } = stageWith({ policy: ALLOW });
  expect(await run()).toMatchObject({ kind: "ran" });
  expect(asked).toEqual([]);
});

test("what always asks is asked about although the policy would allow it, and offers no session", async () => {
  const grantable = { kind: "tool", tool: "fs__write_file" } as const;
  const inspector = {
    inspect: async (call: object) => ({ shown: call, secrets: 0, warnings: [], grantable }),
  };
  const { run, work, waits, asked } = stageWith({ policy: ALLOW, inspector: inspector as never });
  const ran = run({
    submission: { ...SUBMISSION, asksAlways: true },
    caller: { signal: AbortSignal.timeout(60_000) },
  });
  await waits();
  await expect.poll(() => asked.length).toBe(1);
  expect(work).not.toHaveBeenCalled();
  expect(asked[0]?.request.session).toBeUndefined();
  expect(ran).toBeInstanceOf(Promise);
});

test("what has changed since it was asked about does not run", async () => {
  const { run, work, waits, gate, id, store } = stageWith();
  const ran = run({ changed: () => "The file is another one." });
  await waits();
  const resolved = await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await ran).toMatchObject({ kind: "refused", code: "changed", id: id() });
  expect(work).not.toHaveBeenCalled();
  expect(resolved.kind === "decided" && (await resolved.acknowledged)).toBe(false);
  expect((await store.find(id()))?.run).toBeUndefined();
});

test("when it cannot be seen whether it has changed, it does not run", async () => {
  const { run, work, waits, gate, id } = stageWith();
  const ran = run({ changed: () => Promise.reject(new Error("EACCES")) });
  await waits();
  await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await ran).toMatchObject({ kind: "refused", code: "changed" });
  expect(work).not.toHaveBeenCalled();
});

test("a caller that goes between the approval and the start gets nothing run", async () => {
  const { run, work, waits, gate, id } = stageWith();
  const gone = new AbortController();
  const ran = run({ caller: { signal: gone.signal }, changed: () => void gone.abort() });
  await waits();
  await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await ran).toMatchObject({ kind: "refused", code: "cancelled" });
  expect(work).not.toHaveBeenCalled();
});

test.each([
  [{ kind: "paused", until: 9e15, by: PHONE }, "paused"],
  [{ kind: "panic", by: PHONE }, "panic"],
] as const)(
  "%j between the approval and the start: nothing runs, also where it is over by then",
  async (mode, code) => {
    const { run, work, waits, gate, id, setServiceMode } = stageWith();
    const ran = run({
      changed() {
        setServiceMode(mode);
        setServiceMode({ kind: "open" });
      },
    });
    await waits();
    await gate.resolve(id(), { kind: "approve", by: PHONE });
    expect(await ran).toMatchObject({ kind: "refused", code, id: id() });
    expect(work).not.toHaveBeenCalled();
  },
);

test("a panic while its start is written down: nothing runs, and the row says so", async () => {
  let onWrite = () => {};
  const store = (real: ApprovalStore): ApprovalStore => ({
    ...real,
    recordRun: async (id, note) => {
      onWrite();
      return real.recordRun(id, note);
    },
  });
  const { run, work, waits, gate, id, setServiceMode, store: kept } = stageWith({ store });
  onWrite = () => setServiceMode({ kind: "panic", by: PHONE });
  const ran = run();
  await waits();
  await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await ran).toMatchObject({ kind: "refused", code: "panic" });
  expect(work).not.toHaveBeenCalled();
  expect((await kept.find(id()))?.run).toMatchObject({ ok: false });
});

test.each([
  ["the disk is full", () => Promise.reject(new Error("SQLITE_FULL"))],
  ["the row is gone", async () => false],
])("where its start cannot be recorded (%s), it does not run", async (_, recordRun) => {
  const store = (real: ApprovalStore) => ({ ...real, recordRun });
  const { run, work, waits, gate, id } = stageWith({ store });
  const ran = run();
  await waits();
  await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await ran).toMatchObject({ kind: "refused", code: "failed" });
  expect(work).not.toHaveBeenCalled();
});

test("a repeat of a call joins it, and what runs, runs once", async () => {
  const { run, work, waits, gate, id } = stageWith();
  const submission = { ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId: "toolu_7" } };
  const [one, two] = [run({ submission }), run({ submission })];
  await waits();
  await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await two).toEqual(await one);
  expect(work).toHaveBeenCalledOnce();
});

test("where a repeat has joined a call that is not run, the phone is told all the same", async () => {
  const { run, work, waits, gate, id } = stageWith();
  const submission = { ...SUBMISSION, call: { ...SUBMISSION.call, toolUseId: "toolu_9" } };
  const changed = () => "The file is another one.";
  const both = [run({ submission, changed }), run({ submission, changed })];
  await waits();
  const resolved = await gate.resolve(id(), { kind: "approve", by: PHONE });
  for (const each of both) expect(await each).toMatchObject({ kind: "refused", code: "changed" });
  expect(resolved.kind === "decided" && (await resolved.acknowledged)).toBe(false);
  expect(work).not.toHaveBeenCalled();
});

test("the same call without an id is a second question", async () => {
  const { run, gate } = stageWith();
  const both = [run(), run()];
  await expect.poll(() => gate.waiting().length).toBe(2);
  expect(both).toHaveLength(2);
});

test("the permission tool's question about the same call does not stand for it", async () => {
  const { run, gate, work, id } = stageWith();
  const call = { ...SUBMISSION.call, toolUseId: "toolu_8" };
  const asked = gate.request({ call, door: "mcp" });
  await expect.poll(() => gate.waiting().length).toBe(1);
  const ran = run({ submission: { ...SUBMISSION, call } });
  await expect.poll(() => gate.waiting().length).toBe(2);
  await gate.resolve(id(0), { kind: "approve", by: PHONE });
  expect((await asked).outcome.status).toBe("approved");
  expect(work).not.toHaveBeenCalled();
  await gate.resolve(id(1), { kind: "deny", by: PHONE });
  expect(await ran).toMatchObject({ kind: "refused" });
});

test("how a run failed is in the record, cut", async () => {
  const { run, waits, gate, id, store } = stageWith();
  const ran = run({ work: () => Promise.reject(new Error("x".repeat(1_000))) });
  const failing = expect(ran).rejects.toThrow("xxx");
  await waits();
  await gate.resolve(id(), { kind: "approve", by: PHONE });
  await failing;
  const { run: note } = (await store.find(id())) ?? {};
  expect(note).toMatchObject({ ok: false });
  expect(note?.problem).toHaveLength(300);
});

test("a result that is itself an error counts as failed", async () => {
  const { run, waits, gate, id, store } = stageWith();
  const ran = run({ problemOf: () => "it exited with 2" });
  await waits();
  await gate.resolve(id(), { kind: "approve", by: PHONE });
  expect(await ran).toMatchObject({ kind: "ran", result: "done" });
  expect((await store.find(id()))?.run).toMatchObject({ ok: false, problem: "it exited with 2" });
});

test("an MCP client reads the reason and its code", () => {
  const result = refusedResult({ code: "policy", message: "Nothing ran." });
  expect(result).toMatchObject({
    isError: true,
    _meta: { "approval-server/refusal": { reason_code: "policy" } },
  });
  expect(result.content).toEqual([{ type: "text", text: "Not run (policy): Nothing ran." }]);
});
