// What a client is told of every tool of this server: its title and all four hints, as its row says, and the page that is made of it.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TOOLS } from "../../src/doors/mcp/tool-table.ts";
import { TOLD } from "../../src/tasks/told-tools.ts";
import { surfaceOf, withReference } from "../helpers/mcp-reference.ts";
import { startTaskStage } from "../helpers/task-stage.ts";

const PAGE = new URL("../../docs/mcp-reference.md", import.meta.url);

/** name, title, then read-only, destructive, idempotent, open world. */
const EVERY_TOOL = [
  ["permissions__approve", "Ask for approval on the phone", false, false, false, true],
  ["request_approval", "Ask a person on the phone", false, false, false, true],
  ["get_approval", "Fetch the answer to a request", false, false, true, true],
  ["list_approvals", "List requests for approval", true, false, true, false],
  ["withdraw_approval", "Withdraw a request", false, false, true, true],
  ["agent_run_task", "Run a task", false, true, false, true],
  ["agent_continue_session", "Continue a task", false, true, false, true],
  ["agent_get_session", "See a task", true, false, true, false],
  ["agent_list_sessions", "List tasks", true, false, true, false],
  ["agent_verify_task", "Verify a task", false, false, false, true],
  ["agent_cancel_session", "Cancel a task", false, true, false, false],
  ["agent_get_runtime_status", "See how the server stands", true, false, true, false],
] as const;

const surface = async () => surfaceOf((await startTaskStage()).server.localUrl);

describe("with tasks, a client is told", () => {
  it("every tool's title, twice, and all four hints", async () => {
    const { tools } = await surface();
    expect(tools.map(({ name, title, annotations }) => ({ name, title, annotations }))).toEqual(
      EVERY_TOOL.map(([name, title, readOnlyHint, destructiveHint, idempotentHint, openWorldHint]) => ({
        name,
        title,
        annotations: { title, readOnlyHint, destructiveHint, idempotentHint, openWorldHint },
      })),
    );
  });

  it("no tool that has no row", async () => {
    const { tools } = await surface();
    const rows = [...Object.values(TOOLS).map(({ name }) => name), ...Object.keys(TOLD)];
    expect(tools.map(({ name }) => name)).toEqual(rows);
  });

  it("what docs/mcp-reference.md says", async () => {
    const page = readFileSync(PAGE, "utf8");
    await expect(withReference(page, await surface())).toMatchFileSnapshot(PAGE.pathname);
  });
});

describe("the page's part that is written", () => {
  it.each(["", "<!-- written by npm run docs -->", "<!-- end of what npm run docs writes -->"])(
    "is not put where its markers are not: %o",
    async (page) => {
      expect(() => withReference(page, { tools: [], resources: [], prompts: [] })).toThrow("not one");
    },
  );
});
