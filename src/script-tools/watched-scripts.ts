// The scripts as they are now. The folder is looked at before every use, so that no notice of the file system can be missed,
// and every few seconds besides, so that clients hear of a change and a mistake is in the log before it matters.
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import {
  type FoundScripts,
  findScripts,
  folderStamp,
  loadScript,
  type ScriptFolder,
} from "./find-scripts.ts";
import type { ReadScript } from "./script-file.ts";

/** ms. A look is one `stat` a file. */
const LOOK_INTERVAL_MS = 2_000;

export interface WatchedScripts {
  /** What the folder has, for a list. */
  current(): FoundScripts;
  /** One script, read from the disk now; undefined where there is none of that name. */
  load(name: string): ReadScript | undefined;
  onChange(listener: () => void): () => void;
  close(): void;
}

export interface WatchedScriptsDeps extends ScriptFolder {
  readonly clock: Clock;
  readonly log: Log;
}

export function watchScripts({ clock, log, ...folder }: WatchedScriptsDeps): WatchedScripts {
  const listeners = new Set<() => void>();
  let seen = folderStamp(folder);
  let now = findScripts(folder);
  tell(new Set());
  let stopLooking = clock.after(LOOK_INTERVAL_MS, look);

  function look(): void {
    stopLooking = clock.after(LOOK_INTERVAL_MS, look);
    current();
  }

  function current(): FoundScripts {
    const stamp = folderStamp(folder);
    if (stamp === seen) return now;
    const before = now;
    now = findScripts(folder, before.scripts);
    // The stamp was taken before reading: a change in between is read again next time.
    seen = stamp;
    tell(new Set(before.problems));
    for (const listener of listeners) listener();
    return now;
  }

  function tell(known: ReadonlySet<string>): void {
    const { state, scripts, problems } = now;
    if (state !== "none") log.info({ folder: folder.path, scripts: [...scripts.keys()] }, "scripts as tools");
    for (const problem of problems)
      if (!known.has(problem)) log.warn({ problem }, "a script is not offered as a tool");
  }

  return {
    current,
    load: (name) => loadScript(folder, name, now.scripts),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => stopLooking(),
  };
}
