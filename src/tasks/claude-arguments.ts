// The arguments that Claude is started with: this server answers its permissions, and nothing else that a user has set up for MCP
// counts. What a task says is never among them.
import type { TaskProfile } from "../domain/task.ts";

export const SERVER_KEY = "approval-server";
const PERMISSION_TOOL = `mcp__${SERVER_KEY}__permissions__approve`;
/** A hard limit of one call, ms, that progress does not extend: above any wait for a person. */
const MCP_CALL_MS = 3_900_000;
/** All that a verification may use. */
const READING_TOOLS = ["Read", "Grep", "Glob"];

interface ClaudeArguments {
  readonly profile: TaskProfile;
  readonly maxTurns: number;
  readonly mcpConfig: string;
  /** Claude Code's id of the session to go on with. */
  readonly resume?: string | undefined;
  /** Folders that it may read besides its own. */
  readonly alsoFolders: readonly string[];
  readonly systemPrompt: string;
}

export function claudeArguments(task: ClaudeArguments): readonly string[] {
  const { profile, maxTurns, mcpConfig, resume, alsoFolders, systemPrompt } = task;
  return [
    ...["-p", "--output-format", "stream-json", "--verbose"],
    ...["--mcp-config", mcpConfig, "--strict-mcp-config", "--permission-prompt-tool", PERMISSION_TOOL],
    // Whatever the person's own settings start with: each call is to be asked about.
    ...["--permission-mode", "default", "--max-turns", String(maxTurns)],
    // Takes no settings and no instructions from the folder that it is to judge, and has no tool that changes anything.
    ...(profile === "verification" ? ["--restricted", `--tools=${READING_TOOLS.join(",")}`] : []),
    ...(profile === "verification" ? [`--disallowedTools=mcp__${SERVER_KEY}__*`] : []),
    ...alsoFolders.map((folder) => `--add-dir=${folder}`),
    `--append-system-prompt=${systemPrompt}`,
    ...(resume === undefined ? [] : [`--resume=${resume}`]),
  ];
}

/** The text of the file for `--mcp-config`. @param url of the local listener @param folder the task's */
export function mcpConfigText(url: string, token: string, folder: string): string {
  return JSON.stringify({
    mcpServers: {
      [SERVER_KEY]: {
        type: "http",
        url: `${url}/mcp?project=${encodeURIComponent(folder)}`,
        headers: { Authorization: `Bearer ${token}` },
        timeout: MCP_CALL_MS,
      },
    },
  });
}
