// One reply to several requests: what it decides, what it leaves alone, and what each phone reads of it.
import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Inspector } from "../../src/core/ports/inspector.ts";
import type { ReplyVerifier } from "../../src/core/ports/reply-verifier.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { SentMessage } from "../../src/domain/delivery.ts";
import { originOf } from "../../src/domain/request-message.ts";
import { type ApprovalId, newApprovalId, type Phone } from "../../src/domain/tool-call.ts";
import { PHONE, plainInspector, SUBMISSION } from "../helpers/gate-stage.ts";
import { DB, questionCall } from "../helpers/questions.ts";
import { createReplyStage, type ReplyStageOptions } from "../helpers/reply-stage.ts";

const OTHER = "+15005550010" as Phone;

/** Finds what a command says of itself: `rm` is risky, `token` is masked, `huge` is more than is shown. */
const telling: Inspector = {
  async inspect(call, cwd) {
    const command = String(call.input["command"]);
    const plain = await plainInspector.inspect(call, cwd);
    if (command.startsWith("rm")) return { ...plain, warnings: ["deletes recursively"] };
    return command.startsWith("token") ? { ...plain, secrets: 1 } : plain;
  },
};

async function createStage(options: ReplyStageOptions = {}) {
  const ids = Array.from({ length: 40 }, () => newApprovalId(randomInt));
  const stage = await createReplyStage({ inspector: telling, ids, ...options });
  const { gate, clock, told, stopStage } = stage;
  return {
    ...stage,
    /** Requests that wait, one for each command, whose callers take their answers. */
    async waitFor(...commands: readonly string[]): Promise<readonly ApprovalId[]> {
      const before = gate.waiting().length;
      for (const command of commands) {
        const call = { toolName: "Bash", input: { command } };
        void gate.request({ ...SUBMISSION, call }).then(({ acknowledge }) => acknowledge(true));
        await clock.advance(0);
      }
      return gate
        .waiting()
        .slice(before)
        .map(({ id }) => id);
    },
    waiting: () => gate.waiting().map(({ id }) => id),
    texts: (to: Phone = PHONE) => told.filter((each) => each.to === to).map(({ text }) => text),
    end: stopStage,
  };
}

const approved = (id: string) => `✅ ${id} approved: Claude has the answer`;
const denied = (id: string) => `❌ ${id} denied: Claude has the answer`;

describe("APPROVE with several ids", () => {
  it.each<[string, (ids: readonly string[]) => string]>([
    ["blanks", ([a, b]) => `APPROVE ${a} ${b}`],
    ["commas and and, in other cases", ([a, b]) => `Yes, ${a?.toUpperCase()} and ${b}`],
    ["one of them twice", ([a, b]) => `ok ${a}, ${b}, ${a}`],
  ])("approves each and nothing else, with one message: %s", async (_, words) => {
    const { waitFor, say, texts, waiting, end } = await createStage();
    const [a = "", b = "", c = ""] = await waitFor("ls 1", "ls 2", "ls 3");
    await say(words([a, b]));
    expect(waiting()).toEqual([c]);
    expect(texts()).toEqual([`${approved(a)}\n${approved(b)}`]);
    await end();
  });

  it("approves none where one does not wait, and says which and why", async () => {
    const { waitFor, say, texts, waiting, told, end } = await createStage();
    const [a = "", b = "", c = ""] = await waitFor("ls 1", "ls 2", "ls 3");
    await say(`deny ${b}`);
    told.length = 0;
    await say(`approve ${a} ${b} ${c} zzzzz`);
    expect(waiting()).toEqual([a, c]);
    expect(texts()).toEqual([
      "Nothing was approved: a list is approved as a whole or not at all.\n" +
        `❌ ${b} was already denied 0 s ago: nothing ran\n` +
        "There is no request zzzzz: nothing changed",
    ]);
    await end();
  });

  it.each([
    ["a risk", "rm -rf x", "has a warning"],
    ["a masked secret", "token x", "has masked values"],
    ["more text than is shown", "echo x\n".repeat(6_000), "is not shown in full"],
    ["letters that are not what they seem", "cat \u0440aypal.txt", "has a warning"],
  ])("approves none where one has %s, and names it", async (_, command, why) => {
    const { waitFor, say, texts, waiting, end } = await createStage();
    const [a = "", b = ""] = await waitFor("ls 1", command);
    await say(`approve ${a}, ${b}`);
    expect(waiting()).toEqual([a, b]);
    expect(texts()).toEqual([
      `Nothing was approved: a list is approved as a whole or not at all.\n${b} ${why}: answer it by itself`,
    ]);
    await end();
  });

  it("approves no question and no plan with others", async () => {
    const { waitFor, say, texts, gate, clock, waiting, end } = await createStage();
    const [a = ""] = await waitFor("ls 1");
    void gate.request({ ...SUBMISSION, call: questionCall(DB) });
    void gate.request({ ...SUBMISSION, call: { toolName: "ExitPlanMode", input: { plan: "1. All" } } });
    await clock.advance(0);
    const [, question = "", plan = ""] = waiting();
    await say(`approve ${a} ${question} ${plan}`);
    expect(waiting()).toEqual([a, question, plan]);
    expect(texts().join()).toContain(`${question} is a question: answer it by itself\n${plan} is a plan:`);
    await end();
  });

  it("approves nothing that this phone has not been shown, whole and without a failure", async () => {
    const messages: SentMessage[] = [];
    const ask = async (request: ApprovalRequest) => {
      const sent = [PHONE, OTHER].map((to) => ({ messageId: `SM${request.id}${to}`, to, hasButtons: true }));
      messages.push(...sent);
      return sent;
    };
    const { waitFor, say, texts, waiting, gate, clock, end } = await createStage({
      ask,
      approvers: [PHONE, OTHER],
    });
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    const lost = messages.find(({ messageId }) => messageId === `SM${b}${PHONE}`)?.messageId ?? "";
    const failure = { message: "not on WhatsApp", advice: "Call." };
    await gate.receipt({ messageId: lost, state: "failed", failure, at: clock.now() });
    await say(`approve ${a} ${b}`);
    expect(waiting()).toEqual([a, b]);
    expect(texts()).toEqual([
      expect.stringContaining(`${b} is not known to have been shown on this phone in full: answer`),
    ]);
    await say(`approve ${a} ${b}`, { from: OTHER });
    expect(waiting()).toEqual([]);
    await end();
  });

  it("tells the others who has decided", async () => {
    const { waitFor, say, texts, end } = await createStage({ approvers: [PHONE, OTHER] });
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    await say(`approve ${a} ${b}`);
    expect(texts(OTHER)).toEqual([
      `✅ ${a} approved by …0006: Claude has the answer\n✅ ${b} approved by …0006: Claude has the answer`,
    ]);
    await end();
  });

  it("says 'has the answer' of none that has not, and keeps no line back for one that hangs", async () => {
    const { waitFor, say, texts, gate, clock, waiting, end } = await createStage();
    const [a = ""] = await waitFor("ls 1");
    const slow = gate.request({ ...SUBMISSION, call: { toolName: "Bash", input: { command: "ls 2" } } });
    await clock.advance(0);
    const [, b = ""] = waiting();
    await say(`approve ${a} ${b}`);
    expect(texts()).toEqual([]);
    await clock.advance(2_000);
    await clock.advance(0);
    expect(texts()).toEqual([approved(a)]);
    (await slow).acknowledge(false);
    await clock.advance(0);
    expect(texts()).toEqual([approved(a), `⌛ ${b}: Claude was no longer waiting: nothing ran`]);
    await end();
  });

  it("in reply to a request counts where it names that one too, and else changes nothing", async () => {
    const { waitFor, say, waiting, end } = await createStage();
    const [a = "", b = "", c = ""] = await waitFor("ls 1", "ls 2", "ls 3");
    await say(`approve ${a} ${b}`, { quotedMessageId: "SM3" });
    await say("approve all", { quotedMessageId: "SM1" });
    expect(waiting()).toEqual([a, b, c]);
    await say(`approve ${a} ${b}`, { quotedMessageId: "SM1" });
    expect(waiting()).toEqual([c]);
    await end();
  });

  it.each([
    ["as a genuine one", "genuine", 0],
    ["not when it is forged", "false", 2],
    ["not when it cannot be checked", "unchecked", 2],
  ] as const)("counts %s, and was sent after the youngest was there", async (_, kind, left) => {
    const ages: number[] = [];
    const verifier: ReplyVerifier = {
      async verify({ from, ageMs }) {
        ages.push(ageMs());
        return kind === "genuine" ? { kind, sender: from } : { kind, problem: "no such message" };
      },
    };
    const { waitFor, say, waiting, clock, end } = await createStage({ verifier });
    const [a = ""] = await waitFor("ls 1");
    await clock.advance(20_000);
    const [b = ""] = await waitFor("ls 2");
    await clock.advance(1_000);
    await say(`approve ${a} ${b}`);
    expect([waiting().length, ages]).toEqual([left, [1_000]]);
    await end();
  });
});

describe("DENY with several ids", () => {
  it("denies each of them that waits, at once, without proof", async () => {
    const verifier: ReplyVerifier = { verify: () => Promise.reject(new Error("was asked")) };
    const { waitFor, say, texts, waiting, end } = await createStage({ verifier });
    const [a = "", b = "", c = ""] = await waitFor("rm -rf 1", "token 2", "ls 3");
    await say(`DENY ${a} ${b}`);
    expect(waiting()).toEqual([c]);
    expect(texts()).toEqual([`${denied(a)}\n${denied(b)}`]);
    await end();
  });

  it("is a denial of the first, with a reason, where a word behind it is no id of what waits", async () => {
    const { waitFor, say, gate, ended, end } = await createStage();
    const [a = "", b = "", c = ""] = await waitFor("ls 1", "ls 2", "ls 3");
    await say(`deny ${a} tests`);
    await say(`deny ${b} ${c} first`);
    expect(gate.waiting().map(({ id }) => id)).toEqual([c]);
    expect(ended.map(({ outcome }) => outcome)).toMatchObject([
      { status: "denied", by: PHONE, reason: "tests" },
      { status: "denied", by: PHONE, reason: `${c} first` },
    ]);
    await end();
  });

  it("with commas denies those that wait, and says which do not", async () => {
    const { waitFor, say, texts, waiting, end } = await createStage();
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    await say(`no ${a}, zzzzz`);
    expect(waiting()).toEqual([b]);
    expect(texts()).toEqual([expect.stringContaining("There is no request zzzzz: nothing changed")]);
    expect(texts().join()).toContain(denied(a));
    await end();
  });
});

describe("DENY ALL", () => {
  it("denies all that waits and says what that was, in messages of ten lines", async () => {
    const { waitFor, say, texts, waiting, end } = await createStage();
    const ids = await waitFor(...Array.from({ length: 23 }, (_, nth) => `ls ${nth}`));
    await say("deny all");
    expect(waiting()).toEqual([]);
    expect(texts().map((text) => text.split("\n").length)).toEqual([10, 10, 3]);
    expect(texts().join("\n").split("\n")).toEqual(ids.map(denied));
    await end();
  });

  it("says that nothing waits", async () => {
    const { say, texts } = await createStage();
    await say("DENY ALL");
    await say("approve all");
    expect(texts()).toEqual(["Nothing waits.", "Nothing waits."]);
  });

  it("in reply to a request denies that one, with these words", async () => {
    const { waitFor, say, waiting, end } = await createStage();
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    await say("deny all", { quotedMessageId: "SM1" });
    expect([a, waiting()]).toEqual([a, [b]]);
    await end();
  });

  it("is proven first with VERIFY_REPLIES=all", async () => {
    const verifier: ReplyVerifier = { verify: async () => ({ kind: "false", problem: "no such message" }) };
    const { waitFor, say, waiting, end } = await createStage({ verifier, verified: "all" });
    const [a = ""] = await waitFor("ls 1");
    await say("deny all");
    expect(waiting()).toEqual([a]);
    await end();
  });
});

describe("APPROVE ALL", () => {
  it("asks once, with the list, and approves exactly that when it is approved", async () => {
    const { waitFor, say, texts, waiting, asked, end } = await createStage();
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    await say("APPROVE ALL");
    const [, , confirmation] = waiting();
    expect(waiting()).toEqual([a, b, confirmation]);
    expect(asked.at(-1)?.request.call).toEqual({
      toolName: "approve_all",
      input: { [a]: "Bash: ls 1", [b]: "Bash: ls 2" },
    });
    const [late = ""] = await waitFor("ls 3");
    await say(`approve ${confirmation}`);
    expect(waiting()).toEqual([late]);
    expect(texts()).toEqual([
      `✅ ${confirmation} approved: what comes of each is told now`,
      `${approved(a)}\n${approved(b)}`,
    ]);
    await end();
  });

  it.each([
    [["web-shop", "web-shop"], "web-shop", []],
    [["web-shop", "api"], "web-shop, api", ["several projects"]],
    [["web-shop", undefined, "api"], "web-shop, api", ["several projects", "some name none"]],
    [[undefined, undefined], "", []],
  ])("says whose the requests are: %j", async (projects, project, notes) => {
    const { gate, say, asked, clock, end } = await createStage();
    for (const [index, each] of projects.entries())
      void gate.request({
        ...SUBMISSION,
        project: each,
        call: { ...SUBMISSION.call, input: { command: `ls ${index}` }, toolUseId: `toolu_${index}` },
      });
    await clock.advance(0);
    await say("APPROVE ALL");
    const confirmation = asked.at(-1)?.request;
    expect(confirmation?.call.toolName).toBe("approve_all");
    expect(confirmation && originOf(confirmation)).toMatchObject({ project, notes });
    await end();
  });

  it("approves nothing when it is denied, and when nobody answers within two minutes", async () => {
    const { waitFor, say, texts, waiting, clock, end } = await createStage();
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    await say("approve all");
    const first = waiting().at(-1);
    await say(`no ${first}`);
    expect([waiting(), texts()]).toEqual([[a, b], [`❌ ${first} denied: nothing ran`]]);
    await say("approve all");
    await clock.advance(121_000);
    expect(waiting()).toEqual([a, b]);
    await end();
  });

  it("leaves out what has something to look at, and what came after the words were sent, and says so", async () => {
    const { waitFor, say, texts, waiting, asked, clock, end } = await createStage();
    const [a = "", b = "", c = ""] = await waitFor("ls 1", "rm -rf x", "token");
    const at = clock.now();
    await clock.advance(1_500);
    const [d = ""] = await waitFor("ls 4");
    await say("approve all", { at });
    expect(Object.keys(asked.at(-1)?.request.call.input ?? {})).toEqual([a]);
    expect(texts()).toEqual([
      [
        "Not among them:",
        `${b} has a warning: answer it by itself`,
        `${c} has masked values: answer it by itself`,
        `${d} came later: answer it by itself`,
      ].join("\n"),
    ]);
    expect(waiting()).toHaveLength(5);
    await end();
  });

  it("leaves out what came while the words were being proven", async () => {
    const proven: (() => void)[] = [];
    const verifier: ReplyVerifier = {
      verify: ({ from }) => new Promise((done) => proven.push(() => done({ kind: "genuine", sender: from }))),
    };
    const { waitFor, say, asked, clock, end } = await createStage({ verifier });
    const [a = ""] = await waitFor("ls 1");
    await say("approve all");
    await clock.advance(900);
    await waitFor("ls 2");
    proven[0]?.();
    await clock.advance(0);
    expect(Object.keys(asked.at(-1)?.request.call.input ?? {})).toEqual([a]);
    await end();
  });

  it("asks nothing where nothing can be approved together", async () => {
    const { waitFor, say, texts, waiting, end } = await createStage();
    const [a = ""] = await waitFor("rm -rf x");
    await say("approve all");
    expect(waiting()).toEqual([a]);
    expect(texts()).toEqual([
      `Nothing changed. Nothing that waits can be approved together:\n${a} has a warning: answer it by itself`,
    ]);
    await end();
  });

  it.each(["false", "unchecked"] as const)("asks nothing when it is %s", async (kind) => {
    const verifier: ReplyVerifier = { verify: async () => ({ kind, problem: "no such message" }) };
    const { waitFor, say, waiting, end } = await createStage({ verifier });
    const ids = await waitFor("ls 1", "ls 2");
    await say("approve all");
    expect(waiting()).toEqual(ids);
    await end();
  });

  it("says of one that was decided meanwhile how it ended, and approves the others", async () => {
    const { waitFor, say, texts, waiting, told, end } = await createStage();
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    await say("approve all");
    const confirmation = waiting().at(-1);
    await say(`deny ${a}`);
    told.length = 0;
    await say(`yes ${confirmation}`);
    expect(texts().at(-1)).toBe(`❌ ${a} was already denied 0 s ago: nothing ran\n${approved(b)}`);
    await end();
  });

  it("takes the place of an earlier one, and is never among what another approves", async () => {
    const { waitFor, say, waiting, asked, end } = await createStage();
    const [a = ""] = await waitFor("ls 1");
    await say("approve all");
    const first = waiting().at(-1);
    const [b = ""] = await waitFor("ls 2");
    await say("approve all");
    expect(waiting()).not.toContain(first);
    expect(Object.keys(asked.at(-1)?.request.call.input ?? {})).toEqual([a, b]);
    await say(`approve ${a} ${waiting().at(-1)}`);
    expect(waiting()).toHaveLength(3);
    await end();
  });

  it("confirmed by another approver approves what that phone was shown, and says what it was not", async () => {
    const ask = async ({ id, call }: ApprovalRequest) =>
      [PHONE, OTHER]
        .filter((to) => to === PHONE || call.input["command"] !== "ls 2")
        .map((to) => ({ messageId: `SM${id}${to}`, to, hasButtons: true }));
    const { waitFor, say, texts, waiting, end } = await createStage({ ask, approvers: [PHONE, OTHER] });
    const [a = "", b = ""] = await waitFor("ls 1", "ls 2");
    await say("approve all");
    await say(`approve ${waiting().at(-1)}`, { from: OTHER });
    expect(waiting()).toEqual([b]);
    expect(texts(OTHER)).toEqual([
      expect.stringContaining("approved: what comes of each is told now"),
      `Not among them:\n${b} is not known to have been shown on this phone in full: answer it by itself`,
      approved(a),
    ]);
    await end();
  });

  it("is not asked about while approvals are paused, and says so", async () => {
    const { waitFor, say, texts, setServiceMode, clock, waiting, end } = await createStage();
    const ids = await waitFor("ls 1");
    setServiceMode({ kind: "paused", by: PHONE, until: clock.now() + 60_000 });
    await say("approve all");
    expect([waiting(), texts()]).toEqual([
      ids,
      ["APPROVE ALL: nothing ran, approvals are paused. RESUME ends that."],
    ]);
    await end();
  });
});
