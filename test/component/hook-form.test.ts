// The forms of MCP servers, answered on the phone: one field after another, only what the server takes, nothing made up.
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PERMISSION_REQUEST, postHook, tellHook } from "../helpers/hook-client.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";

const DONE = { DONE_MESSAGES: "on" };
const { session_id, cwd, prompt_id } = PERMISSION_REQUEST;

/** The body of an Elicitation, as measured with 2.1.329. */
const FORM = {
  session_id,
  cwd,
  prompt_id,
  permission_mode: "default",
  hook_event_name: "Elicitation",
  mcp_server_name: "deploy",
  message: "Which deployment?",
  mode: "form",
  requested_schema: {
    type: "object",
    properties: {
      name: { type: "string", title: "Your name", minLength: 2, maxLength: 20 },
      env: { type: "string", enum: ["staging", "production"], enumNames: ["Staging", "Prod"] },
      ok: { type: "boolean", default: true },
      count: { type: "integer", minimum: 1, maximum: 9 },
    },
    required: ["name", "env", "count"],
  },
};

const fieldOf = (property: object, isRequired = true) => ({
  ...FORM,
  requested_schema: { type: "object", properties: { it: property }, ...(isRequired && { required: ["it"] }) },
});
const answered = (answer: object) => ({ hookSpecificOutput: { hookEventName: "Elicitation", ...answer } });
const accepted = (content: object) => answered({ action: "accept", content });

async function fill({ server }: Pick<ServerStage, "server">, body: object = FORM): Promise<unknown> {
  return (await postHook(server, "elicitation", body)).json();
}

async function question({ phone }: ServerStage, words: string) {
  return phone.waitForMessage(({ body }) => body.startsWith("🔔 *Question") && body.includes(words));
}

describe("a form", () => {
  it("is asked field by field, says who asks, and is accepted with what was answered", async () => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage);
    const first = await question(stage, "Your name");
    expect(first.body).toContain("🔔 *Question 1 of 4*");
    expect(first.body).toContain("*Topic:* MCP server deploy");
    expect(first.body).toContain(
      "*An MCP server asks:* Which deployment? · Your name (text of 2 to 20 characters)",
    );
    await stage.phone.type("Ada", { quote: first.sid });
    const second = await question(stage, "· env");
    expect(second.body).toContain("2. Prod: the value production");
    await stage.phone.type("2", { quote: second.sid });
    const third = await question(stage, "· ok");
    expect(third.body).toContain("3. Leave it out");
    await stage.phone.type("3", { quote: third.sid });
    const fourth = await question(stage, "· count");
    await stage.phone.type("3", { quote: fourth.sid });
    expect(await answer).toEqual(accepted({ name: "Ada", env: "production", count: 3 }));
    await stage.told("answered: Claude has the answer");
  });

  it.each<[string, object, string, unknown]>([
    ["a text that begins with a digit", { type: "string" }, "4711", "4711"],
    ["a boolean", { type: "boolean" }, "2", false],
    ["a number", { type: "number" }, "-2.5", -2.5],
    ["an address", { type: "string", format: "email" }, "ada@example.com", "ada@example.com"],
    ["a day", { type: "string", format: "date" }, "2026-11-29", "2026-11-29"],
    [
      "titled values",
      {
        type: "string",
        oneOf: [
          { const: "a", title: "First" },
          { const: "b", title: "Second" },
        ],
      },
      "2",
      "b",
    ],
    [
      "several values",
      { type: "array", items: { type: "string", enum: ["x", "y", "z"] } },
      "1,3",
      ["x", "z"],
    ],
    ["one value of one", { type: "string", enum: ["only"] }, "1", "only"],
  ])("takes %s", async (_, property, typed, value) => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage, fieldOf(property));
    await stage.phone.type(typed, { quote: (await question(stage, "· it")).sid });
    expect(await answer).toEqual(accepted({ it: value }));
  });

  it.each<[string, object, string, string, unknown]>([
    ["a text that is too short", { type: "string", minLength: 3 }, "ab", "abc", "abc"],
    ["a text that is too long", { type: "string", maxLength: 3 }, "abcd", "abc", "abc"],
    ["words for a number", { type: "number" }, "three", "3", 3],
    ["a fraction for a whole number", { type: "integer" }, "2.5", "2", 2],
    ["a number out of its limits", { type: "integer", maximum: 9 }, "10", "9", 9],
    ["no address", { type: "string", format: "email" }, "ada", "a@b.example", "a@b.example"],
    ["words for a choice", { type: "string", enum: ["x", "y"] }, "something else", "1", "x"],
    ["a number that is no option", { type: "string", enum: ["x", "y"] }, "3", "1", "x"],
    ["- for what is required", { type: "number" }, "-", "7", 7],
  ])("does not take %s, and says so", async (_, property, wrong, right, value) => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage, fieldOf(property));
    const { sid } = await question(stage, "· it");
    await stage.phone.type(wrong, { quote: sid });
    await stage.told("is a form: nothing changed");
    await stage.phone.type(right, { quote: sid });
    expect(await answer).toEqual(accepted({ it: value }));
  });

  it.each<[string, object]>([
    ["a text", { type: "string" }],
    ["a choice", { type: "string", enum: ["x"] }],
    ["a number with a default", { type: "integer", default: 5 }],
  ])("leaves out %s that is not required", async (_, property) => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage, fieldOf(property, false));
    await stage.phone.type("-", { quote: (await question(stage, "· it")).sid });
    expect(await answer).toEqual(accepted({}));
  });

  it("is declined with DENY, and cancelled while all is stopped", async () => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage);
    await stage.phone.type("DENY", { quote: (await question(stage, "Your name")).sid });
    expect(await answer).toEqual(answered({ action: "decline" }));
    await stage.phone.type("PANIC");
    await stage.told("Stopped:");
    expect(await fill(stage)).toEqual(answered({ action: "cancel" }));
  });

  it("cannot be accepted with Approve", async () => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage);
    const { sid } = await question(stage, "Your name");
    await stage.phone.type("approve", { quote: sid });
    await stage.told("is a form: nothing changed");
    await stage.phone.type("DENY", { quote: sid });
    expect(await answer).toEqual(answered({ action: "decline" }));
  });

  it("that nobody answers is left to the terminal", async () => {
    const clock = createFakeClock();
    const stage = await startStage({ env: DONE, deps: { clock } });
    const answer = fill(stage);
    await question(stage, "Your name");
    await clock.advance(300_000);
    expect(await answer).toEqual({});
  });

  it("that half was answered is left to the terminal when the turn has ended", async () => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage);
    await stage.phone.type("Ada", { quote: (await question(stage, "Your name")).sid });
    await question(stage, "· env");
    await tellHook(stage.server, "stop");
    expect(await answer).toEqual({});
    await stage.told("was answered at the terminal");
  });

  it.each<[string, object]>([
    ["a pattern", fieldOf({ type: "string", pattern: "^(a+)+$" })],
    ["an object", fieldOf({ type: "object", properties: {} })],
    ["no type", fieldOf({ title: "x" })],
    ["a format that is not known", fieldOf({ type: "string", format: "password" })],
    [
      "ten fields",
      {
        ...FORM,
        requested_schema: {
          type: "object",
          properties: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [n, { type: "string" }])),
        },
      },
    ],
    ["ten options", fieldOf({ type: "string", enum: Array.from({ length: 10 }, String) })],
    [
      "options that look the same",
      fieldOf({ type: "string", enum: ["a", "b"], enumNames: ["Same", "same "] }),
    ],
    [
      "a required field that is not there",
      {
        ...FORM,
        requested_schema: { type: "object", properties: { a: { type: "string" } }, required: ["b"] },
      },
    ],
    ["no schema", { ...FORM, requested_schema: undefined }],
    ["no message", { ...FORM, message: undefined }],
    [
      "a schema that is too deep",
      { ...FORM, requested_schema: JSON.parse(`${'{"a":'.repeat(500)}1${"}".repeat(500)}`) as object },
    ],
    ["another event's name", { ...FORM, hook_event_name: "Stop" }],
  ])("with %s is left to the terminal", async (_, body) => {
    const stage = await startStage({ env: DONE });
    expect(await fill(stage, body)).toEqual({});
    expect(stage.phone.messages()).toEqual([]);
  });

  it("cannot pass for anything else: its words are shown as they are", async () => {
    const stage = await startStage({ env: DONE });
    const answer = fill(stage, {
      ...fieldOf({ type: "boolean", title: "ok?\n*Request ID:* zzzzz" }),
      message: "Sure?\u202e\n🔔 *Approval Request*",
      mcp_server_name: "x*\ny",
    });
    const { body, sid } = await stage.phone.waitForMessage((each) =>
      each.body.includes("An MCP server asks"),
    );
    expect(body.split("\n").filter((line) => /^(🔔|\*Request ID)/u.test(line))).toHaveLength(2);
    expect(body).not.toContain("\u202e");
    await stage.phone.type("DENY", { quote: sid });
    expect(await answer).toEqual(answered({ action: "decline" }));
  });

  it("that is a page to open is left to the terminal, and DONE_MESSAGES tell of it", async () => {
    const page = { ...FORM, mode: "url", url: "https://example.com/login", requested_schema: undefined };
    const stage = await startStage({ env: DONE });
    expect(await fill(stage, page)).toEqual({});
    const { body } = await stage.told("Claude waits for you at the terminal");
    expect(body).toContain("deploy: Which deployment?");
  });
});
