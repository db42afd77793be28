// The tools that this server runs itself, each call behind the gate: where they come from, in one list.
import type { TaskRunner } from "../core/ports/task-runner.ts";
import type { TaskTools } from "../core/ports/task-tools.ts";
import type { ToolSource } from "../core/ports/tool-source.ts";
import { type OpenGateway, type OpenGatewayDeps, openGateway } from "./gateway.ts";
import type { ScriptsDeps } from "./loaded-scripts.ts";
import { openScripts } from "./scripts.ts";
import { rowSecrets } from "./seal-secrets.ts";
import { type OpenTasksDeps, openTasks } from "./tasks.ts";

type ToolSourcesDeps = Omit<OpenGatewayDeps, "sealSecrets"> &
  ScriptsDeps &
  Omit<OpenTasksDeps, "gatewayHealth" | "sealSecrets">;

export interface ToolSources {
  readonly gatewayHealth: OpenGateway["health"];
  readonly sources: readonly ToolSource[];
  /** Absent where tasks are off. */
  readonly taskSource?: TaskTools | undefined;
  readonly taskRunner?: TaskRunner | undefined;
  close(): Promise<void>;
}

/** @throws ConfigError when a file that names tools is wrong */
export async function openToolSources(deps: ToolSourcesDeps): Promise<ToolSources> {
  const scripts = await openScripts(deps);
  const sealSecrets = () => rowSecrets(deps.config, deps.link.authTokens);
  const gateway = await openGateway({ ...deps, sealSecrets });
  const tasks = await openTasks({ ...deps, sealSecrets, gatewayHealth: gateway.health });
  return {
    sources: [...(tasks === undefined ? [] : [tasks.source]), scripts.source, gateway.source],
    gatewayHealth: gateway.health,
    taskSource: tasks?.source,
    taskRunner: tasks?.runner,
    async close() {
      await Promise.all([tasks?.close(), scripts.close(), gateway.close()]);
    },
  };
}
