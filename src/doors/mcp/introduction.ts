// How the server introduces itself to MCP clients: its name, and what a model should know before it asks.
import { REQUEST_TOOL } from "../../domain/request-approval.ts";
import { PERMISSION_TOOL } from "./tool-table.ts";

export function serverInfo(version: string): { name: string; title: string; version: string } {
  return { name: "approval-server", title: "Approvals", version };
}

/** Clients put it into the model's context. */
export const INSTRUCTIONS =
  `${REQUEST_TOOL} asks a person on their phone and waits for the answer. Call it before you do something that cannot be undone, ` +
  "costs money, or reaches other people, and whenever you were told to ask; one action a call, stated exactly. " +
  'Only status "approved" allows the action, once and as stated. Any other status, an error, or no answer means: do not do it. ' +
  "Read reason, do not ask again for the same thing, and go on with what needs no approval or say what is missing. " +
  `${PERMISSION_TOOL} is for Claude Code's --permission-prompt-tool. Never call it yourself; its answer allows you nothing.`;
