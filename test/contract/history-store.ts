// What every store promises to those who read the record, as a suite over whatever makes one.
import { describe, expect, it, onTestFinished } from "vitest";
import type { MessageNote } from "../../src/core/ports/correspondence-store.ts";
import type { RecordPlace, RecordQuery } from "../../src/core/ports/history-store.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import type { StorePlace } from "./approval-store.ts";

const PHONE = "+15005550006" as Phone;
const SENDER = "whatsapp:+15005550001";
const AT = 1_700_000_000_000;
const DAY = 24 * 60 * 60_000;
const ID = "kqmwa" as ApprovalId;
const NOTE: MessageNote = {
  messageId: "SM1",
  sender: SENDER,
  to: PHONE,
  purpose: "request",
  requestId: ID,
  at: AT,
};

function request(
  id: string,
  command: string,
  createdAt = AT,
  more: Partial<ApprovalRequest> = {},
): ApprovalRequest {
  const call = { toolName: "Bash", input: { command } };
  const inspection = { shown: call, secrets: 0, warnings: [] };
  const expiresAt = createdAt + 300_000;
  return { id: id as ApprovalId, call, inspection, door: "mcp", createdAt, expiresAt, waiting: 1, ...more };
}

export function describeHistoryStore(name: string, newPlace: () => StorePlace): void {
  async function open() {
    const store = await newPlace().open();
    onTestFinished(() => store.close());
    const ids = async (query: RecordQuery, limit = 10) => {
      const found: string[] = [];
      let from: RecordPlace | undefined;
      do {
        const step = await store.browse(query, from, limit);
        found.push(...step.approvals.map(({ id }) => id));
        from = step.next;
      } while (from !== undefined);
      return found;
    };
    return { store, ids };
  }

  describe(`${name}: the record`, () => {
    it("is read newest first, each request once, whatever the size of a step", async () => {
      const { store, ids } = await open();
      const all = [..."abcdefg"].map((letter) => letter.repeat(5));
      // Three to a millisecond.
      for (const [index, id] of all.entries())
        await store.insert(request(id, `echo ${id}`, AT + Math.floor(index / 3)));
      for (const limit of [1, 2, 3, 10]) expect(await ids({}, limit)).toEqual([...all].reverse());
      expect(await ids({ words: "echo" }, 2)).toEqual([...all].reverse());
      expect(await ids({ since: AT + 1, until: AT + 2 })).toEqual(["fffff", "eeeee", "ddddd"]);
    });

    it("has no input that is too long for a list; that is found by its id", async () => {
      const { store } = await open();
      await store.insert(request("aaaaa", "x".repeat(200_000)));
      const { approvals } = await store.browse({}, undefined, 1);
      expect(approvals.map(({ shownInput }) => shownInput)).toEqual([{ omitted: "200014 characters" }]);
      expect((await store.find("aaaaa" as ApprovalId))?.shownInput).toEqual({
        command: "x".repeat(200_000),
      });
    });

    it("goes on past any number of requests that are not meant", async () => {
      const { store, ids } = await open();
      await store.insert(request("kkkkk", "echo needle", AT - 1));
      for (let n = 0; n < 700; n += 1) {
        const id = [n / 625, n / 25, n]
          .map((part) => "abcdefghijkmnopqrstuvwxyz"[Math.floor(part) % 25])
          .join("");
        await store.insert(request(`aa${id}`, "echo hay", AT + n));
      }
      expect(await ids({ words: "needle" })).toEqual(["kkkkk"]);
      expect(await ids({ words: "hay" }, 50)).toHaveLength(700);
    });

    it.each([
      [{ words: "100%" }, ["bbbbb"]],
      [{ words: "_" }, ["bbbbb"]],
      [{ words: '"quoted"' }, ["ccccc"]],
      [{ words: "two\nlines" }, ["ccccc"]],
      [{ words: "back\\slash" }, ["ccccc"]],
      [{ words: "ECHO" }, ["bbbbb", "aaaaa"]],
      [{ words: "aaaaa" }, ["aaaaa"]],
      [{ words: "web-shop" }, ["aaaaa"]],
      [{ words: "' OR 1=1 --" }, []],
      [{ project: "web-shop" }, ["aaaaa"]],
      [{ requester: "ci" }, ["bbbbb"]],
      [{ door: "rest" as const }, ["ccccc"]],
      [{ statuses: ["denied" as const] }, ["aaaaa"]],
      [{ toolName: "Write" }, []],
    ])("is searched as it is written: %j", async (query, found) => {
      const { store, ids } = await open();
      await store.insert(request("aaaaa", "echo one", AT, { project: "web-shop" }));
      await store.insert(request("bbbbb", "echo 100%_", AT + 1, { requester: "ci" }));
      await store.insert(request("ccccc", 'say "quoted" two\nlines back\\slash', AT + 2, { door: "rest" }));
      await store.settle("aaaaa" as ApprovalId, { status: "denied", by: PHONE }, AT + 9);
      expect(await ids(query)).toEqual(found);
    });
  });

  describe(`${name}: a story`, () => {
    it("has each message with its times, in whatever order its receipts came", async () => {
      const { store } = await open();
      await store.insert(request(ID, "ls"));
      await store.recordDelivery({ messageId: "SM1", state: "read", at: AT + 3 });
      await store.noteMessage(NOTE);
      await store.recordDelivery({ messageId: "SM1", state: "sent", at: AT + 1 });
      await store.recordDelivery({ messageId: "SM1", state: "sent", at: AT + 7 });
      await store.noteReply({ requestId: ID, from: PHONE, said: "deny", result: "decided", at: AT + 4 });
      const story = await store.story(ID);
      expect(story?.messages).toMatchObject([
        {
          messageId: "SM1",
          to: PHONE,
          purpose: "request",
          takenAt: AT,
          sentAt: AT + 1,
          readAt: AT + 3,
          state: "read",
        },
      ]);
      expect(story?.messages[0]?.deliveredAt).toBeUndefined();
      expect(story?.replies).toEqual([
        { requestId: ID, from: PHONE, said: "deny", result: "decided", at: AT + 4 },
      ]);
      expect(await store.story("zzzzz" as ApprovalId)).toBeUndefined();
    });

    it("has messages of earlier versions too, without their times", async () => {
      const { store } = await open();
      await store.insert(request(ID, "ls"));
      await store.addMessages(ID, [{ messageId: "SM9", to: PHONE, hasButtons: true }]);
      expect((await store.story(ID))?.messages).toMatchObject([
        { messageId: "SM9", to: PHONE, takenAt: undefined },
      ]);
    });
  });

  describe(`${name}: messages`, () => {
    it("are counted by their sender and time, those of no request too, and once", async () => {
      const { store } = await open();
      await store.noteMessage(NOTE);
      await store.noteMessage({
        ...NOTE,
        messageId: "SM2",
        purpose: "notice",
        requestId: undefined,
        at: AT + DAY,
      });
      await store.noteMessage({ ...NOTE, messageId: "SM2", at: AT + DAY });
      await store.noteMessage({ ...NOTE, messageId: "SM3", sender: "another", at: AT + DAY });
      await store.recordDelivery({ messageId: "SM4", state: "sent", at: AT + DAY });
      expect([await store.countSent(SENDER, AT), await store.countSent(SENDER, AT + 1)]).toEqual([2, 1]);
    });

    it("and replies are forgotten after half a year, a few with each new one", async () => {
      const { store } = await open();
      await store.insert(request(ID, "ls"));
      await store.noteReply({ requestId: ID, from: PHONE, said: "deny", result: "decided", at: AT });
      for (let n = 0; n < 30; n += 1) await store.noteMessage({ ...NOTE, messageId: `old${n}` });
      await store.noteMessage({ ...NOTE, messageId: "new1", at: AT + 181 * DAY });
      expect(await store.countSent(SENDER, 0)).toBe(11);
      await store.noteMessage({ ...NOTE, messageId: "new2", at: AT + 181 * DAY });
      expect(await store.countSent(SENDER, 0)).toBe(2);
      expect((await store.story(ID))?.replies).toEqual([]);
    });
  });
}
