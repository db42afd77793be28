// Roles and projects where they are decided: who may, whose Session counts where, and under which seal a chat is bound.
import { describe, expect, it } from "vitest";
import { openBindings } from "../../src/core/bindings.ts";
import { createGrants } from "../../src/core/grants.ts";
import { personFor } from "../../src/core/pairing-person.ts";
import { createPeople } from "../../src/core/people.ts";
import type { Binding } from "../../src/core/ports/binding-store.ts";
import type { Person } from "../../src/domain/person.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createGateStage, SUBMISSION } from "../helpers/gate-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const ADA = "+15005550006" as Phone;
const BOB = "+15005550007" as Phone;
const CHAT = "telegram:7001" as Phone;
const ada: Person = {
  name: "Ada",
  role: "approve",
  addresses: [ADA],
  projects: ["shop"],
  pairs: ["telegram"],
};
const bob: Person = { name: "Bob", role: "approve", addresses: [BOB], pairs: [] };
const peopleOf = (...people: readonly Person[]) =>
  createPeople({ people, channels: ["whatsapp", "telegram"], isClosed: true });

describe("a project", () => {
  it("is decided by those who are asked about it, and what names none by those for all", () => {
    const people = peopleOf(ada, bob);
    const may = (by: Phone) => ["shop", "blog", undefined].map((project) => people.mayDecide(by, project));
    expect(may(ADA)).toEqual([true, false, false]);
    expect(may(BOB)).toEqual([true, true, true]);
    expect(people.askedFor("shop").map(({ name }) => name)).toEqual(["Ada", "Bob"]);
    expect(people.askedFor(undefined).map(({ name }) => name)).toEqual(["Bob"]);
  });

  it("is not allowed anything by a Session of somebody who is not asked about it", async () => {
    const grantable = {
      subject: { kind: "tool", toolName: "mcp__x__y" },
      what: ["this tool"],
      needsFolder: false,
    } as const;
    const people = peopleOf(ada, bob);
    const { store, clock, log, stopStage } = createGateStage();
    const grants = createGrants({ store, clock, log, mayDecide: people.mayDecide });
    const offer = { subject: grantable.subject, holder: {}, what: grantable.what, ms: 60_000 };
    const used = (by: Phone, project: string | undefined) => {
      grants.endAll("revoked");
      grants.given(waitingRequest(SUBMISSION), offer, by);
      return grants.find({ ...SUBMISSION, project }, grantable) !== undefined;
    };
    expect(["shop", "blog", undefined].map((project) => used(ADA, project))).toEqual([true, false, false]);
    expect(["shop", "blog", undefined].map((project) => used(BOB, project))).toEqual([true, true, true]);
    await stopStage();
  });

  it("is not decided by words to a task of somebody who is not asked about it", async () => {
    const stage = createGateStage({ people: peopleOf(ada, bob), approvers: [ADA, BOB] });
    const words = { ...SUBMISSION, door: "phone", asksAlways: true, project: "blog" } as const;
    void stage.gate.request({ ...words, approvedBy: ADA });
    await expect.poll(() => stage.asked.length).toBe(1);
    expect(await stage.gate.resolve(stage.id(), { kind: "approve", by: ADA })).toEqual({ kind: "not-yours" });
    expect(await stage.gate.resolve(stage.id(), { kind: "deny", by: ADA })).toEqual({ kind: "not-yours" });
    const own = await stage.gate.request({
      ...words,
      call: { ...words.call, toolUseId: "t2" },
      approvedBy: BOB,
    });
    expect(own.outcome).toEqual({ status: "approved", by: BOB, name: "Bob" });
    await stage.stopStage();
  });
});

describe("a chat", () => {
  const secretOf = () => "a key of the test";
  const rows: Binding[] = [];
  async function open(...people: readonly Person[]) {
    const known = peopleOf(...people);
    const log = createKeptLog();
    const store = {
      bindings: async () => [...rows],
      keepBinding: async (row: Binding) => void rows.push(row),
      keepUntold: async () => {},
      forgetBinding: async () => {},
    };
    const bindings = await openBindings({ people: known, store, secretOf, clock: createFakeClock(), log });
    return { known, bindings, log };
  }

  it("counts under the role that it was bound with, for a name of the file and a channel that it names", async () => {
    rows.length = 0;
    const first = await open({ ...ada, role: "notify" }, bob);
    await first.bindings.bind(CHAT, "Ada");
    expect(first.known.personOf(CHAT)).toMatchObject({ name: "Ada", role: "notify" });
    await expect(first.bindings.bind(CHAT, "Bob")).rejects.toThrow("does not name telegram");
    await expect(first.bindings.bind(CHAT, "Eve")).rejects.toThrow("names nobody who is called so");
    expect((await open({ ...ada, role: "notify" }, bob)).known.personOf(CHAT)?.name).toBe("Ada");
    for (const [people, why] of [
      [[ada, bob], "had the other role"],
      [[bob], "names nobody who is called so"],
      [[{ ...ada, role: "notify", pairs: [] }, bob], "does not name telegram"],
    ] as const) {
      const later = await open(...(people as readonly Person[]));
      expect(later.known.personOf(CHAT)).toBeUndefined();
      if (why !== "names nobody who is called so") expect(later.log.text()).toContain(why);
    }
  });

  it("of who is only told is none of an approver by another spelling of the name", async () => {
    rows.length = 0;
    const { bindings } = await open({ ...ada, role: "notify" }, bob);
    await bindings.bind(CHAT, "Ada");
    const [row] = rows;
    rows.splice(0, 1, { ...row!, person: "Ada\nnotify" });
    const later = createPeople({ people: [], channels: ["telegram"] });
    await openBindings({
      people: later,
      store: {
        bindings: async () => rows,
        keepBinding: async () => {},
        keepUntold: async () => {},
        forgetBinding: async () => {},
      },
      secretOf,
      clock: createFakeClock(),
      log: createKeptLog(),
    });
    expect(later.approving()).toEqual([]);
  });

  it("is nobody new whose name reads like another's, or like what messages say of themselves", () => {
    const people = createPeople({ people: [ada], channels: ["telegram"], isClosed: false });
    expect(personFor(people, "Eve", "telegram")).toEqual({ person: "Eve" });
    for (const name of ["ada", "ADA", "\uFF21da", "A\uFF44a"])
      expect([name, personFor(people, name, "telegram")]).toEqual([
        name,
        { problem: expect.stringMatching(/^Ada is called nearly so/) },
      ]);
    for (const name of [
      "policy",
      "Policy",
      "the policy",
      "The_Policy",
      "Claude",
      "terminal",
      "approval-server",
    ])
      expect([name, personFor(people, name, "telegram")]).toEqual([
        name,
        { problem: expect.stringContaining("something else") },
      ]);
  });

  it("is asked for by a name of the file", () => {
    const people = peopleOf(ada, bob);
    expect(personFor(people, "Ada", "telegram")).toEqual({ person: "Ada" });
    expect(personFor(people, "Eve", "telegram")).toMatchObject({
      problem: expect.stringContaining("--as (Ada)"),
    });
    expect(personFor(people, "Bob", "telegram")).toMatchObject({
      problem: expect.stringContaining("--as (Ada)"),
    });
  });
});
