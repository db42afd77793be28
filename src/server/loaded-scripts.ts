// Puts the scripts that are tools together: where they are found, what is remembered of them, what runs them. Loaded only where
// there is a folder for them.
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
import { removeCopies } from "../script-tools/copies.ts";
import { createScriptSource } from "../script-tools/script-source.ts";
import { watchScripts } from "../script-tools/watched-scripts.ts";
import type { PhoneLink } from "./phone-link-contract.ts";

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

interface LoadScriptsDeps extends ScriptsDeps {
  readonly processes: Processes;
  /** The folder with the scripts, absolute. */
  readonly path: string;
  /** Where copies are made of what is run, absolute. */
  readonly copies: string;
}

export async function loadScripts(deps: LoadScriptsDeps): Promise<Scripts> {
  const { config, link, ownSecrets, processes, path, copies, mode, clock, log } = deps;
  const { environment: env, send, noteRun } = processes;
  const user = process.getuid?.();
  const store = link.simulator === undefined ? deps.store : FORGETFUL;
  const approved = await openApprovedScripts({ store, secrets: link.authTokens, clock, log });
  const scripts = watchScripts({ path, user, clock, log });
  if (config.toolsPath !== undefined && scripts.current().state === "none")
    log.warn({ path }, "TOOLS_DIR names a folder that does not exist: no scripts are offered");
  const own = createOwnSecrets(ownSecrets);
  const source = createScriptSource({
    ...deps,
    scripts,
    approved,
    environment: { env, ownNames: new Set(VARIABLE_NAMES), ownSecrets },
    user: user ?? NOBODY,
    send,
    noteRun,
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
