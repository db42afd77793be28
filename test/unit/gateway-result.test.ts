// The result of a server behind the gate, as its caller gets it: whatever it is, the caller is told that the call has run.
import { describe, expect, it } from "vitest";
import { checkedResult, problemOf } from "../../src/gateway/result.ts";

const ENTRY = {
  ...({ kind: "stdio", name: "fs", tools: ["read"], command: "x", args: [], env: {}, cwd: "/" } as const),
  ...{ timeoutMs: 1_000, maxResultBytes: 2_000 },
};
const TOOL = { name: "read", inputSchema: { type: "object" } };

describe("a result", () => {
  it.each([[null], [[null]], [[{ type: "text", text: "x" }, 5]], ["text"], [{}]])(
    "whose content is none is an error that says that it ran: %j",
    (content) => {
      const passed = checkedResult({ content, isError: true }, ENTRY, TOOL);
      expect(passed.isError).toBe(true);
      expect(problemOf(passed)).toBe("Failed: It ran, but its result is none that MCP knows.");
    },
  );

  it("with content is passed on as it is", () => {
    const content = [{ type: "text", text: "x" }, { type: "odd" }];
    expect(checkedResult({ content }, ENTRY, TOOL).content).toEqual(content);
  });
});
