import { describe, expect, it } from "vitest";
import { parseToolCall, permissionInputSchema } from "../../src/doors/mcp/permission-input.ts";

const BASH = { tool_name: "Bash", input: { command: "ls" }, tool_use_id: "toolu_1" };

describe("a permission request", () => {
  it("is read as the tool call that it asks about", () => {
    expect(parseToolCall(BASH)).toEqual({
      ok: true,
      call: { toolName: "Bash", input: { command: "ls" }, toolUseId: "toolu_1" },
    });
  });

  it("may have no input fields, and fields that are not known yet", () => {
    const call = { toolName: "ExitPlanMode", input: {} };
    expect(parseToolCall({ tool_name: "ExitPlanMode", input: {}, session: 1 })).toEqual({ ok: true, call });
  });

  it.each([[undefined], [""], [5], [null], [{}]])("may have no usable id: %j", (tool_use_id) => {
    const parsed = parseToolCall({ ...BASH, tool_use_id });
    expect(parsed).toEqual({ ok: true, call: { toolName: "Bash", input: { command: "ls" } } });
  });

  it("keeps the input exactly as it came, with the keys that JavaScript treats as its own", () => {
    const input = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"b":{"c":[null]},"a":""}');
    const parsed = parseToolCall({ tool_name: "X", input });
    expect(parsed.ok && parsed.call.input).toBe(input);
    expect(Object.hasOwn({}, "polluted")).toBe(false);
  });

  it.each<[unknown, string]>([
    [{ ...BASH, tool_name: undefined }, "tool_name is missing or not a text"],
    [{ ...BASH, tool_name: null }, "tool_name is missing or not a text"],
    [{ ...BASH, tool_name: ["Bash"] }, "tool_name is missing or not a text"],
    [{ ...BASH, tool_name: "" }, "tool_name is empty"],
    [{ ...BASH, tool_name: " \n" }, "tool_name is empty"],
    [{ tool_name: "Bash" }, "input is missing or not an object"],
    [{ ...BASH, input: null }, "input is missing or not an object"],
    [{ ...BASH, input: "ls" }, "input is missing or not an object"],
    [{ ...BASH, input: ["ls"] }, "input is missing or not an object"],
    [{ ...BASH, input: true }, "input is missing or not an object"],
    [{}, "tool_name is missing or not a text; input is missing or not an object"],
  ])("is refused, saying what is wrong: %j", (input, problem) => {
    expect(parseToolCall(input)).toEqual({ ok: false, problem });
  });

  it.each([[undefined], [null], ["Bash"], [[BASH]]])("is refused when it is no object: %j", (input) => {
    expect(parseToolCall(input)).toMatchObject({ ok: false, problem: expect.stringMatching(/\S/) });
  });
});

describe("the advertised schema", () => {
  it("lets everything through, so that a wrong call gets a clear denial and no protocol error", () => {
    for (const odd of [{}, { tool_name: 1, input: "x", tool_use_id: null }, { ...BASH, more: [1] }]) {
      expect(permissionInputSchema.parse(odd)).toEqual(odd);
    }
  });
});
