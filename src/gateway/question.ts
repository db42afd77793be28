// What a person is asked about a call of a tool behind the gate: the call, and what its server has changed since it was trusted.
import { structuredPatch } from "diff/lib/patch/create.js";
import type { ToolQuestion } from "../core/ports/tool-source.ts";
import { ownToolName } from "../domain/own-tool.ts";
import type { DefinitionChange } from "./definition.ts";
import { offeredName } from "./offered-name.ts";

/** Stands beside the input's own fields; with more asterisks where the input has such a field itself. */
const CHANGED = "changed by the server";
/** Lines that may differ before both texts are shown whole: a server chooses them, and the time grows with their square. */
const MAX_DIFFERENT = 500;

/** @param changes since the tool was first seen, or last approved */
export function questionOf(
  server: string,
  tool: string,
  input: ToolQuestion["call"]["input"],
  changes: readonly DefinitionChange[],
): ToolQuestion {
  const toolName = ownToolName(offeredName(server, tool));
  if (changes.length === 0) return { call: { toolName, input } };
  let key = CHANGED;
  while (Object.hasOwn(input, key)) key += "*";
  const shown = Object.fromEntries(changes.map((change) => [change.part, changeText(change)]));
  const parts = changes.map(({ part }) => part).join(", ");
  return {
    call: { toolName, input: { ...input, [key]: shown } },
    warnings: [`is a tool whose ${parts} its server has changed: see "${key}"`],
    asksAlways: true,
  };
}

/** Line by line: - what went, + what came, and a line around each; ⋯ stands between places that are apart. */
function changeText({ before, after }: DefinitionChange): string {
  if (before === "") return `new: ${after}`;
  if (after === "") return `gone: ${before}`;
  const limits = { context: 1, maxEditLength: MAX_DIFFERENT };
  const patch = structuredPatch("", "", `${before}\n`, `${after}\n`, "", "", limits);
  if (patch === undefined) return `${marked("-", before)}\n${marked("+", after)}`;
  return patch.hunks.map(({ lines }) => lines.join("\n")).join("\n⋯\n");
}

function marked(mark: string, text: string): string {
  return text
    .split("\n")
    .map((line) => mark + line)
    .join("\n");
}
