// The tools that this server runs itself, each call behind the gate: where they come from, in one list.
import type { GatedCalls } from "../core/gated-call.ts";
import type { ToolSource } from "../core/ports/tool-source.ts";

export interface ToolSourcesDeps {
  /** The only way to run anything for a caller. */
  readonly gatedCalls: GatedCalls;
}

export interface ToolSources {
  readonly sources: readonly ToolSource[];
  close(): Promise<void>;
}

export async function openToolSources(_deps: ToolSourcesDeps): Promise<ToolSources> {
  return { sources: [], close: async () => {} };
}
