// What Claude Code's hooks post, and how much of it is believed: what is needed must be right, the rest may be odd.
import { describe, expect, it } from "vitest";
import { parseHookEvent, parsePermissionRequest } from "../../src/doors/hook/hook-input.ts";
import { isDeeperThan, MAX_DEPTH } from "../../src/doors/nesting.ts";

const ASK = {
  session_id: "s1",
  agent_id: "a1",
  cwd: "/code/web-shop",
  hook_event_name: "PermissionRequest",
  permission_mode: "acceptEdits",
  tool_name: " Bash ",
  tool_input: { command: "ls", ["__proto__x"]: 1 },
};
const STOP = { session_id: "s1", cwd: "/code/web-shop" };

/** `levels` objects in each other, the innermost one empty. */
function nested(levels: number, wrap: (inner: object) => object = (inner) => ({ a: inner })): object {
  let value: object = {};
  for (let level = 1; level < levels; level += 1) value = wrap(value);
  return value;
}

describe("a PermissionRequest", () => {
  it("is read as the call that it asks about, and whose it is", () => {
    expect(parsePermissionRequest(ASK)).toEqual({
      ok: true,
      ask: {
        sessionId: "s1",
        agentId: "a1",
        cwd: "/code/web-shop",
        permissionMode: "acceptEdits",
        call: { toolName: "Bash", input: ASK.tool_input },
      },
    });
  });

  it("keeps the input itself, not a copy that might leave something out", () => {
    const body = JSON.parse('{"tool_name":"Bash","tool_input":{"__proto__":{"x":1},"command":"ls"}}');
    const parsed = parsePermissionRequest(body);
    expect(parsed.ok && parsed.ask.call.input).toBe(body.tool_input);
  });

  it.each([
    ["another event's", { hook_event_name: "PostToolUse" }, "it is another event's"],
    ["without a tool", { tool_name: undefined }, "tool_name is missing or not a text"],
    ["whose tool has an empty name", { tool_name: "  " }, "tool_name is empty"],
    ["without an input", { tool_input: undefined }, "tool_input is missing or not an object"],
    ["whose input is a list", { tool_input: ["ls"] }, "tool_input is missing or not an object"],
    ["nested too deep", { tool_input: nested(MAX_DEPTH + 2) }, "tool_input is nested deeper than 200 levels"],
  ])("%s is refused with what is wrong", (_, changed, problem) => {
    expect(parsePermissionRequest({ ...ASK, ...changed })).toEqual({ ok: false, problem });
  });

  it("names everything that is wrong, and quotes nothing of it", () => {
    const parsed = parsePermissionRequest({ tool_name: ["secret"], tool_input: "secret" });
    expect(parsed).toEqual({
      ok: false,
      problem: "tool_name is missing or not a text; tool_input is missing or not an object",
    });
  });

  it.each([undefined, null, 7, "x", []])("is none in the body %j", (body) => {
    expect(parsePermissionRequest(body).ok).toBe(false);
  });

  it.each(["session_id", "agent_id", "cwd"])("may have an odd %s: it counts as absent", (field) => {
    for (const odd of [7, "", null, {}]) {
      const parsed = parsePermissionRequest({ ...ASK, [field]: odd });
      const name = { session_id: "sessionId", agent_id: "agentId", cwd: "cwd" }[field] ?? "";
      expect(parsed.ok && parsed.ask).toMatchObject({ call: { toolName: "Bash" }, [name]: undefined });
    }
  });

  it.each(["", "with space", "new\nline", "*bold*", "1", "a1", "x".repeat(25), "é", 7, null])(
    "shows the phone no permission mode that is not one word of letters: %j",
    (mode) => {
      const parsed = parsePermissionRequest({ ...ASK, permission_mode: mode });
      expect(parsed.ok && parsed.ask).toHaveProperty("permissionMode", undefined);
    },
  );

  it("may have a permission mode of 24 letters", () => {
    const parsed = parsePermissionRequest({ ...ASK, permission_mode: "x".repeat(24) });
    expect(parsed.ok && parsed.ask.permissionMode).toBe("x".repeat(24));
  });
});

describe("an event", () => {
  it("is read with the call that has run", () => {
    const tool = { tool_name: " Bash ", tool_input: { command: "ls" } };
    expect(parseHookEvent({ ...STOP, agent_id: "a1", ...tool })).toEqual({
      sessionId: "s1",
      agentId: "a1",
      cwd: "/code/web-shop",
      call: { toolName: "Bash", input: tool.tool_input },
      notification: undefined,
      lastWords: undefined,
    });
  });

  it("is read with its notification and Claude's last words", () => {
    const told = { notification_type: "idle_prompt", message: "waiting" };
    expect(parseHookEvent({ ...STOP, ...told, last_assistant_message: "Done." })).toMatchObject({
      notification: { type: "idle_prompt", message: "waiting" },
      lastWords: "Done.",
    });
    expect(parseHookEvent({ ...STOP, notification_type: "idle_prompt" })?.notification).toEqual({
      type: "idle_prompt",
      message: "",
    });
    expect(parseHookEvent({ ...STOP, message: "waiting" })?.notification).toBeUndefined();
  });

  it.each<[string, object]>([
    ["without an input", { tool_name: "Bash" }],
    ["whose input is no object", { tool_name: "Bash", tool_input: "ls" }],
    ["without a tool", { tool_input: {} }],
    ["whose input is nested too deep", { tool_name: "Bash", tool_input: nested(MAX_DEPTH + 2) }],
  ])("%s has no call", (_, tool) => {
    expect(parseHookEvent({ ...STOP, ...tool })).toMatchObject({ sessionId: "s1", call: undefined });
  });

  it.each([undefined, null, [], {}, { session_id: "" }, { session_id: 7 }])("is none in %j", (body) => {
    expect(parseHookEvent(body)).toBeUndefined();
  });
});

describe("an input", () => {
  it.each<[string, (inner: object) => object]>([
    ["objects", (inner) => ({ a: inner })],
    ["lists", (inner) => [inner]],
    ["both, beside others", (inner) => ({ x: 1, y: null, z: [7, inner] })],
  ])("of %s is too deep above the limit, and not at it", (_, wrap) => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    const value = nested(9, wrap);
    const limit = depthOf(value);
    expect(isDeeperThan(value, limit)).toBe(false);
    expect(isDeeperThan(value, limit - 2)).toBe(true);
  });

  it("that is flat is not too deep, whatever it is", () => {
    for (const value of [undefined, null, 7, "x", {}, []]) expect(isDeeperThan(value, 0)).toBe(false);
    expect(isDeeperThan({ a: 1 }, 0)).toBe(true);
    expect(isDeeperThan({ a: 1 }, 1)).toBe(false);
  });
});
