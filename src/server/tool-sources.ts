// The tools that this server runs itself, each call behind the gate: where they come from, in one list.
import type { ToolSource } from "../core/ports/tool-source.ts";
import { openScripts, type ScriptsDeps } from "./scripts.ts";

export interface ToolSources {
  readonly sources: readonly ToolSource[];
  close(): Promise<void>;
}

export async function openToolSources(deps: ScriptsDeps): Promise<ToolSources> {
  const scripts = await openScripts(deps);
  return { sources: [scripts.source], close: scripts.close };
}
