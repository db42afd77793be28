// The scripts that are tools. What it takes to find and run them is loaded only where there is a folder for them.
import { lstatSync } from "node:fs";
import { resolve } from "node:path";
import type { ToolSource } from "../core/ports/tool-source.ts";
import { refusedResult } from "../core/refused-result.ts";
import { COMPANION_FOLDER } from "../domain/companions.ts";
import { removeCopies } from "../script-tools/copies.ts";
import { toolsFolderPath } from "./guards.ts";
import type { Scripts, ScriptsDeps } from "./loaded-scripts.ts";

/** How often it is looked whether there is a folder now, ms. */
const LOOK_INTERVAL_MS = 2_000;

export async function openScripts(deps: ScriptsDeps): Promise<Scripts> {
  const { config, home, processes, clock, log } = deps;
  if (processes === undefined) return { source: NONE, close: async () => {} };
  const path = toolsFolderPath(config, home.folder);
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const copies = resolve(home.folder, config.databasePath) + COMPANION_FOLDER.scripts;
  // Those that a crash has left, also where the folder is gone since.
  removeCopies(copies);
  let scripts: Scripts | undefined;
  let loading: Promise<void> | undefined;
  let isClosed = false;
  let stopLooking = () => {};

  const load = async () => {
    try {
      const { loadScripts } = await import("./loaded-scripts.ts");
      if (isClosed) return;
      scripts = await loadScripts({ ...deps, processes, path, copies });
      scripts.source.onChange(tell);
      tell();
    } catch (error) {
      // Nothing is offered then, and nothing runs; the next look tries again.
      loading = undefined;
      log.error({ err: error }, "the scripts could not be loaded");
    }
  };

  const look = () => {
    if (scripts !== undefined) return;
    // A folder that is named is looked at whether it is there or not: that it is missing is said.
    if (config.toolsPath !== undefined || isThere(path)) loading ??= load();
  };

  const lookOften = () => {
    look();
    if (scripts === undefined) stopLooking = clock.after(LOOK_INTERVAL_MS, lookOften);
  };

  /** As it is now. */
  const current = async () => {
    look();
    await loading;
    return scripts;
  };

  await current();
  lookOften();
  return {
    source: {
      tools() {
        look();
        return scripts?.source.tools() ?? [];
      },
      async question(name, input, requester) {
        const { question } = (await current())?.source ?? NONE;
        if (question === undefined) throw new Error("no scripts are offered");
        return question(name, input, requester);
      },
      call: async (name, input, caller) => ((await current())?.source ?? NONE).call(name, input, caller),
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    async close() {
      isClosed = true;
      stopLooking();
      await loading;
      await scripts?.close();
    },
  };
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

const NONE: ToolSource = {
  tools: () => [],
  call: async (name) => refusedResult({ code: "not_listed", message: `No script is offered as ${name}.` }),
  onChange: () => () => {},
};
