// Each of Claude Code's tools has words of its own; what is dangerous about its input is named.
import { describe, expect, it } from "vitest";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import type { ToolCall } from "../../src/domain/tool-call.ts";
import { toolNotes, toolWords } from "../../src/domain/tools/tools.ts";
import { createInspector } from "../../src/inspection/inspector.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

const inspector = createInspector({ home: "/home/ann", ownPaths: [], ownPorts: [] });

async function promptOf(call: ToolCall) {
  const inspection = await inspector.inspect(call);
  return promptFor({ ...waitingRequest({ call, door: "mcp" }), inspection });
}

/** As the program of Claude Code 2.1.329 lists them. */
const NAMES =
  "Agent Artifact AskUserQuestion Bash ClaudeDesign CronCreate CronDelete CronList Edit EndConversation EnterPlanMode " +
  "EnterWorktree ExitPlanMode ExitWorktree Glob Grep ListAgents ListMcpResourcesTool LSP Monitor NotebookEdit " +
  "OfferChromeSetup PowerShell Projects propose_skills PushNotification Read ReadMcpResourceDirTool ReadMcpResourceTool " +
  "ReadNotifications RemoteTrigger ReportFindings ScheduleWakeup SendFeedback SendMessage SendUserFile SendUserMessage " +
  "SetGoal ShareOnboardingGuide ShowOnboardingRolePicker Skill SubagentHandback TaskCreate TaskGet TaskList TaskStop " +
  "TaskUpdate TodoWrite ToolSearch WaitForMcpServers WebFetch WebSearch Workflow Write " +
  "Task KillShell KillBash ListPeers Brief ListMcpResources ReadMcpResource ReadMcpResourceDir ProposeGoal " +
  "SandboxNetworkAccess REPL TeamCreate TeamDelete BashOutput TaskOutput";
const UNKNOWN = "a tool that this server does not know";

describe("a tool of Claude Code's", () => {
  it.each(NAMES.split(" "))("is known: %s", (toolName) => {
    expect(toolNotes({ toolName, input: {} })).not.toContain(UNKNOWN);
  });

  it.each([
    ["WebFetch", { url: "https://example.com", prompt: "x" }, undefined],
    ["Agent", { description: "x", prompt: "y" }, "gives a task to another agent"],
    ["Agent", { something: "else" }, undefined],
    ["RemoteTrigger", { action: "run" }, "works on agents that run in the cloud"],
    ["KillShell", { shell_id: "1" }, "stops what runs in the background"],
  ])("has words where its name does not say it: %s %j", (toolName, input, words) => {
    expect(toolWords({ toolName, input })).toBe(words);
  });

  it("has them behind its name", async () => {
    const { values } = await promptOf({ toolName: "CronDelete", input: { id: "a1" } });
    expect([values["tool"], values["line1"]]).toEqual([
      "CronDelete (deletes a prompt that would run later)",
      "id: a1",
    ]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      "ExitWorktree",
      { action: "remove", discard_changes: true },
      [
        "throws away changes that are not committed, and commits that are not merged",
        "deletes the worktree and its branch",
      ],
    ],
    ["ExitWorktree", { action: "keep" }, []],
    ["Artifact", { file_path: "/a.html" }, ["publishes a file on the web"]],
    [
      "Artifact",
      { action: "publish", file_path: "/a.html", force: true },
      ["publishes a file on the web", "overwrites a newer version"],
    ],
    ["Artifact", { action: "upload_asset", file_paths: ["/a"] }, ["sends files out"]],
    ["Artifact", { action: "list" }, []],
    ["RemoteTrigger", { action: "create", body: {} }, ["changes what runs in the cloud by itself"]],
    ["RemoteTrigger", { action: "create_webhook_trigger" }, ["lets others start an agent in the cloud"]],
    ["RemoteTrigger", { action: "burn" }, ["what this action does is not known here"]],
    ["RemoteTrigger", { action: "list" }, []],
    ["CronCreate", { cron: "* * * * *", prompt: "x" }, ["runs its prompt again and again by itself"]],
    [
      "CronCreate",
      { cron: "* * * * *", prompt: "x", recurring: false, durable: true },
      ["runs its prompt by itself later", "goes on after this session has ended"],
    ],
    ["Agent", { prompt: "x", isolation: "remote" }, ["runs in the cloud, not on this machine"]],
    ["Task", { prompt: "x", isolation: "remote" }, ["runs in the cloud, not on this machine"]],
    ["Agent", { prompt: "x", isolation: "worktree" }, []],
    [
      "Monitor",
      { description: "x", ws: { url: "wss://x.example" } },
      ["opens a connection and keeps it open"],
    ],
    ["Workflow", { scriptPath: "/a.js" }, ["runs the script in a file, which is not shown here"]],
    ["Workflow", { name: "deep-research" }, ["runs a stored script, which is not shown here"]],
    ["Workflow", { script: "x", name: "y" }, []],
    ["SandboxNetworkAccess", { host: "x.example" }, ["opens the sandbox to the network"]],
    ["NotebookEdit", { notebook_path: "/a", edit_mode: "delete" }, ["deletes a cell"]],
    ["Projects", { method: "project_write", local_path: "/a" }, ["sends a text or a file out"]],
    [
      "ExitPlanMode",
      { plan: "x", allowedPrompts: [{ tool: "Bash", prompt: "y" }] },
      ["also asks to allow kinds of commands without asking"],
    ],
    ["ExitPlanMode", { plan: "x", allowedPrompts: [] }, []],
    ["FooBar", { a: 1 }, [UNKNOWN]],
    ["mcp__github__create_issue", {}, []],
    ["mcp__x", {}, [UNKNOWN]],
  ])("is warned about: %s %j", (toolName, input, notes) => {
    expect(toolNotes({ toolName, input })).toEqual(notes);
  });

  it("that has a note is never offered for the session", async () => {
    const { values, offersSession } = await promptOf({
      toolName: "Monitor",
      input: { description: "x", ws: { url: "wss://x" } },
    });
    expect(values["warning"]).toBe("opens a connection and keeps it open");
    expect(values["line2"]).toBe('ws: {"url":"wss://x"}');
    expect(offersSession).toBe(false);
  });

  it("that nobody here knows shows its input", async () => {
    const { values } = await promptOf({ toolName: "FooBar", input: { target: "prod" } });
    expect([values["tool"], values["line1"], values["warning"]]).toEqual(["FooBar", "target: prod", UNKNOWN]);
  });
});
