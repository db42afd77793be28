// The real CLI's model asks by choice: it calls request_approval as a tool of an MCP server, registered by the very
// lines of docs/mcp-clients.md, and reads what the phone said.
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ASK, ask, connect } from "../helpers/mcp-clients.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { documentedLine } from "./documented.ts";
import { setStage } from "./stage.ts";

const TOOL = "mcp__approval-server__request_approval";
const GET_TOOL = "mcp__approval-server__get_approval";
const asking = { tool: TOOL, input: ASK };

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

describe.each(["http", "stdio"] as const)("claude -p with request_approval over %s", (kind) => {
  const register = (port: string) => documentedLine(kind, port);
  const allowed = ["--allowedTools", TOOL];

  test("the model reads that it was approved", async () => {
    const stage = await setStage({ cli, script: () => [asking], args: allowed, register });
    const run = stage.runClaude();
    const { id, message } = await stage.phone.waitForRequest();
    expect(message.body).toContain(ASK.action);
    expect(message.body).toContain(`*Project:* ${stage.project}`);
    await stage.phone.tap(message.sid, `approve:${id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    const [result] = stage.model.results();
    expect(result?.isError).toBe(false);
    expect(JSON.parse(result?.text ?? "")).toEqual({ approval_id: id, status: "approved", decided: true });
    await stage.phone.waitForMessage(({ body }) =>
      body.includes(`${id} approved: the caller has the answer`),
    );
  });

  test("the model reads the person's no; an approval asked for does not let a command run", async () => {
    const bash = { tool: "Bash", input: { command: "touch ran.txt", description: "Make a file" } };
    const stage = await setStage({
      cli,
      script: () => [asking, bash],
      args: allowed,
      register,
    });
    const run = stage.runClaude();
    const first = await stage.phone.waitForRequest((body) => body.includes(ASK.action));
    await stage.phone.type(`DENY ${first.id} ask the accountant`);
    const second = await stage.phone.waitForRequest((body) => body.includes("touch ran.txt"));
    await stage.phone.tap(second.message.sid, `deny:${second.id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [{ tool_name: "Bash" }] });
    const [result] = stage.model.results();
    expect(JSON.parse(result?.text ?? "")).toMatchObject({
      status: "denied",
      reason: expect.stringContaining("ask the accountant"),
    });
    expect(existsSync(stage.path("ran.txt"))).toBe(false);
  });

  test("the model does not wait, comes back for the answer, and reads it", async () => {
    const asked = { tool: TOOL, input: { ...ASK, wait: false } };
    const fetched = (request: string) => ({
      tool: GET_TOOL,
      input: { approval_id: /\\"approval_id\\+":\\+"([a-z]{5})/.exec(request)?.[1], wait_seconds: 30 },
    });
    const stage = await setStage({
      cli,
      script: () => [asked, fetched],
      args: ["--allowedTools", `${TOOL},${GET_TOOL}`],
      register,
    });
    const run = stage.runClaude();
    const { id, message } = await stage.phone.waitForRequest();
    await expect.poll(() => stage.model.results().length).toBe(1);
    await stage.phone.tap(message.sid, `approve:${id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    const answers = stage.model.results().map(({ text }) => JSON.parse(text) as unknown);
    expect(answers).toEqual([
      expect.objectContaining({ approval_id: id, status: "pending", ask_again_after_seconds: 15 }),
      { approval_id: id, status: "approved", decided: true },
    ]);
    await stage.phone.waitForMessage(({ body }) =>
      body.includes(`${id} approved: the caller has the answer`),
    );
  });

  test("a prompt of the server, typed as a command, hands the model the record", async () => {
    let read = "";
    const report = (request: string) => {
      read = request;
      return "One was asked, and denied.";
    };
    const stage = await setStage({
      cli,
      script: () => [report],
      prompt: "/mcp__approval-server__daily-approvals-report",
      register,
    });
    const denied = ask(await connect(stage.server.url));
    const { id, message } = await stage.phone.waitForRequest();
    await stage.phone.tap(message.sid, `deny:${id}`);
    await denied;
    expect(await stage.runClaude()).toMatchObject({
      exitCode: 0,
      resultText: "One was asked, and denied.",
    });
    expect(read).toContain("Write a short report on today's requests for approval");
    expect(read).toContain(id);
  });
});
