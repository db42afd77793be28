// Offers the entry of the server among Claude Code's MCP servers, for this user: then `claude -p` needs only the name of the
// permission tool. Claude Code's own command writes it; no secret is in it.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { cleanForeign } from "../../channels/twilio/error-advice.ts";
import { parseConfig } from "../../config/config.ts";
import { PERMISSION_TOOL } from "../../doors/mcp/tool-table.ts";
import { settingsOf } from "./draft.ts";
import type { Offer } from "./offer.ts";
import type { SetupProgress, Workshop } from "./workshop.ts";

/** The tool's name contains it. */
const MCP_NAME = "approval-server";
const claudeState = z.looseObject({ mcpServers: z.record(z.string(), z.unknown()).optional() });

export const offerMcp: Offer = {
  name: "mcp",
  question: "Shall Claude Code know the server in every project (an MCP entry for your user)?",
  initial: true,
  isPossible: async ({ run }) => (await run("claude", ["--version"]))?.ok === true,
  async otherwise(workshop, progress) {
    const entry = JSON.stringify(await mcpEntry(workshop, progress));
    workshop.tell.say(
      "The command claude was not found. Once it is there, this line makes the server known to it:",
    );
    workshop.tell.asItIs(`claude mcp add-json --scope user ${MCP_NAME} '${entry.replaceAll("'", "'\\''")}'`);
  },
  async run(workshop, progress) {
    const { run, context } = workshop;
    const entry = await mcpEntry(workshop, progress);
    const before = await presentEntry(context.env);
    const tool = `claude --permission-prompt-tool mcp__${MCP_NAME}__${PERMISSION_TOOL} -p "…"`;
    if (before !== undefined) {
      if (JSON.stringify(before) === JSON.stringify(entry))
        return `The MCP entry is already there. Use it with:\n${tool}`;
      await run("claude", ["mcp", "remove", "--scope", "user", MCP_NAME]);
    }
    const added = await run("claude", [
      "mcp",
      "add-json",
      "--scope",
      "user",
      MCP_NAME,
      JSON.stringify(entry),
    ]);
    if (added?.ok !== true) {
      const words = cleanForeign(`${added?.stderr ?? ""} ${added?.stdout ?? ""}`.trim());
      throw new Error(`claude mcp add-json failed: ${words || "it did not answer"}`);
    }
    return `Claude Code knows the server in every project. Use it with:\n${tool}`;
  },
};

/** As mcp-servers.json has it, with the port that the settings say: no shell has to know it then. */
async function mcpEntry({ context, home }: Workshop, { draft }: SetupProgress): Promise<unknown> {
  const file = await readFile(join(context.root, "mcp-servers.json"), "utf8");
  const { serverPort } = parseConfig(settingsOf(draft), home);
  const text = file.replaceAll(/\$\{SERVER_PORT:-\d+\}/g, String(serverPort));
  return z.looseObject({ mcpServers: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text)).mcpServers[
    MCP_NAME
  ];
}

/** What Claude Code has under the name for this user. Only read; a file of another form counts as having none. */
async function presentEntry(env: Workshop["context"]["env"]): Promise<unknown> {
  const folder = env["CLAUDE_CONFIG_DIR"]?.trim() || env["HOME"] || homedir();
  try {
    const state = claudeState.parse(JSON.parse(await readFile(join(folder, ".claude.json"), "utf8")));
    return state.mcpServers?.[MCP_NAME];
  } catch {
    return undefined;
  }
}
