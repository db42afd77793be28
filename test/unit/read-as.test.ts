// JSON that was made to make its reader throw: it is refused in words like anything else that is wrong.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readAs } from "../../src/core/read-as.ts";
import { askProblem, askSchema } from "../../src/doors/approval-ask.ts";
import { parseElicitation } from "../../src/doors/hook/elicitation-input.ts";
import {
  parseHookEvent,
  parsePermissionDenied,
  parsePermissionRequest,
  parsePreToolUse,
} from "../../src/doors/hook/hook-input.ts";
import { parseToolCall } from "../../src/doors/mcp/permission-input.ts";
import { readDefinition } from "../../src/gateway/definition.ts";
import { compilePolicy } from "../../src/policy/compile.ts";
import { readScriptSettings } from "../../src/script-tools/script-settings.ts";

const ODD: unknown = JSON.parse('{"length":[{"toString":0}]}');
const CONTEXT = { home: "/home/x", ownPaths: [], realPath: (path: string) => path };

describe("a value whose length cannot become a number", () => {
  it("makes zod itself throw: without that, readAs is needed no more", () => {
    expect(() => z.string().min(1).safeParse(ODD)).toThrow(TypeError);
    expect(readAs(z.string().min(1), ODD)).toMatchObject({ success: false });
    expect(readAs(z.string().min(1), "x")).toEqual({ success: true, data: "x" });
  });

  it.each([
    ["the permission tool", parseToolCall, { tool_name: ODD, input: {} }],
    ["the permission tool's id", parseToolCall, { tool_name: "Bash", input: {}, tool_use_id: ODD }],
    ["PermissionRequest", parsePermissionRequest, { tool_name: ODD, tool_input: {} }],
    ["PermissionDenied", parsePermissionDenied, { tool_name: "Bash", tool_input: {}, reason: ODD }],
    ["PreToolUse", parsePreToolUse, { tool_name: "Bash", tool_input: {}, tool_use_id: ODD }],
    ["Elicitation", parseElicitation, { mcp_server_name: ODD, message: ODD, requested_schema: ODD }],
  ])("is refused by %s, in words", (_, read, body) => {
    expect(read(body)).toEqual({ ok: false, problem: "it cannot be read" });
  });

  it("is no event of a hook, no definition, no policy and no settings", () => {
    expect(parseHookEvent({ session_id: ODD })).toBeUndefined();
    expect(readDefinition({ name: ODD, inputSchema: { type: "object" } })).toBeUndefined();
    expect(compilePolicy(JSON.stringify({ version: ODD, allow: ODD }), CONTEXT).ok).toBe(false);
    expect(readScriptSettings(JSON.stringify({ description: ODD })).ok).toBe(false);
  });

  it("is refused by request_approval with a sentence", () => {
    const parsed = readAs(askSchema, { action: ODD, summary: "x" });
    expect(parsed.success ? "" : askProblem(parsed.error)).toBe("it cannot be read");
  });
});
