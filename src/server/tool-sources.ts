// The tools that this server runs itself, each call behind the gate: where they come from, in one list.
import type { ToolSource } from "../core/ports/tool-source.ts";
import { type OpenGateway, type OpenGatewayDeps, openGateway } from "./gateway.ts";
import { openScripts, type ScriptsDeps } from "./scripts.ts";

export type ToolSourcesDeps = OpenGatewayDeps & ScriptsDeps;

export interface ToolSources {
  readonly gatewayHealth: OpenGateway["health"];
  readonly sources: readonly ToolSource[];
  close(): Promise<void>;
}

/** @throws ConfigError when a file that names tools is wrong */
export async function openToolSources(deps: ToolSourcesDeps): Promise<ToolSources> {
  const scripts = await openScripts(deps);
  const gateway = await openGateway(deps);
  return {
    sources: [scripts.source, gateway.source],
    gatewayHealth: gateway.health,
    async close() {
      await Promise.all([scripts.close(), gateway.close()]);
    },
  };
}
