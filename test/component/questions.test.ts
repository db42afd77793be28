// Claude's questions over the whole way: a real MCP client asks, the simulated phone picks, types and quotes.

import { describe, expect, it } from "vitest";
import { LIST_NAME_PREFIX } from "../../src/channels/twilio/templates/question-lists.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import { READING_TIME_MS } from "../../src/core/question-flow.ts";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { CHECKS, DB, questionCall, REGION } from "../helpers/questions.ts";
import { callTool, callToolV1, type StageOptions, startStage } from "../helpers/server-stage.ts";
import { simulatorClient } from "../helpers/simulator-client.ts";

const OWNER = "+15005550006";
const COLLEAGUE = "+15005550009";

const argsOf = ({ toolName, input, toolUseId }: ReturnType<typeof questionCall>) => ({
  tool_name: toolName,
  input,
  tool_use_id: toolUseId,
});
const asking = (...questions: readonly (typeof DB)[]) => argsOf(questionCall(...questions));
const idOf = ({ body }: Pick<SimMessage, "body">) => /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";

async function stageFor(options: StageOptions = {}) {
  const stage = await startStage(options);
  const { phone } = stage;
  const client = simulatorClient(phone.url, phone.accountSid, phone.authToken);
  return {
    ...stage,
    /** The message of a question to a phone, from 1. */
    question: (text: string, to?: string) =>
      phone.waitForMessage(
        ({ direction, body, phone: owner }) =>
          direction === "to-phone" &&
          body.startsWith("🔔") &&
          body.includes(text) &&
          (to === undefined || owner === to),
      ),
    /** The one-off lists that the account has. */
    lists: async () =>
      (await client.content.v1.contents.list()).filter(({ friendlyName }) =>
        friendlyName.startsWith(LIST_NAME_PREFIX),
      ),
  };
}

const answers = (given: Record<string, string>, ...questions: readonly (typeof DB)[]) => ({
  behavior: "allow",
  updatedInput: { ...questionCall(...questions).input, answers: given },
});

describe("a question", () => {
  it.each([
    ["2026-07-28 client", callTool],
    ["2025-11-25 client", callToolV1],
  ])("is answered by a pick from its list, which is deleted afterwards (%s)", async (_, call) => {
    const { server, phone, question, lists, told } = await stageFor();
    const answer = call(server, asking(DB));
    const { sid, body, listButton, buttons } = await question("Which DB?");
    const id = idOf({ body });
    expect(listButton).toBe("Choose");
    expect(buttons.map((button) => button.title)).toEqual(["1. Postgres", "2. SQLite", "❌ Deny"]);
    expect(await lists()).toMatchObject([{ friendlyName: `${LIST_NAME_PREFIX}${id}_1` }]);
    expect(await phone.tap(sid, `answer:${id}:1:2`)).toMatchObject({ status: 200, body: "<Response/>" });
    expect(await answer).toEqual(answers({ "Which DB?": "SQLite" }, DB));
    await told(`✅ ${id} answered: Claude has the answer`);
    expect(phone.messages().filter(({ direction }) => direction === "to-phone")).toHaveLength(2);
    await server.close();
    expect(phone.warnings()).toEqual([]);
  });

  it("leaves no list behind, however it ends", async () => {
    const { server, phone, question, lists, told } = await stageFor();
    const first = callTool(server, asking(DB));
    await phone.tap((await question("Which DB?")).sid, "answer");
    await first;
    await told("answered");
    const second = callTool(server, { ...asking(REGION), tool_use_id: "toolu_2" });
    await phone.tap((await question("Which region?")).sid, "deny");
    expect(await second).toMatchObject({ behavior: "deny" });
    await told("denied");
    await expect.poll(lists).toEqual([]);
  });

  it.each([
    ["typed", (id: string) => `${id} 2`, false, "SQLite"],
    ["typed in words", (id: string) => `${id} MySQL, we know it`, false, "MySQL, we know it"],
    ["quoting it", () => "2", true, "SQLite"],
    ["quoting it, by its label", () => "postgres", true, "Postgres"],
    ["quoting it, in words that begin with a no", () => "No DB at all", true, "No DB at all"],
    ["with hidden characters", (id: string) => `${id} a\u202Eb`, false, "a⟨U+202E⟩b"],
  ])("is answered %s", async (_, words, quotes, expected) => {
    const { server, phone, question } = await stageFor();
    const answer = callTool(server, asking(DB));
    const { sid, body } = await question("Which DB?");
    await phone.type(words(idOf({ body })), quotes ? { quote: sid } : {});
    expect(await answer).toEqual(answers({ "Which DB?": expected }, DB));
  });

  it.each([
    ["DENY with words", (id: string) => `DENY ${id} ask me tomorrow`, false, "Their words: ask me tomorrow"],
    ["a quoted no", () => "No", true, "gave no reason"],
    ["a quoted deny", () => "deny not from here", true, "Their words: not from here"],
    ["PANIC", () => "panic!!", true, "stopped all approvals"],
    ["PANIC behind its id", (id: string) => `${id} PANIC`, false, "stopped all approvals"],
  ])("is denied by %s", async (_, words, quotes, expected) => {
    const { server, phone, question } = await stageFor();
    const answer = callTool(server, asking(DB));
    const { sid, body } = await question("Which DB?");
    await phone.type(words(idOf({ body })), quotes ? { quote: sid } : {});
    expect(await answer).toMatchObject({ behavior: "deny", message: expect.stringContaining(expected) });
  });

  it("goes on waiting after what is no answer, and says how to answer", async () => {
    const { server, phone, question, told } = await stageFor();
    const answer = callTool(server, asking(DB));
    const { sid, body } = await question("Which DB?");
    const id = idOf({ body });
    for (const [words, quote] of [
      [`APPROVE ${id}`, undefined],
      ["yes", sid],
      [`SESSION ${id}`, undefined],
      [`${id} yes`, undefined],
      [`${id} 3`, undefined],
      ["1, 2", sid],
      ["2 please", sid],
    ] as const) {
      const before = phone.messages().length;
      await phone.type(words, quote === undefined ? {} : { quote });
      const { body: reply } = await phone.waitForMessage(
        (message) => message.direction === "to-phone" && phone.messages().indexOf(message) >= before,
      );
      expect(reply).toMatch(
        new RegExp(`^${id} is a question: nothing changed\\. Answer with one number from 1 to 2`),
      );
    }
    await phone.type("PENDING");
    await told(`${id}: AskUserQuestion Which DB?`);
    await phone.tap(sid, "answer");
    expect(await answer).toEqual(answers({ "Which DB?": "Postgres" }, DB));
  });

  it("does not take words that name another waiting request", async () => {
    const { server, phone, question, told } = await stageFor();
    const answer = callTool(server, asking(DB));
    const other = callTool(server, {
      tool_name: "Bash",
      input: { command: "touch x" },
      tool_use_id: "toolu_b",
    });
    const { sid } = await question("Which DB?");
    const bash = await told("touch x");
    await phone.type(`yes ${idOf(bash)}`, { quote: sid });
    await told("Nothing changed.");
    await phone.tap(sid, "deny");
    await phone.tap(bash.sid, "deny");
    expect([await answer, await other]).toMatchObject([{ behavior: "deny" }, { behavior: "deny" }]);
  });

  it("expires without being answered by half, and a late pick is told so", async () => {
    const clock = createFakeClock();
    const { server, phone, question, told } = await stageFor({ deps: { clock } });
    const answer = callTool(server, asking(DB, REGION));
    const { sid } = await question("Which DB?");
    await phone.tap(sid, "answer");
    const second = await question("Which region?");
    await clock.advance(300_000);
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("Nobody answered"),
    });
    await phone.tap(second.sid, "answer");
    await told("expired 0 s ago: nothing ran");
  });

  it("is denied when its answer cannot be written down", async () => {
    const broken = (path: string): ApprovalStore => ({
      ...createSqliteStore(path),
      settle: () => Promise.reject(new Error("disk full")),
    });
    const { server, phone, question } = await stageFor({ deps: { openStore: broken } });
    const answer = callTool(server, asking(DB));
    await phone.tap((await question("Which DB?")).sid, "answer");
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("could not be written to the database"),
    });
  });

  it("is a plain message when Twilio does not take the list", async () => {
    const { server, phone, question, log } = await stageFor();
    phone.fail({ on: "content", kind: "reject", httpStatus: 400, code: 20001 });
    const answer = callTool(server, asking(DB));
    const { body, buttons } = await question("Which DB?");
    expect(buttons).toEqual([]);
    expect(body).toContain("  2. SQLite: One file, nothing to run");
    expect(log.text()).toContain("sent as a plain message");
    await phone.type(`${idOf({ body })} 1`);
    expect(await answer).toEqual(answers({ "Which DB?": "Postgres" }, DB));
  });

  it("is a plain message when the list is gone before it is sent", async () => {
    const { server, phone, question } = await stageFor();
    phone.fail({ kind: "reject", httpStatus: 400, code: 21655 });
    const answer = callTool(server, asking(DB));
    const { sid, buttons } = await question("Which DB?");
    expect(buttons).toEqual([]);
    await phone.type("2", { quote: sid });
    expect(await answer).toEqual(answers({ "Which DB?": "SQLite" }, DB));
  });

  it("may be answered before it is known that Twilio took its message", async () => {
    const { server, phone, question } = await stageFor();
    phone.fail({ kind: "lost" });
    const answer = callTool(server, asking(DB));
    const { sid } = await question("Which DB?");
    await phone.tap(sid, "answer");
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect(phone.messages().filter(({ body }) => body.startsWith("🔔"))).toHaveLength(1);
  });

  it.each([
    ["refused at once", { kind: "reject", httpStatus: 400, code: 63007 }, "63007"],
    ["lost on the way", { kind: "callback", status: "undelivered", code: 63016 }, "63016"],
  ] as const)("whose message is %s ends as denied", async (_, fault, code) => {
    const { server, phone } = await stageFor();
    phone.fail(fault);
    expect(await callTool(server, asking(DB))).toMatchObject({
      behavior: "deny",
      message: expect.stringMatching(new RegExp(`^The questions could not be asked.*${code}`, "s")),
    });
  });

  it("that is malformed is denied with what is wrong, and nothing is sent", async () => {
    const { server, phone } = await stageFor();
    expect(await callTool(server, asking(DB, DB))).toEqual({
      behavior: "deny",
      message:
        "The questions could not be asked: They are not valid: two questions have the same text. Nothing was answered. " +
        "Ask again with 1 to 4 different questions of 2 to 4 different options, or go on without.",
    });
    expect(phone.messages()).toEqual([]);
  });

  it("with previews is shown in full first, and a quoted part leads to it", async () => {
    const { server, phone, question } = await stageFor();
    const options = DB.options.map((option) => ({ ...option, preview: `-- ${option.label}\nSELECT 1;` }));
    const answer = callTool(server, asking({ ...DB, options }));
    const { body } = await question("Which DB?");
    expect(body).toContain("full text above, 1 part");
    const part = phone.messages().find((message) => message.body.includes("-- SQLite\n   SELECT 1;"));
    await phone.type("2", { quote: part?.sid ?? "" });
    expect(await answer).toMatchObject({ updatedInput: { answers: { "Which DB?": "SQLite" } } });
  });

  it("shows a masked secret, and Claude reads its own label", async () => {
    const { server, phone, question } = await stageFor();
    // Put together here so that no scanner takes the test for a leak.
    const label = ["ghp", "R4nd0mLettersAndDigits0123456789abcd"].join("_");
    const options = [{ label, description: "" }, ...REGION.options];
    const answer = callTool(server, asking({ ...DB, options }));
    const { sid, body, buttons } = await question("Which DB?");
    expect(JSON.stringify([body, buttons])).not.toContain("R4nd0m");
    await phone.tap(sid, "answer");
    expect(await answer).toMatchObject({ updatedInput: { answers: { "Which DB?": label } } });
  });
});

describe("several questions", () => {
  it("come one after another; several choices are numbers", async () => {
    const clock = createFakeClock();
    const { server, phone, question, lists } = await stageFor({ deps: { clock } });
    const questions = [DB, CHECKS, REGION];
    const answer = callTool(server, asking(...questions));
    const first = await question("*Question 1 of 3*");
    expect(phone.messages()).toHaveLength(1);
    await phone.tap(first.sid, "answer");
    const second = await question("*Question 2 of 3*");
    expect(second.buttons).toEqual([]);
    await phone.tap(first.sid, `answer:${idOf(first)}:1:2`);
    await phone.waitForMessage(
      ({ body }) => body === `${idOf(first)} question 1 of 3 was already answered: nothing changed`,
    );
    // Too soon for anybody to have read the second one.
    await phone.type(`${idOf(first)} 1`);
    await phone.waitForMessage(({ body }) => body.includes("asks question 2 of 3 now: nothing changed"));
    await clock.advance(READING_TIME_MS);
    await phone.type(`${idOf(first)} 3, 1`);
    await phone.type("somewhere in Asia", { quote: (await question("*Question 3 of 3*")).sid });
    expect(await answer).toEqual(
      answers(
        {
          "Which DB?": "Postgres",
          "Which checks run before a commit?": "Types, Tests",
          "Which region?": "somewhere in Asia",
        },
        ...questions,
      ),
    );
    await expect.poll(lists).toEqual([]);
  });

  it("are answered by whichever approver is first, and the others see whose answer counted", async () => {
    const { server, phone, question } = await stageFor({ env: { APPROVAL_PHONE: `${OWNER},${COLLEAGUE}` } });
    const toldTo = (to: string, text: string) =>
      phone.waitForMessage((message) => message.phone === to && message.body.includes(text));
    const answer = callTool(server, asking(DB, REGION));
    const [mine, theirs] = await Promise.all([OWNER, COLLEAGUE].map((to) => question("Which DB?", to)));
    await phone.tap(theirs?.sid ?? "", "answer", { from: COLLEAGUE });
    await toldTo(OWNER, "question 1 of 2 answered by …0009");
    await phone.tap(mine?.sid ?? "", "answer", { from: OWNER });
    await toldTo(OWNER, "question 1 of 2 was already answered: nothing changed");
    const { sid } = await question("Which region?", OWNER);
    await question("Which region?", COLLEAGUE);
    await phone.tap(sid, "answer", { from: OWNER });
    expect(await answer).toMatchObject({
      updatedInput: { answers: { "Which DB?": "Postgres", "Which region?": "Frankfurt" } },
    });
    await toldTo(COLLEAGUE, "answered by …0006: Claude has the answer");
  });

  it("are denied when the server stops between them", async () => {
    const { server, phone, question } = await stageFor();
    const answer = callTool(server, asking(DB, REGION));
    await phone.tap((await question("Which DB?")).sid, "answer");
    await question("Which region?");
    await server.close();
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("shutting down"),
    });
  });

  it("are withdrawn when the caller goes away between them", async () => {
    const { server, phone, question, told } = await stageFor();
    const caller = new AbortController();
    const answer = callTool(server, argsOf(questionCall(DB, REGION)), { signal: caller.signal }).catch(
      () => "gone",
    );
    await phone.tap((await question("Which DB?")).sid, "answer");
    const { sid } = await question("Which region?");
    caller.abort();
    expect(await answer).toBe("gone");
    const health = async () => (await fetch(`${server.localUrl}/health`)).json();
    await expect.poll(health).toMatchObject({ waiting: 0 });
    await phone.tap(sid, "answer");
    await told("Claude was no longer waiting: nothing ran");
  });
});
