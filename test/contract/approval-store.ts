// What every approval store promises, as a suite over whatever makes one. See ApprovalStore in src/core/ports.ts.

import { describe, expect, it, onTestFinished } from "vitest";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { ApprovalRequest, Outcome } from "../../src/domain/approval.ts";
import type { DeliveryReceipt, DeliveryState, SentMessage } from "../../src/domain/delivery.ts";
import { named } from "../../src/domain/grant.ts";
import type { ServiceMode } from "../../src/domain/service-mode.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { SESSION } from "../helpers/session-offer.ts";

/** One place where a store keeps its data. */
export interface StorePlace {
  /** Opens the store; a second one on the same place sees the same data. The suite closes what it opens. */
  open(): ApprovalStore | Promise<ApprovalStore>;
}

const ID = "kqmwa" as ApprovalId;
const OTHER_ID = "abcde" as ApprovalId;
const PHONE = "+15005550006" as Phone;
const OTHER_PHONE = "+15005550001" as Phone;
const REQUEST: ApprovalRequest = {
  id: ID,
  call: { toolName: "Bash", input: { command: "login --token t0p-secret" }, toolUseId: "toolu_1" },
  inspection: {
    shown: { toolName: "Bash", input: { command: "login --token [secret 1]" }, toolUseId: "toolu_1" },
    secrets: 1,
    warnings: [],
  },
  door: "mcp",
  project: "web-shop",
  requester: "laptop",
  createdAt: 1_700_000_000_000,
  expiresAt: 1_700_000_300_000,
  waiting: 1,
};
const AT = 1_700_000_040_000;
const TEMPLATE = {
  account: "AC1",
  name: "approval_1",
  sid: "HX1",
  approval: "unsubmitted",
  seal: "s",
  seenAt: AT,
};
const APPROVED: Outcome = { status: "approved", by: PHONE };
const DENIED: Outcome = {
  status: "denied",
  by: PHONE,
  reason: "use the\n'test' database; DROP TABLE approvals 🔔",
};

const SENT: SentMessage = { messageId: "SM1", to: PHONE, hasButtons: true };

const OUTCOMES: Outcome[] = [
  APPROVED,
  DENIED,
  { status: "approved", by: PHONE, session: SESSION },
  { status: "approved", by: PHONE, session: { ...SESSION, holder: {}, what: named("npm run 'x' \"y\"") } },
  { status: "denied", by: OTHER_PHONE },
  { status: "refused", mode: { kind: "paused", by: PHONE, until: AT + 60_000 } },
  { status: "refused", mode: { kind: "panic", by: OTHER_PHONE } },
  { status: "expired" },
  { status: "undeliverable", code: 63015, message: "not joined.", advice: "send join" },
  { status: "undeliverable", message: "no answer.", advice: "look" },
  { status: "cancelled", cause: "disconnected" },
  { status: "cancelled", cause: "shutdown" },
  { status: "failed", message: "disk full" },
];

/** Runs the suite. @param newPlace a new, empty place for every test. */
export function describeApprovalStore(name: string, newPlace: () => StorePlace): void {
  async function open(place = newPlace()): Promise<ApprovalStore> {
    const store = await place.open();
    onTestFinished(() => store.close());
    return store;
  }

  async function openWithRequest(): Promise<ApprovalStore> {
    const store = await open();
    expect(await store.insert(REQUEST)).toBe(true);
    return store;
  }

  describe(`${name}: requests`, () => {
    it("are found as pending once they are written", async () => {
      const store = await openWithRequest();
      const { createdAt, expiresAt, door, project, requester, call, inspection } = REQUEST;
      expect(await store.find(ID)).toEqual({
        id: ID,
        status: "pending",
        createdAt,
        expiresAt,
        door,
        project,
        requester,
        toolName: call.toolName,
        shownInput: inspection.shown.input,
      });
    });

    it("are not found before", async () => {
      expect(await (await open()).find(ID)).toBeUndefined();
    });

    it("need neither a project nor a tool use id, and may hold any JSON", async () => {
      const store = await open();
      const input = JSON.parse('{"__proto__":1,"list":[null,"\\u0000\\ud800",{"deep":"🔔"}],"":""}');
      const { createdAt, expiresAt } = REQUEST;
      const call = { toolName: "X", input };
      const bare: ApprovalRequest = {
        id: ID,
        call,
        inspection: { shown: call, secrets: undefined, warnings: ["not checked for risks"] },
        door: "hook",
        createdAt,
        expiresAt,
        waiting: 1,
      };
      expect(await store.insert(bare)).toBe(true);
      expect(await store.find(ID)).toMatchObject({ status: "pending" });
    });

    it("with an id that is taken are refused and change nothing", async () => {
      const store = await openWithRequest();
      await store.settle(ID, DENIED, AT);
      expect(await store.insert({ ...REQUEST, createdAt: 1, expiresAt: 2 })).toBe(false);
      expect(await store.find(ID)).toMatchObject({ status: "denied", createdAt: REQUEST.createdAt });
    });

    it("get an id to one of two that are written at once", async () => {
      const store = await open();
      const written = await Promise.all([store.insert(REQUEST), store.insert(REQUEST)]);
      expect(written.sort()).toEqual([false, true]);
    });
  });

  describe(`${name}: decisions`, () => {
    it.each(OUTCOMES)("are kept as they were: %j", async (outcome) => {
      const store = await openWithRequest();
      expect(await store.settle(ID, outcome, AT)).toBe(true);
      expect(await store.find(ID)).toMatchObject({ status: outcome.status, decidedAt: AT, outcome });
    });

    it("count once: the first one stays", async () => {
      const store = await openWithRequest();
      expect(await store.settle(ID, DENIED, AT)).toBe(true);
      for (const later of [APPROVED, DENIED, { status: "expired" } as const]) {
        expect(await store.settle(ID, later, AT + 1)).toBe(false);
      }
      expect(await store.find(ID)).toMatchObject({ status: "denied", decidedAt: AT, outcome: DENIED });
    });

    it("of two at once: exactly one counts", async () => {
      const store = await openWithRequest();
      const counted = await Promise.all([store.settle(ID, APPROVED, AT), store.settle(ID, DENIED, AT + 1)]);
      expect([...counted].sort()).toEqual([false, true]);
      const winner = counted[0] ? APPROVED : DENIED;
      expect(await store.find(ID)).toMatchObject({ status: winner.status, outcome: winner });
    });

    it("of two at once, through two connections: exactly one counts", async () => {
      const place = newPlace();
      const [one, two] = [await open(place), await open(place)];
      await one.insert(REQUEST);
      const counted = await Promise.all([one.settle(ID, APPROVED, AT), two.settle(ID, DENIED, AT)]);
      expect([...counted].sort()).toEqual([false, true]);
      expect(await one.find(ID)).toEqual(await two.find(ID));
    });

    it("about a request that does not exist do not count", async () => {
      const store = await openWithRequest();
      expect(await store.settle(OTHER_ID, APPROVED, AT)).toBe(false);
      expect(await store.find(OTHER_ID)).toBeUndefined();
      expect(await store.find(ID)).toMatchObject({ status: "pending" });
    });

    it("leave every other request alone", async () => {
      const store = await openWithRequest();
      await store.insert({ ...REQUEST, id: OTHER_ID });
      await store.settle(ID, APPROVED, AT);
      expect(await store.find(OTHER_ID)).toMatchObject({ status: "pending" });
    });

    it.each([true, false])("say whether the caller got the answer: %s", async (answered) => {
      const store = await openWithRequest();
      await store.settle(ID, APPROVED, AT);
      expect(await store.find(ID)).not.toHaveProperty("answered");
      await store.recordAcknowledged(ID, answered);
      expect(await store.find(ID)).toMatchObject({ status: "approved", acknowledged: answered });
    });
  });

  describe(`${name}: a request that was decided before it was written`, () => {
    const BY_POLICY: Outcome = { status: "approved", by: "policy", rule: "Bash(ls)" };
    const NEW = { ...REQUEST, id: OTHER_ID };

    it("is written with its end, as if one had followed the other", async () => {
      const store = await open();
      expect(await store.settle(ID, BY_POLICY, AT, REQUEST)).toBe(true);
      await store.insert(NEW);
      await store.settle(OTHER_ID, BY_POLICY, AT);
      const [together, oneByOne] = await Promise.all([store.find(ID), store.find(OTHER_ID)]);
      expect(together).toEqual({ ...oneByOne, id: ID });
      expect(together).toMatchObject({ status: "approved", outcome: BY_POLICY, decidedAt: AT });
      expect(JSON.stringify(together)).not.toContain("t0p-secret");
      expect(await store.settle(ID, DENIED, AT + 1)).toBe(false);
    });

    it("is not written where its id is taken, and decides nothing about whose id that is", async () => {
      const store = await openWithRequest();
      expect(await store.settle(ID, BY_POLICY, AT, { ...REQUEST, project: "another" })).toBe(false);
      expect(await store.find(ID)).toMatchObject({ status: "pending", project: "web-shop" });
    });

    it("is not written where its grant does not hold", async () => {
      const store = await openWithRequest();
      await store.settle(ID, { status: "approved", by: PHONE, session: SESSION }, AT);
      const byGrant: Outcome = { status: "approved", by: "grant", grant: ID };
      expect(await store.settle(OTHER_ID, byGrant, AT + SESSION.ms, NEW)).toBe(false);
      expect(await store.find(OTHER_ID)).toBeUndefined();
      expect(await store.settle(OTHER_ID, byGrant, AT + 1, NEW)).toBe(true);
      expect(await store.find(OTHER_ID)).toMatchObject({ status: "approved", outcome: byGrant });
    });
  });

  describe(`${name}: grants`, () => {
    const GIVEN: Outcome = { status: "approved", by: PHONE, session: SESSION };
    const BY_GRANT: Outcome = { status: "approved", by: "grant", grant: ID };
    const uses = ["bbbbb", "ccccc", "ddddd"] as ApprovalId[];

    async function openWithGrant(place = newPlace()): Promise<ApprovalStore> {
      const store = await open(place);
      await store.insert(REQUEST);
      for (const id of uses) await store.insert({ ...REQUEST, id });
      expect(await store.settle(ID, GIVEN, AT)).toBe(true);
      return store;
    }

    async function isPending(store: ApprovalStore, id: ApprovalId) {
      expect(await store.find(id)).toMatchObject({ status: "pending" });
    }

    it("approve as often as they are used, each time a row of its own", async () => {
      const store = await openWithGrant();
      for (const id of uses) expect(await store.settle(id, BY_GRANT, AT + 1)).toBe(true);
      for (const id of uses)
        expect(await store.find(id)).toMatchObject({ status: "approved", outcome: BY_GRANT });
    });

    it("approve nothing once they were ended, and are ended once", async () => {
      const store = await openWithGrant();
      expect(await store.endGrant(OTHER_ID, "revoked", AT)).toBe(false);
      expect(await store.endGrant(ID, "revoked", AT)).toBe(true);
      expect(await store.endGrant(ID, "revoked", AT)).toBe(false);
      expect(await store.settle("bbbbb" as ApprovalId, BY_GRANT, AT + 1)).toBe(false);
      await isPending(store, "bbbbb" as ApprovalId);
      expect(await store.settle("bbbbb" as ApprovalId, DENIED, AT + 2)).toBe(true);
    });

    it("approve nothing once all were ended, after their time, or where there is none", async () => {
      const store = await openWithGrant();
      const [first, second, third] = uses as [ApprovalId, ApprovalId, ApprovalId];
      expect(await store.settle(first, BY_GRANT, AT + SESSION.ms)).toBe(false);
      expect(await store.settle(first, BY_GRANT, AT + SESSION.ms - 1)).toBe(true);
      expect(await store.settle(second, { ...BY_GRANT, grant: OTHER_ID }, AT)).toBe(false);
      expect(await store.settle(second, { status: "approved", by: "grant" }, AT)).toBe(false);
      await store.settle(second, GIVEN, AT);
      expect(await store.endGrants("panic", AT + 1)).toBe(2);
      expect(await store.endGrants("panic", AT + 1)).toBe(0);
      expect(await store.settle(third, BY_GRANT, AT + 1)).toBe(false);
      expect(await store.settle(third, { ...BY_GRANT, grant: second }, AT + 1)).toBe(false);
      await isPending(store, third);
    });

    it("are not given by a decision that did not count", async () => {
      const store = await openWithRequest();
      await store.insert({ ...REQUEST, id: OTHER_ID });
      await store.settle(ID, DENIED, AT);
      expect(await store.settle(ID, GIVEN, AT)).toBe(false);
      expect(await store.settle(OTHER_ID, BY_GRANT, AT)).toBe(false);
      expect(await store.endGrants("restart", AT)).toBe(0);
    });

    it("are not used by a request that has ended", async () => {
      const store = await openWithGrant();
      const [id] = uses as [ApprovalId];
      await store.settle(id, DENIED, AT);
      expect(await store.settle(id, BY_GRANT, AT)).toBe(false);
      expect(await store.find(id)).toMatchObject({ status: "denied" });
    });

    it("used and ended at once, through two connections, are one before the other", async () => {
      const place = newPlace();
      const [one, two] = [await openWithGrant(place), await open(place)];
      const [id, next] = uses as [ApprovalId, ApprovalId];
      const [isUsed, isEnded] = await Promise.all([
        one.settle(id, BY_GRANT, AT),
        two.endGrant(ID, "revoked", AT),
      ]);
      expect(isEnded).toBe(true);
      expect((await one.find(id))?.status).toBe(isUsed ? "approved" : "pending");
      expect(await one.settle(next, BY_GRANT, AT)).toBe(false);
    });
  });

  describe(`${name}: keys`, () => {
    const KEYED = { requester: "ci", key: "run-1", bodySha256: "a".repeat(64), id: ID, at: AT };
    const find = (store: ApprovalStore, { requester, key } = KEYED, since = 0) =>
      store.findKey(requester, key, since);

    it("lead to their request, also after a reopen", async () => {
      const place = newPlace();
      const first = await place.open();
      expect(await first.addKey(KEYED, 0)).toBe(true);
      await first.close();
      expect(await find(await open(place))).toEqual(KEYED);
    });

    it("stay with the first request that took them", async () => {
      const store = await open();
      expect(await store.addKey(KEYED, 0)).toBe(true);
      expect(await store.addKey({ ...KEYED, id: OTHER_ID, bodySha256: "b" }, 0)).toBe(false);
      expect(await find(store)).toEqual(KEYED);
    });

    it("of two at once, through two connections: exactly one holds", async () => {
      const place = newPlace();
      const [one, two] = [await open(place), await open(place)];
      const other = { ...KEYED, id: OTHER_ID };
      const held = await Promise.all([one.addKey(KEYED, 0), two.addKey(other, 0)]);
      expect([...held].sort()).toEqual([false, true]);
      expect(await find(two)).toEqual(held[0] ? KEYED : other);
    });

    it("are one for each token", async () => {
      const store = await open();
      const unnamed = { ...KEYED, requester: "", id: OTHER_ID };
      expect([await store.addKey(KEYED, 0), await store.addKey(unnamed, 0)]).toEqual([true, true]);
      expect(await find(store)).toEqual(KEYED);
      expect(await find(store, unnamed)).toEqual(unnamed);
      expect(await store.findKey("laptop", KEYED.key, 0)).toBeUndefined();
    });

    it("are forgotten once they are old, and free again", async () => {
      const store = await open();
      await store.addKey(KEYED, 0);
      await store.addKey({ ...KEYED, key: "run-2", at: AT + 10 }, AT);
      expect(await find(store, KEYED, AT + 1)).toBeUndefined();
      const again = { ...KEYED, id: OTHER_ID, at: AT + 20 };
      expect(await store.addKey(again, AT + 1)).toBe(true);
      expect(await find(store)).toEqual(again);
      expect(await find(store, { ...KEYED, key: "run-2" })).toMatchObject({ at: AT + 10 });
    });
  });

  describe(`${name}: messages`, () => {
    const messages = [
      { messageId: "SM0", to: PHONE, hasButtons: false },
      { messageId: "SM1", to: PHONE, hasButtons: true },
      { messageId: "SM2", to: OTHER_PHONE, hasButtons: true },
    ];

    it("lead to their request, whichever approver's it is", async () => {
      const store = await openWithRequest();
      await store.addMessages(ID, messages);
      for (const { messageId } of messages) {
        expect(await store.findByMessage(messageId)).toEqual(await store.find(ID));
      }
      await store.settle(ID, DENIED, AT);
      expect(await store.findByMessage("SM2")).toMatchObject({ status: "denied", outcome: DENIED });
    });

    it("that are not known lead nowhere", async () => {
      const store = await openWithRequest();
      await store.addMessages(ID, []);
      expect(await store.findByMessage("SM1")).toBeUndefined();
      expect(await store.findByMessage("")).toBeUndefined();
    });

    it("may be noted twice, and stay with their first request", async () => {
      const store = await openWithRequest();
      await store.insert({ ...REQUEST, id: OTHER_ID });
      await store.addMessages(ID, messages);
      await store.addMessages(ID, messages);
      await store.addMessages(OTHER_ID, messages);
      expect(await store.findByMessage("SM1")).toMatchObject({ id: ID });
    });
  });

  describe(`${name}: receipts`, () => {
    const receipt = (state: DeliveryState): DeliveryReceipt => ({
      messageId: "SM1",
      state,
      at: AT,
      ...(state === "failed"
        ? { failure: { code: 63015, message: "not joined.", advice: "send join" } }
        : {}),
    });

    it.each<[DeliveryState[], DeliveryState]>([
      [["queued", "sent", "delivered", "read"], "read"],
      [["read", "delivered", "sent", "queued"], "read"],
      [["delivered", "sent"], "delivered"],
      [["sent", "sent"], "sent"],
      [["sent", "failed"], "failed"],
      [["failed", "sent", "delivered", "read"], "failed"],
      [["delivered", "failed", "read"], "failed"],
    ])("that come as %j leave %s", async (states, last) => {
      const store = await open();
      for (const state of states) await store.recordDelivery(receipt(state));
      expect(await store.findDelivery("SM1")).toEqual(receipt(last));
    });

    it("may come before their message is known, and may never come", async () => {
      const store = await openWithRequest();
      expect(await store.findDelivery("SM1")).toBeUndefined();
      await store.recordDelivery(receipt("failed"));
      await store.addMessages(ID, [SENT]);
      expect(await store.findDelivery("SM1")).toEqual(receipt("failed"));
    });

    it("keep the first of equal ones: a repeated callback is no news", async () => {
      const store = await open();
      await store.recordDelivery(receipt("delivered"));
      await store.recordDelivery({ ...receipt("delivered"), at: AT + 5_000 });
      expect(await store.findDelivery("SM1")).toMatchObject({ at: AT });
    });
  });

  describe(`${name}: inbound messages`, () => {
    it("are seen for the first time once", async () => {
      const store = await open();
      expect(await store.firstSeen("SMin", AT)).toBe(true);
      expect(await store.firstSeen("SMin", AT + 1)).toBe(false);
      expect(await store.firstSeen("SMother", AT)).toBe(true);
    });

    it("that come twice at once are new once", async () => {
      const store = await open();
      const news = await Promise.all([store.firstSeen("SMin", AT), store.firstSeen("SMin", AT)]);
      expect(news.sort()).toEqual([false, true]);
    });

    it("are known once they were seen", async () => {
      const store = await open();
      await store.firstSeen("SMin", AT);
      expect([await store.wasSeen("SMin"), await store.wasSeen("SMother")]).toEqual([true, false]);
    });

    it("are unfinished from the moment they are seen until they are finished", async () => {
      const store = await open();
      const denial = { text: "DENY kqmwa no", buttonId: undefined, quotedMessageId: "SM1" };
      await store.firstSeen("SM-plain", AT);
      await store.firstSeen("SM-a", AT, { from: PHONE, request: ID, denial });
      await store.firstSeen("SM-a", AT + 1, { from: OTHER_PHONE });
      await store.firstSeen("SM-b", AT + 2, { from: PHONE });
      expect(await store.unfinishedReplies()).toEqual([
        { inboundId: "SM-a", from: PHONE, at: AT, request: ID, denial },
        { inboundId: "SM-b", from: PHONE, at: AT + 2 },
      ]);
      await store.replyDone("SM-a", "PANIC");
      expect((await store.unfinishedReplies())[0]).toEqual(
        expect.objectContaining({ inboundId: "SM-a", done: "PANIC" }),
      );
      await store.finishReply("SM-a");
      expect(await store.unfinishedReplies()).toEqual([{ inboundId: "SM-b", from: PHONE, at: AT + 2 }]);
    });
  });

  describe(`${name}: contacts`, () => {
    it("are empty while a phone has not written", async () => {
      const store = await open();
      await store.recordContact(OTHER_PHONE, AT, true);
      expect(await store.contact(PHONE)).toEqual({});
    });

    it("keep when a phone wrote last, and when it joined last", async () => {
      const store = await open();
      await store.recordContact(PHONE, AT, false);
      expect(await store.contact(PHONE)).toEqual({ lastInboundAt: AT });
      await store.recordContact(PHONE, AT + 1, true);
      expect(await store.contact(PHONE)).toEqual({ lastInboundAt: AT + 1, joinedAt: AT + 1 });
      await store.recordContact(PHONE, AT + 2, false);
      expect(await store.contact(PHONE)).toEqual({ lastInboundAt: AT + 2, joinedAt: AT + 1 });
      await store.recordContact(PHONE, AT + 3, true);
      expect(await store.contact(PHONE)).toEqual({ lastInboundAt: AT + 3, joinedAt: AT + 3 });
    });

    it("do not go back: messages may be read in any order", async () => {
      const store = await open();
      await store.recordContact(PHONE, AT, true);
      await store.recordContact(PHONE, AT - 2, false);
      await store.recordContact(PHONE, AT - 1, true);
      expect(await store.contact(PHONE)).toEqual({ lastInboundAt: AT, joinedAt: AT });
    });

    it("take a joining that becomes known late", async () => {
      const store = await open();
      await store.recordContact(PHONE, AT, false);
      await store.recordContact(PHONE, AT - 1, true);
      expect(await store.contact(PHONE)).toEqual({ lastInboundAt: AT, joinedAt: AT - 1 });
    });

    it("are one for each phone", async () => {
      const store = await open();
      await store.recordContact(PHONE, AT, true);
      await store.recordContact(OTHER_PHONE, AT + 5, false);
      expect(await store.contact(PHONE)).toEqual({ lastInboundAt: AT, joinedAt: AT });
      expect(await store.contact(OTHER_PHONE)).toEqual({ lastInboundAt: AT + 5 });
    });

    it("knows a phone by either form of its number", async () => {
      const store = await open();
      const forms = ["+525512345678", "+5215512345678"] as Phone[];
      await store.recordContact(forms[0] as Phone, AT, true);
      await store.recordContact(forms[1] as Phone, AT + 1, false);
      for (const form of forms) {
        expect(await store.contact(form)).toEqual({ lastInboundAt: AT + 1, joinedAt: AT });
      }
    });

    it("keeps one user id for each number, and one number for each id", async () => {
      const store = await open();
      const known = { phone: PHONE, userId: "US.1", seal: "s", learnedAt: AT };
      expect(await store.userIds()).toEqual([]);
      await store.recordUserId(known);
      await store.recordUserId({ ...known, userId: "US.2" });
      expect(await store.userIds()).toEqual([{ ...known, userId: "US.2" }]);
      await store.recordUserId({ ...known, phone: OTHER_PHONE, userId: "US.2" });
      expect(await store.userIds()).toEqual([{ ...known, phone: OTHER_PHONE, userId: "US.2" }]);
      await store.forgetUserId(OTHER_PHONE);
      expect(await store.userIds()).toEqual([]);
    });
  });

  describe(`${name}: the standing`, () => {
    const closed: ServiceMode[] = [
      { kind: "paused", by: PHONE, until: AT },
      { kind: "panic", by: OTHER_PHONE },
    ];

    it("is open at first", async () => {
      expect(await (await open()).serviceMode()).toEqual({ kind: "open" });
    });

    it("is the one that was set last", async () => {
      const store = await open();
      for (const mode of [...closed, { kind: "open" } as const, ...closed.reverse()]) {
        await store.setServiceMode(mode);
        expect(await store.serviceMode()).toEqual(mode);
      }
    });

    it.each(closed)("survives a reopen: %j", async (mode) => {
      const place = newPlace();
      const first = await place.open();
      await first.setServiceMode(mode);
      await first.close();
      const second = await open(place);
      await second.cancelPending(AT);
      expect(await second.serviceMode()).toEqual(mode);
    });
  });

  describe(`${name}: after a restart`, () => {
    it("cancels what is still pending, and only that", async () => {
      const store = await openWithRequest();
      await store.insert({ ...REQUEST, id: OTHER_ID });
      await store.settle(OTHER_ID, APPROVED, AT);
      expect(await store.cancelPending(AT + 1)).toBe(1);
      expect(await store.find(ID)).toMatchObject({
        status: "cancelled",
        decidedAt: AT + 1,
        outcome: { status: "cancelled", cause: "restart" },
      });
      expect(await store.find(OTHER_ID)).toMatchObject({ status: "approved", decidedAt: AT });
      expect(await store.cancelPending(AT + 2)).toBe(0);
    });

    it("takes no answer to what was cancelled", async () => {
      const store = await openWithRequest();
      await store.cancelPending(AT);
      expect(await store.settle(ID, APPROVED, AT + 1)).toBe(false);
      expect(await store.find(ID)).toMatchObject({ status: "cancelled" });
    });

    it("still has everything", async () => {
      const place = newPlace();
      const first = await place.open();
      await first.insert(REQUEST);
      await first.addMessages(ID, [SENT]);
      await first.recordDelivery({ messageId: "SM1", state: "read", at: AT });
      await first.firstSeen("SMin", AT);
      await first.settle(ID, DENIED, AT);
      await first.recordAcknowledged(ID, true);
      await first.recordContact(PHONE, AT, true);
      await first.recordContact(PHONE, AT + 1, false);
      const before = await first.find(ID);
      await first.close();

      const second = await open(place);
      expect(before).toMatchObject({ outcome: DENIED, acknowledged: true });
      expect(await second.find(ID)).toEqual(before);
      expect(await second.findByMessage("SM1")).toEqual(before);
      expect(await second.findDelivery("SM1")).toMatchObject({ state: "read" });
      expect(await second.firstSeen("SMin", AT)).toBe(false);
      expect(await second.contact(PHONE)).toEqual({ lastInboundAt: AT + 1, joinedAt: AT });
    });
  });

  describe(`${name}: templates and reminders`, () => {
    it("keeps the last that was seen under a name, for each account", async () => {
      const store = await open();
      await store.recordTemplate(TEMPLATE);
      await store.recordTemplate({ ...TEMPLATE, sid: "HX2", approval: "approved", seenAt: AT + 1 });
      await store.recordTemplate({ ...TEMPLATE, account: "AC2" });
      expect(await store.templates("AC1")).toEqual([
        { ...TEMPLATE, sid: "HX2", approval: "approved", seenAt: AT + 1 },
      ]);
      expect(await store.templates("AC3")).toEqual([]);
    });

    it("keeps each script as it was approved last", async () => {
      const store = await open();
      const script = { name: "deploy", identity: "1", seal: "s1", approvedAt: AT };
      await store.recordApprovedScript(script);
      await store.recordApprovedScript({ ...script, name: "test" });
      await store.recordApprovedScript({ ...script, identity: "2", seal: "s2", approvedAt: AT + 1 });
      const kept = [...(await store.approvedScripts())].sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(kept).toEqual([
        { name: "deploy", identity: "2", seal: "s2", approvedAt: AT + 1 },
        { ...script, name: "test" },
      ]);
    });

    it("lets a phone be reminded once a day", async () => {
      const store = await open();
      expect(await store.lastReminded(PHONE)).toBeUndefined();
      expect(await store.claimReminder(PHONE, "2026-03-29", AT)).toBe(true);
      expect(await store.claimReminder(PHONE, "2026-03-29", AT + 1)).toBe(false);
      expect(await store.claimReminder("+15005550001" as Phone, "2026-03-29", AT)).toBe(true);
      expect(await store.claimReminder(PHONE, "2026-03-30", AT + 2)).toBe(true);
      expect(await store.claimReminder(PHONE, "2026-03-30", AT + 3)).toBe(false);
      expect(await store.lastReminded(PHONE)).toBe(AT + 2);
    });

    it("knows when a phone was last asked", async () => {
      const store = await open();
      expect(await store.lastAsked(PHONE)).toBeUndefined();
      await store.insert(REQUEST);
      expect(await store.lastAsked(PHONE)).toBeUndefined();
      await store.addMessages(ID, [SENT]);
      expect(await store.lastAsked(SENT.to)).toBe(REQUEST.createdAt);
      expect(await store.lastAsked("+15005550001" as Phone)).toBeUndefined();
    });
  });

  describe(`${name}: when it cannot work`, () => {
    it("rejects, and never throws at the caller", async () => {
      const store = await open();
      await store.close();
      const calls: (() => Promise<unknown>)[] = [
        () => store.insert(REQUEST),
        () => store.settle(ID, APPROVED, AT),
        () => store.recordAcknowledged(ID, true),
        () => store.find(ID),
        () => store.browse({}, undefined, 1),
        () => store.addKey({ requester: "", key: "k", bodySha256: "", id: ID, at: AT }, 0),
        () => store.findKey("", "k", 0),
        () => store.addMessages(ID, [SENT]),
        () => store.findByMessage("SM1"),
        () => store.recordDelivery({ messageId: "SM1", state: "sent", at: AT }),
        () => store.findDelivery("SM1"),
        () => store.firstSeen("SMin", AT),
        () => store.wasSeen("SMin"),
        () => store.replyDone("SMin", "PANIC"),
        () => store.finishReply("SMin"),
        () => store.unfinishedReplies(),
        () => store.recordContact(PHONE, AT, true),
        () => store.contact(PHONE),
        () => store.userIds(),
        () => store.recordUserId({ phone: PHONE, userId: "US.1", seal: "", learnedAt: AT }),
        () => store.forgetUserId(PHONE),
        () => store.templates("AC1"),
        () => store.recordTemplate(TEMPLATE),
        () => store.approvedScripts(),
        () => store.recordApprovedScript({ name: "x", identity: "", seal: "", approvedAt: AT }),
        () => store.claimReminder(PHONE, "2026-01-01", AT),
        () => store.lastAsked(PHONE),
        () => store.serviceMode(),
        () => store.setServiceMode({ kind: "open" }),
        () => store.cancelPending(AT),
        () => store.endGrant(ID, "revoked", AT),
        () => store.endGrants("panic", AT),
      ];
      const results = await Promise.allSettled(calls.map((call) => call()));
      expect(results.map(({ status }) => status)).toEqual(calls.map(() => "rejected"));
    });

    it("notes no message of a request that does not exist", async () => {
      const store = await open();
      await expect(store.addMessages(ID, [SENT])).rejects.toThrow();
      expect(await store.findByMessage("SM1")).toBeUndefined();
    });

    it("may be closed twice", async () => {
      const store = await open();
      await store.close();
      await expect(store.close()).resolves.toBeUndefined();
    });
  });
}
