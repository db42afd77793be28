// Two people for what carries a warning: every way to "approved", races, forged rows, restarts and what is told.
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { createPeople } from "../../src/core/people.ts";
import type { Inspector } from "../../src/core/ports/inspector.ts";
import type { Policy } from "../../src/core/ports/policy.ts";
import { projectsShortOf, shortText } from "../../src/core/quorum.ts";
import type { ApprovalRequest, Outcome } from "../../src/domain/approval.ts";
import { decisionOf } from "../../src/domain/decision.ts";
import type { Person } from "../../src/domain/person.ts";
import type { Submission } from "../../src/domain/submission.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { parkedRow, readParked } from "../../src/parked/parked-row.ts";
import { createGateStage, type GateStageOptions, SUBMISSION } from "../helpers/gate-stage.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const ADA = "+15005550006" as Phone;
const ADAS_CHAT = "telegram:7001" as Phone;
const BOB = "+15005550007" as Phone;
const CLEO = "+15005550008" as Phone;
const PEOPLE: readonly Person[] = [
  { name: "Ada", role: "approve", addresses: [ADA, ADAS_CHAT] },
  { name: "Bob", role: "approve", addresses: [BOB] },
  { name: "Cleo", role: "notify", addresses: [CLEO] },
];
const peopleOf = (people: readonly Person[]) =>
  createPeople({ people, channels: ["whatsapp", "telegram"], isClosed: true });
const risky: Inspector = {
  inspect: async (call) => ({
    shown: call,
    secrets: 0,
    warnings: ["deletes files"],
    grantable: {
      subject: { kind: "call", toolName: "Bash", sha256: "x" },
      what: ["this exact command"],
      needsFolder: false,
    },
  }),
};
const asks: Policy = { decide: async () => ({ kind: "ask" }), quorum: () => 2, ended() {} };

function stageOf(options: GateStageOptions = {}, people = PEOPLE) {
  return createGateStage({
    approvers: [ADA, BOB],
    people: peopleOf(people),
    policy: asks,
    inspector: risky,
    ...options,
  });
}

const approve = (by: Phone) => ({ kind: "approve", by }) as const;

async function waiting(stage: ReturnType<typeof stageOf>, submission: Submission = SUBMISSION) {
  const before = stage.asked.length;
  const answer = stage.gate.request(submission);
  await expect.poll(() => stage.asked.length).toBe(before + 1);
  return { id: stage.id(stage.asked.length - 1), answer };
}

const openDatabase = (path: string) => new Database(path);

describe("an approval of what carries a warning", () => {
  it("counts as one of two, and the second person's decides", async () => {
    const stage = stageOf();
    const { id, answer } = await waiting(stage);
    expect(stage.asked[0]?.request.quorum).toBe(2);
    expect(await stage.gate.resolve(id, approve(ADA))).toMatchObject({
      kind: "counted",
      by: ADA,
      name: "Ada",
      have: 1,
      needed: 2,
      askedAt: [ADA, BOB],
    });
    expect(stage.gate.waiting()).toHaveLength(1);
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "decided" });
    const { request, outcome } = await answer;
    expect(outcome).toMatchObject({
      status: "approved",
      by: BOB,
      name: "Bob",
      alsoBy: [{ by: ADA, name: "Ada" }],
    });
    expect(decisionOf(request, outcome)).toMatchObject({ behavior: "allow" });
    expect(await stage.store.find(id)).toMatchObject({
      status: "approved",
      outcome: { alsoBy: [{ by: ADA }] },
    });
    expect(await stage.store.isAsDecided(id)).toBe(true);
  });

  it("is written in the event log before anybody is told that it counts", async () => {
    const stage = stageOf();
    const { id } = await waiting(stage);
    await stage.gate.resolve(id, approve(ADA));
    const db = openDatabase(stage.databasePath);
    const rows = db.prepare("SELECT data FROM events WHERE kind = 'endorsed' AND request = ?").all(id);
    db.close();
    expect(rows).toHaveLength(1);
    expect(JSON.parse((rows[0] as { data: string }).data)).toMatchObject({ by: ADA, have: 1, needed: 2 });
  });

  it("is not given twice by one person, on one address or two, one after the other or at once", async () => {
    const stage = stageOf();
    const { id } = await waiting(stage);
    const both = await Promise.all([
      stage.gate.resolve(id, approve(ADA)),
      stage.gate.resolve(id, approve(ADAS_CHAT)),
    ]);
    expect(both.map(({ kind }) => kind)).toEqual(["counted", "counted-before"]);
    expect(await stage.gate.resolve(id, approve(ADAS_CHAT))).toEqual({
      kind: "counted-before",
      have: 1,
      needed: 2,
    });
    expect(await stage.gate.resolve(id, { kind: "session", by: ADA })).toEqual({ kind: "not-offered" });
    expect(stage.gate.waiting()).toHaveLength(1);
  });

  it("is told to the other one also where their message is still on its way", async () => {
    const stage = stageOf({ ask: async () => [{ messageId: "SM1", to: ADA, hasButtons: true }] });
    const { id } = await waiting(stage);
    expect(await stage.gate.resolve(id, approve(ADAS_CHAT))).toMatchObject({
      kind: "counted",
      askedAt: [ADA, BOB],
    });
  });

  it("is not given twice from one address, whoever it belongs to by then", async () => {
    const people = createPeople({ people: PEOPLE, channels: ["whatsapp", "telegram"] });
    const stage = stageOf({ people });
    const { id } = await waiting(stage);
    expect(await stage.gate.resolve(id, approve(ADAS_CHAT))).toMatchObject({ kind: "counted", name: "Ada" });
    people.bind(ADAS_CHAT, "Eve");
    expect(await stage.gate.resolve(id, approve(ADAS_CHAT))).toMatchObject({ kind: "counted-before" });
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "decided" });
  });

  it("decides exactly once where two people tap at once", async () => {
    const stage = stageOf();
    const { id, answer } = await waiting(stage);
    const both = await Promise.all([approve(ADA), approve(BOB)].map((each) => stage.gate.resolve(id, each)));
    expect(both.map(({ kind }) => kind).sort()).toEqual(["counted", "decided"]);
    expect((await answer).outcome.status).toBe("approved");
    expect(stage.ended).toHaveLength(1);
  });

  it("is worth nothing once somebody denies", async () => {
    const stage = stageOf();
    const { id, answer } = await waiting(stage);
    await stage.gate.resolve(id, approve(ADA));
    await stage.gate.resolve(id, { kind: "deny", by: BOB });
    expect((await answer).outcome).toMatchObject({ status: "denied", by: BOB });
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "stale" });
  });

  it("may be taken back by the same person's denial", async () => {
    const stage = stageOf();
    const { id, answer } = await waiting(stage);
    await stage.gate.resolve(id, approve(ADA));
    await stage.gate.resolve(id, { kind: "deny", by: ADAS_CHAT });
    expect((await answer).outcome.status).toBe("denied");
  });

  it("is not taken from who is only told", async () => {
    const stage = stageOf();
    const { id } = await waiting(stage);
    await stage.gate.resolve(id, approve(ADA));
    expect(await stage.gate.resolve(id, approve(CLEO))).toEqual({ kind: "not-yours" });
    expect(stage.gate.waiting()).toHaveLength(1);
  });

  it("says to Claude and the phones that one of two had approved when the time is over", async () => {
    const stage = stageOf();
    const { id, answer } = await waiting(stage);
    await stage.gate.resolve(id, approve(ADA));
    await stage.clock.advance(300_000);
    const { request, outcome } = await answer;
    expect(outcome).toMatchObject({ status: "expired", short: [{ by: ADA, name: "Ada" }] });
    const decision = decisionOf(request, outcome);
    expect(decision).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("1 had approved it, and nobody else did"),
    });
    expect(stage.ended[0]).toMatchObject({ outcome: { short: [{ by: ADA }] } });
  });

  it("denies where it cannot be written down", async () => {
    const stage = stageOf({
      store: (real) => ({ ...real, endorse: () => Promise.reject(new Error("disk full")) }),
    });
    const { id, answer } = await waiting(stage);
    expect(await stage.gate.resolve(id, approve(ADA))).toEqual({ kind: "failed" });
    expect((await answer).outcome.status).toBe("failed");
  });
});

describe("a row that this server has not written", () => {
  it("does not count as a first approval, and does not stand in the way of the real one", async () => {
    const stage = stageOf();
    const { id } = await waiting(stage);
    const db = openDatabase(stage.databasePath);
    const body = JSON.stringify({ by: BOB, at: 1 });
    db.prepare("INSERT INTO endorsements VALUES (?, ?, ?, ?)").run(id, "Bob", body, "0".repeat(64));
    expect(await stage.gate.resolve(id, approve(ADA))).toMatchObject({ kind: "counted", have: 1 });
    const own = db.prepare("SELECT body, seal FROM endorsements WHERE person = 'Ada'").get() as {
      body: string;
      seal: string;
    };
    // The seal of a real one, in somebody else's name.
    db.prepare("UPDATE endorsements SET body = ?, seal = ? WHERE person = 'Bob'").run(own.body, own.seal);
    db.close();
    expect(await stage.gate.resolve(id, approve(ADAS_CHAT))).toMatchObject({ kind: "counted-before" });
    expect(stage.gate.waiting()).toHaveLength(1);
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({
      kind: "decided",
      outcome: { alsoBy: [{ by: ADA }] },
    });
  });

  it("takes the request with it where it has taken a real one away", async () => {
    const stage = stageOf();
    const { id, answer } = await waiting(stage);
    await stage.gate.resolve(id, approve(ADA));
    const db = openDatabase(stage.databasePath);
    db.prepare("DELETE FROM endorsements").run();
    db.close();
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "stale" });
    expect((await answer).outcome.status).toBe("failed");
  });

  it("makes one person's approval of another request no second one", async () => {
    const stage = stageOf();
    const first = await waiting(stage);
    await stage.gate.resolve(first.id, approve(ADA));
    const second = await waiting(stage, {
      ...SUBMISSION,
      call: { ...SUBMISSION.call, toolUseId: "toolu_2" },
    });
    const db = openDatabase(stage.databasePath);
    db.prepare("UPDATE endorsements SET approval_id = ?").run(second.id);
    db.close();
    expect(await stage.gate.resolve(second.id, approve(BOB))).toMatchObject({ kind: "counted", have: 1 });
  });
});

describe("every other way to an approval", () => {
  const allows: Policy = {
    ...asks,
    decide: async () => ({ kind: "allow", rule: "Bash(ls -la /etc)" }),
  };

  it("a rule of the policy does not allow it alone, also where only its letters are odd", async () => {
    const odd: Inspector = { inspect: async (call) => ({ shown: call, secrets: 0, warnings: [] }) };
    const call = { toolName: "Bash", input: { command: "cat раypal.txt" }, toolUseId: "toolu_9" };
    const stage = stageOf({ policy: allows, inspector: odd });
    const { id, answer } = await waiting(stage, { ...SUBMISSION, call });
    await stage.gate.resolve(id, approve(ADA));
    await stage.gate.resolve(id, approve(BOB));
    expect((await answer).outcome).toMatchObject({ by: BOB, alsoBy: [{ by: ADA }] });
  });

  it("a grant does not", async () => {
    const stage = stageOf();
    const given = waitingRequest(SUBMISSION);
    const grantable = (await risky.inspect(SUBMISSION.call)).grantable!;
    stage.grants.given(
      given,
      { subject: grantable.subject, holder: {}, what: grantable.what, ms: 60_000 },
      ADA,
    );
    const { id } = await waiting(stage);
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "counted" });
  });

  it("somebody's words to a task do not", async () => {
    const stage = stageOf();
    const words = { ...SUBMISSION, door: "phone", asksAlways: true, approvedBy: ADA } as const;
    const { id } = await waiting(stage, words);
    expect(await stage.gate.resolve(id, approve(ADA))).toMatchObject({ kind: "counted" });
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "decided" });
  });

  it("a plan needs two as well", async () => {
    const stage = stageOf();
    const call = { toolName: "ExitPlanMode", input: { plan: "delete it all" }, toolUseId: "toolu_3" };
    const { id } = await waiting(stage, { call, door: "hook" });
    expect(await stage.gate.resolve(id, approve(ADA))).toMatchObject({ kind: "counted" });
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "decided" });
  });

  it("answers to a question count once somebody else has confirmed these very answers", async () => {
    const stage = stageOf();
    const question = {
      question: "Which database?",
      header: "DB",
      multiSelect: false,
      options: [
        { label: "test", description: "" },
        { label: "live", description: "" },
      ],
    };
    const call = { toolName: "AskUserQuestion", input: { questions: [question] }, toolUseId: "toolu_4" };
    const { id, answer } = await waiting(stage, { call, door: "hook" });
    const says = (by: Phone, option: number) =>
      stage.gate.resolve(id, { kind: "answer", by, said: { option } });
    const both = await Promise.all([says(ADA, 1), says(BOB, 2)]);
    expect(both.map(({ kind }) => kind)).toEqual(["counted", "to-confirm"]);
    expect(await says(BOB, 2)).toMatchObject({ kind: "to-confirm", first: { by: ADA } });
    expect(await says(ADAS_CHAT, 2)).toMatchObject({ kind: "counted-before" });
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "decided" });
    expect((await answer).outcome).toMatchObject({ by: BOB, answers: [{ by: ADA, options: [1] }] });
  });

  it("what is approved by fewer is no approval for any door", () => {
    const request: ApprovalRequest = {
      ...waitingRequest(SUBMISSION),
      inspection: { shown: SUBMISSION.call, secrets: 0, warnings: ["deletes files"] },
      quorum: 2,
    };
    const one: Outcome = { status: "approved", by: ADA };
    expect(decisionOf(request, one)).toMatchObject({ behavior: "deny" });
    expect(decisionOf(request, { status: "approved", by: "policy" })).toMatchObject({ behavior: "deny" });
    expect(decisionOf(request, { ...one, alsoBy: [{ by: BOB }] })).toMatchObject({ behavior: "allow" });
  });
});

describe("what needs one person", () => {
  it("is what carries no warning, and everything without the key", async () => {
    const plain: Inspector = { inspect: async (call) => ({ shown: call, secrets: 0, warnings: [] }) };
    for (const options of [
      { inspector: plain },
      { policy: { decide: asks.decide, ended: asks.ended } },
    ] satisfies GateStageOptions[]) {
      const stage = stageOf(options);
      const { id, answer } = await waiting(stage);
      expect(await stage.gate.resolve(id, approve(ADA))).toMatchObject({ kind: "decided" });
      expect((await answer).outcome.status).toBe("approved");
    }
  });
});

describe("too few people", () => {
  const alone: readonly Person[] = [
    { name: "Ada", role: "approve", addresses: [ADA, ADAS_CHAT] },
    { name: "Bob", role: "approve", addresses: [BOB], projects: ["web-shop"] },
    { name: "Cleo", role: "notify", addresses: [CLEO] },
  ];

  it("deny it at once, with the reason, and nobody is asked", async () => {
    const stage = stageOf({}, alone);
    const { request, outcome } = await stage.gate.request({ ...SUBMISSION, project: "blog" });
    expect(outcome).toMatchObject({ status: "blocked", rule: "quorum: 2" });
    expect(decisionOf(request, outcome)).toMatchObject({
      message: expect.stringContaining("2 people have to approve it, and only 1 could be asked"),
    });
    expect(stage.asked).toEqual([]);
  });

  it("are enough where two are there for the project", async () => {
    const stage = stageOf({}, alone);
    const { id } = await waiting(stage, { ...SUBMISSION, project: "web-shop" });
    expect(await stage.gate.resolve(id, approve(BOB))).toMatchObject({ kind: "counted" });
  });

  it("are enough for pairing another one", async () => {
    const stage = stageOf({}, alone);
    const { id } = await waiting(stage, { ...SUBMISSION, fewAreEnough: true });
    expect(await stage.gate.resolve(id, approve(ADA))).toMatchObject({ kind: "decided" });
  });

  it("are named beforehand, by project", () => {
    const short = projectsShortOf(peopleOf(alone), 2);
    expect(short).toEqual([undefined]);
    expect(shortText(short, 2)).toContain("requests without a project or of one that nobody's projects name");
    expect(shortText(projectsShortOf(peopleOf(PEOPLE), 2), 2)).toBeUndefined();
  });
});

it("a parked request still needs two after a restart, and counts from the beginning", async () => {
  const stage = stageOf();
  const request: ApprovalRequest = {
    ...waitingRequest({ ...SUBMISSION, door: "hook" }, stage.clock.now()),
    inspection: { shown: SUBMISSION.call, secrets: 0, warnings: ["deletes files"] },
    quorum: 2,
  };
  const parking = {
    sessionId: "11111111-2222-3333-4444-555555555555",
    folder: "/code",
    afterMs: 1,
    forMs: 2,
  };
  const row = parkedRow(request, parking, 5, ["a secret of the test"]);
  const kept = { ...row, status: "pending" as const, input: JSON.stringify(SUBMISSION.call.input) };
  const read = readParked(kept, ["a secret of the test"]);
  expect(read?.quorum).toBe(2);
  await stage.store.insert({ ...request, parking: { ...parking, parkedAt: 5 } });
  const db = openDatabase(stage.databasePath);
  db.prepare("INSERT INTO endorsements VALUES (?, ?, ?, ?)").run(request.id, "Bob", "{}", "0".repeat(64));
  db.close();
  const answer = stage.gate.reopen({ ...request, ...read, inspection: request.inspection }, {});
  expect(await stage.gate.resolve(request.id, approve(ADA))).toMatchObject({ kind: "counted", have: 1 });
  expect(await stage.gate.resolve(request.id, approve(BOB))).toMatchObject({ kind: "decided" });
  expect((await answer).outcome.status).toBe("approved");
});
