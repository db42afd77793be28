// Under which names an approver is known, and that nobody can add one by writing to the database.

import { describe, expect, it } from "vitest";
import { createApprovers } from "../../src/core/approvers.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createGateStage, PHONE } from "../helpers/gate-stage.ts";
import { SECRET } from "../helpers/reply-handler.ts";
import { createKeptLog } from "../helpers/silent-log.ts";

const MEXICAN = "+525512345678" as Phone;
const ID = "US.13491208655302741918";

function stage({ phones = [PHONE, MEXICAN], named = [] as [Phone, string][], secrets = [SECRET] } = {}) {
  const { store } = createGateStage();
  const log = createKeptLog();
  const clock = createFakeClock();
  const open = (more: { secrets?: string[]; phones?: Phone[] } = {}) =>
    createApprovers({ phones, userIds: new Map(named), secrets, store, clock, log, ...more });
  return { store, log, open };
}

describe("an approver", () => {
  it("is found by the number in either form, and by nothing else", async () => {
    const approvers = await stage().open();
    expect(approvers.find("+5215512345678")).toBe(MEXICAN);
    expect(approvers.find(MEXICAN)).toBe(MEXICAN);
    expect(approvers.find(PHONE)).toBe(PHONE);
    for (const stranger of ["+5215512345679", "5215512345678", "", "US.", ID, "+15005550001"]) {
      expect(approvers.find(stranger)).toBeUndefined();
    }
  });

  it("may write from both forms, and from the id once that is known", async () => {
    const approvers = await stage().open();
    expect(approvers.sendersOf(MEXICAN)).toEqual([MEXICAN, "+5215512345678"]);
    await approvers.learn(MEXICAN, ID);
    expect(approvers.sendersOf(MEXICAN)).toEqual([MEXICAN, "+5215512345678", ID]);
    expect(approvers.find(ID)).toBe(MEXICAN);
  });
});

describe("the id of a user who hides the number", () => {
  it("is known after a restart, with the same secret or as the second one of a rotation", async () => {
    const { open } = stage();
    await (await open()).learn(PHONE, ID);
    expect((await open()).find(ID)).toBe(PHONE);
    expect((await open({ secrets: ["a-new-token", SECRET] })).find(ID)).toBe(PHONE);
    expect((await open({ phones: [MEXICAN] })).find(ID)).toBeUndefined();
  });

  it("counts in the database only where this server has written it", async () => {
    const { store, open, log } = stage();
    const row = { phone: PHONE, userId: ID, seal: "", learnedAt: 1 };
    await store.recordUserId(row);
    expect((await open()).find(ID)).toBeUndefined();
    expect(log.text()).toContain("was not written with this auth token");
    expect(log.text()).not.toContain(ID);
    // The seal of another number, of another id, and one made with another secret or none.
    await (await open()).learn(PHONE, ID);
    const [sealed] = await store.userIds();
    await store.recordUserId({ ...row, phone: MEXICAN, seal: sealed?.seal ?? "" });
    await store.recordUserId({ ...row, userId: "US.666", seal: sealed?.seal ?? "" });
    const approvers = await open({ secrets: ["another-token", ""] });
    expect(approvers.find(ID) ?? approvers.find("US.666")).toBeUndefined();
    expect((await open()).find("US.666")).toBeUndefined();
    expect((await open()).find(ID)).toBeUndefined();
  });

  it("is never taken from another approver, nor in place of one that the operator has named", async () => {
    const { open, log } = stage({ named: [[PHONE, "US.1"]] });
    const approvers = await open();
    await approvers.learn(MEXICAN, "US.1");
    await approvers.learn(PHONE, ID);
    expect(approvers.find("US.1")).toBe(PHONE);
    expect(approvers.find(ID)).toBeUndefined();
    expect(log.text()).toContain("belongs to another approver");
  });

  it("is replaced by a new one of the same number, and forgotten when it cannot be trusted", async () => {
    const { open } = stage();
    const approvers = await open();
    await approvers.learn(PHONE, ID);
    await approvers.learn(PHONE, "US.2");
    expect([approvers.find(ID), approvers.find("US.2")]).toEqual([undefined, PHONE]);
    await approvers.forget(PHONE);
    expect([approvers.find("US.2"), (await open()).find("US.2")]).toEqual([undefined, undefined]);
  });

  it.each(["", "+15005550001", "us.1", "US.1 2", "US.1\nUS.2"])(
    "is not learned when it is none: %j",
    async (text) => {
      const { open, store } = stage();
      await (await open()).learn(PHONE, text);
      expect(await store.userIds()).toEqual([]);
    },
  );

  it("that cannot be recorded or read costs nothing else", async () => {
    const broken = () => Promise.reject(new Error("SQLITE_FULL"));
    const { store } = createGateStage({
      store: (real) => ({ ...real, userIds: broken, recordUserId: broken, forgetUserId: broken }),
    });
    const log = createKeptLog();
    const deps = { phones: [PHONE], userIds: new Map(), secrets: [SECRET], clock: createFakeClock(), log };
    const approvers = await createApprovers({ ...deps, store });
    await approvers.learn(PHONE, ID);
    expect(approvers.find(ID)).toBe(PHONE);
    await approvers.forget(PHONE);
    expect(approvers.find(ID)).toBeUndefined();
    expect(log.entries.filter(({ level }) => level === "error")).toHaveLength(3);
  });
});

describe("a sender that is not known", () => {
  it("is told apart from an approver by its beginning, without its number", async () => {
    const approvers = await stage().open();
    const advice = approvers.adviceFor("+5325512345678") ?? "";
    expect(advice).toContain("+525…5678");
    expect(advice).toContain("begins with +532");
    expect(advice).not.toMatch(/\d{5}/);
    expect(approvers.adviceFor("+447700900123")).toBeUndefined();
  });

  it("that hides its number is told how to become known", async () => {
    const approvers = await stage().open();
    expect(approvers.adviceFor(ID)).toContain("APPROVAL_PHONE=<number>=whatsapp:<id>");
  });
});
