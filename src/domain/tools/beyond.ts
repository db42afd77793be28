// Tools that reach beyond this machine, or hand on to others: the web, claude.ai, other agents, MCP servers, the person.
import { always, is, isNot, type KnownTool } from "./known-tool.ts";

const PUBLISHES = isNot(
  "action",
  ...["list", "read", "list_types", "watch", "unwatch", "status", "upload_asset", "list_assets"],
  ...["read_asset", "delete_asset", "pin", "unpin"],
);

export const BEYOND: readonly KnownTool[] = [
  { names: ["WebFetch", "WebSearch"] },
  {
    names: ["Agent", "Task"],
    words: "gives a task to another agent",
    needs: "prompt",
    notes: [
      { when: is("isolation", "remote"), says: "runs in the cloud, not on this machine" },
      { when: is("mode", "bypassPermissions"), says: "names a mode in which nothing is asked" },
    ],
  },
  { names: ["AgentOutput", "AgentOutputTool"], words: "reads what another agent has done" },
  { names: ["SendMessage"], words: "writes to another agent or session" },
  { names: ["ListAgents", "ListPeers"], words: "lists the agents that it can write to" },
  { names: ["TeamCreate"], words: "makes a team of agents" },
  { names: ["TeamDelete"], words: "ends a team of agents" },
  { names: ["SubagentHandback"], words: "hands its result back" },
  {
    names: ["Artifact"],
    words: "works on a page at claude.ai",
    notes: [
      { when: PUBLISHES, says: "publishes a file on the web" },
      { when: is("action", "upload_asset"), says: "sends files out" },
      { when: is("action", "delete_asset"), says: "deletes a file at claude.ai for good" },
      { when: is("force", true), says: "overwrites a newer version" },
    ],
  },
  {
    names: ["Projects"],
    words: "works on a project at claude.ai",
    notes: [
      { when: is("method", "project_write"), says: "sends a text or a file out" },
      { when: is("method", "project_delete"), says: "deletes a document at claude.ai" },
    ],
  },
  {
    names: ["ClaudeDesign"],
    words: "works on a design at claude.ai",
    notes: [{ when: isNot("operation", "list"), says: "what its operation does is not known here" }],
  },
  {
    names: ["RemoteTrigger"],
    words: "works on agents that run in the cloud",
    notes: [
      { when: is("action", "create", "update"), says: "changes what runs in the cloud by itself" },
      { when: is("action", "create_webhook_trigger"), says: "lets others start an agent in the cloud" },
      { when: is("action", "run"), says: "starts an agent in the cloud" },
      {
        when: isNot(
          "action",
          ...["list", "get", "create", "update", "run", "create_webhook_trigger", "list_runs", "get_run_log"],
        ),
        says: "what this action does is not known here",
      },
    ],
  },
  {
    names: ["SendFeedback"],
    words: "sends a report to Anthropic",
    notes: [{ when: always, says: "sends a text out" }],
  },
  { names: ["SendUserMessage", "Brief"], words: "writes to you" },
  {
    names: ["SendUserFile"],
    words: "sends files to you through claude.ai",
    notes: [{ when: always, says: "sends files out" }],
  },
  { names: ["PushNotification"], words: "sends you a notification" },
  { names: ["ReadNotifications"], words: "reads your notifications" },
  { names: ["ReportFindings"], words: "reports what it has found" },
  { names: ["StructuredOutput"], words: "hands its result in" },
  { names: ["ToolSearch"], words: "looks for tools" },
  { names: ["WaitForMcpServers", "RefreshMcpTools"], words: "waits for MCP servers" },
  { names: ["ListMcpResourcesTool", "ListMcpResources"], words: "lists what an MCP server has" },
  {
    names: ["ReadMcpResourceTool", "ReadMcpResource", "ReadMcpResourceDirTool", "ReadMcpResourceDir"],
    words: "reads from an MCP server",
    needs: "server",
  },
  { names: ["OfferChromeSetup"], words: "offers to use your browser" },
  { names: ["ShareOnboardingGuide", "ShowOnboardingRolePicker"], words: "shows how to begin" },
  { names: ["EndConversation"], words: "ends the conversation" },
];
