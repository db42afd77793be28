// What Twilio does on ordinary days and a test double forgets: fields that are null, receipts in any order and twice,
// the Sandbox's pace.
import { describe, expect, it } from "vitest";
import { createContentApi } from "../../src/channels/twilio/templates/content-api.ts";
import { createQuestionLists } from "../../src/channels/twilio/templates/question-lists.ts";
import { request, startOutbound } from "../helpers/outbound-stage.ts";
import { BASH_CALL, callTool, startStage } from "../helpers/server-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import type { Fault } from "../twilio/faults.ts";

const lost: Fault = { kind: "lost" };
const blankList: Fault = { kind: "blank", on: "message-list", times: 1000 };
const blankContent: Fault = { kind: "blank", on: "content", times: 1000 };

describe("fields that are null", () => {
  it("in the list of messages do not stop the look for one, which is then sent again", async () => {
    const { simulator, outbound, posts, looks, onPhone } = await startOutbound();
    simulator.fail(lost);
    simulator.fail(blankList);
    const sid = await outbound.send(request("hello"));
    expect(onPhone().map((message) => message.sid)).toContain(sid);
    expect([posts.length, looks.length]).toEqual([2, 1]);
  });

  it("in a Content's name do not stop the clean-up of lists, nor make another's Content ours", async () => {
    const { simulator, client } = await startOutbound();
    const log = createKeptLog();
    simulator.fail(blankContent);
    await createQuestionLists(client, log).cleanUp();
    expect(log.entries).toEqual([]);
    const listed = await createContentApi(client).list();
    expect(listed).toMatchObject([{ friendlyName: "", language: "" }]);
  });

  it("in the answer to a message change nothing for the call that waits", async () => {
    const { server, phone, request: asked } = await startStage();
    phone.fail({ kind: "blank", times: 1000 });
    const answer = callTool(server);
    const { sid } = await asked();
    await phone.tap(sid, "approve");
    expect(await answer).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
  });
});

describe("receipts in the wrong order, and twice", () => {
  it("never take back what is known: the person at the terminal reads delivered, and the tap counts", async () => {
    const { server, phone, request: asked } = await startStage();
    phone.fail({ kind: "shuffled", times: 1000 });
    const notes: string[] = [];
    const answer = callTool(server, BASH_CALL, { onProgress: (note) => notes.push(note) });
    const { sid } = await asked();
    await expect.poll(() => notes.some((note) => note.includes("delivered"))).toBe(true);
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
    const since = notes.slice(notes.findIndex((note) => note.includes("delivered")));
    expect(since.filter((note) => /\bsent\b/.test(note))).toEqual([]);
  });
});

describe("a sender that takes messages at a pace, as the Sandbox does", () => {
  const INTERVAL_MS = 1_000;

  it("never has to refuse one, however many are handed over at once", async () => {
    const { simulator, outbound, posts, onPhone } = await startOutbound({ intervalMs: INTERVAL_MS });
    simulator.fail({ kind: "pace", intervalMs: INTERVAL_MS, times: 1000 });
    await Promise.all(Array.from({ length: 3 }, (_, n) => outbound.send(request(`${n}`))));
    expect(onPhone()).toHaveLength(3);
    expect(posts).toHaveLength(3);
  });

  it("is sent again what it refused", async () => {
    const { simulator, outbound, onPhone, log } = await startOutbound();
    await outbound.send(request("a"));
    simulator.fail({ kind: "reject", httpStatus: 429, code: 63018 });
    await outbound.send(request("b"));
    expect(onPhone().map(({ body }) => body)).toEqual(["a", "b"]);
    expect(log.text()).toContain('"code":63018');
  });
});
