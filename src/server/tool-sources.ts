// The tools that this server runs itself, each call behind the gate: where they come from, in one list.
import type { ToolSource } from "../core/ports/tool-source.ts";
import { type OpenGateway, type OpenGatewayDeps, openGateway } from "./gateway.ts";

export type ToolSourcesDeps = OpenGatewayDeps;

export interface ToolSources {
  readonly gatewayHealth: OpenGateway["health"];
  readonly sources: readonly ToolSource[];
  close(): Promise<void>;
}

/** @throws ConfigError when a file that names tools is wrong */
export async function openToolSources(deps: ToolSourcesDeps): Promise<ToolSources> {
  const gateway = await openGateway(deps);
  return { sources: [gateway.source], gatewayHealth: gateway.health, close: () => gateway.close() };
}
