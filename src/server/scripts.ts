// Puts the scripts that are tools together: where they are found, what is remembered of them, what runs them.
import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { VARIABLE_NAMES } from "../config/environment.ts";
import type { Home } from "../config/home.ts";
import type { GatedCalls } from "../core/gated-call.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Processes } from "../core/ports/processes.ts";
import type { ScriptStore } from "../core/ports/script-store.ts";
import type { ToolSource } from "../core/ports/tool-source.ts";
import { createOwnSecrets } from "../inspection/own-secrets.ts";
import { replaceSecrets } from "../inspection/secret-masks.ts";
import { openApprovedScripts } from "../script-tools/approved-scripts.ts";
import { removeCopies } from "../script-tools/run-script.ts";
import { createScriptSource } from "../script-tools/script-source.ts";
import { watchScripts } from "../script-tools/watched-scripts.ts";
import { toolsFolderPath } from "./guards.ts";
import type { PhoneLink } from "./phone-link.ts";

export interface ScriptsDeps {
  readonly config: Pick<Config, "toolsPath" | "databasePath">;
  readonly home: Pick<Home, "folder">;
  readonly link: Pick<PhoneLink, "authTokens" | "simulator">;
  readonly ownSecrets: readonly string[];
  /** Without it no script is offered. */
  readonly processes: Processes | undefined;
  readonly store: ScriptStore;
  readonly mode: Pick<ModeKeeper, "onClose">;
  readonly gatedCalls: GatedCalls;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Scripts {
  readonly source: ToolSource;
  /** Kills what runs. */
  close(): Promise<void>;
}

/** The simulated account and its secrets last for one run: what is approved under them is known that long. */
const FORGETFUL: ScriptStore = { approvedScripts: async () => [], recordApprovedScript: async () => {} };

export async function openScripts(deps: ScriptsDeps): Promise<Scripts> {
  const { config, home, link, ownSecrets, processes, mode, clock, log } = deps;
  if (processes === undefined) return { source: NONE, close: async () => {} };
  const { environment: env, send } = processes;
  const user = process.getuid?.();
  const path = toolsFolderPath(config, home.folder);
  const store = link.simulator === undefined ? deps.store : FORGETFUL;
  const approved = await openApprovedScripts({ store, secrets: link.authTokens, clock, log });
  const scripts = watchScripts({ path, user, clock, log });
  if (config.toolsPath !== undefined && scripts.current().state === "none")
    log.warn({ path }, "TOOLS_DIR names a folder that does not exist: no scripts are offered");
  const copies = `${resolve(home.folder, config.databasePath)}-scripts`;
  removeCopies(copies);
  const own = createOwnSecrets(ownSecrets);
  const source = createScriptSource({
    ...deps,
    scripts,
    approved,
    environment: { env, ownNames: new Set(VARIABLE_NAMES), ownSecrets },
    copies,
    user: user ?? NOBODY,
    send,
    mask: (text) => replaceSecrets(text, own.find(text), new Set()),
  });
  mode.onClose(({ kind }) => {
    if (kind === "panic") void source.stopRuns();
  });
  return {
    source,
    async close() {
      scripts.close();
      await source.stopRuns();
      removeCopies(copies);
    },
  };
}

/** No user's id: where owners are not told, nothing is found, and nothing runs. */
const NOBODY = -1;

const NONE: ToolSource = {
  tools: () => [],
  call: async () => ({ content: [{ type: "text", text: "No scripts are offered." }], isError: true }),
  onChange: () => () => {},
};
