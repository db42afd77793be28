// Tools of MCP servers that run a command: it is read as one of Bash is.
import { expect, test } from "vitest";
import { createInspector } from "../../src/inspection/inspector.ts";

const inspector = createInspector({ home: "/home/ann", ownPaths: [], ownPorts: [] });

async function warningsOf(toolName: string, input: Record<string, unknown>) {
  return (await inspector.inspect({ toolName, input }, "/work/shop")).warnings;
}

test.each([
  "mcp__workspace__bash",
  "mcp__desktop__execute_command",
  "mcp__a_b__run_in_terminal",
  "mcp__x__Shell",
])("of %s the dangers are told", async (toolName) => {
  expect(await warningsOf(toolName, { command: "git clean -fdx" })).toContain(
    "deletes files that git does not know",
  );
  expect(await warningsOf(toolName, { command: "ls -la" })).toEqual([]);
});

test.each(["mcp__github__run_workflow", "mcp__shop__bashful", "mcp__bash", "bash"])(
  "of %s nothing is read",
  async (toolName) => {
    const told = await warningsOf(toolName, { command: "rm -rf build" });
    expect(told).not.toContain("deletes recursively");
  },
);
