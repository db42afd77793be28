// The line that says where a call comes from.
import type { Origin } from "../../domain/request-message.ts";
import { NONE } from "../../domain/sorted-json.ts";
import { LENGTH } from "./lengths.ts";
import { codeLine, cutLine, plainLine } from "./markup.ts";

/** Empty when nothing is known. */
export function projectLine({ project, notes, agent, said }: Origin): string {
  // A folder may have the same name as one of our notes: it then stands in a code mark, which our notes never do.
  const isLikeNotes = /\((token|mode|agent|MCP|session|several|some)\b|Claude said/i.test(project);
  const name = isLikeNotes
    ? `\`${cutLine(codeLine(project), LENGTH.project - 2)}\``
    : plainLine(project, LENGTH.project);
  const all = agent === "" ? notes : [...notes, `agent ${agentName(agent)}`];
  const where = all.length === 0 ? name : `${name || NONE} (${all.join(", ")})`;
  const words = said.replaceAll(/\s+/g, " ").trim();
  if (words === "") return where;
  // Always in a code mark: nothing in them can pass for a line or a note of ours.
  const before = `${where || NONE} · Claude said: `;
  const room = LENGTH.origin - before.length - 2;
  return room < LENGTH.leastSaid ? where : `${before}\`${cutLine(codeLine(words), room)}\``;
}

/** Whoever writes a subagent names it: what is no plain name stands in a code mark, where it cannot pass for our notes. */
function agentName(agent: string): string {
  return /^[A-Za-z0-9:-]+$/.test(agent)
    ? cutLine(agent, LENGTH.agent)
    : `\`${cutLine(codeLine(agent), LENGTH.agent - 2)}\``;
}
