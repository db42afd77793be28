// Puts the tasks together: what runs Claude, what holds it, and the tools by which callers have it run. Loaded only where they are on.
import { dirname, join, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { SECRET_NAMES } from "../config/environment.ts";
import type { Home } from "../config/home.ts";
import { isStillTaskFolder } from "../config/task-folders.ts";
import type { GatedCalls } from "../core/gated-call.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { Log } from "../core/ports/log.ts";
import type { Processes } from "../core/ports/processes.ts";
import type { TaskRunner } from "../core/ports/task-runner.ts";
import type { TaskStore } from "../core/ports/task-store.ts";
import type { TaskTools } from "../core/ports/task-tools.ts";
import { TASK_ARTIFACTS } from "../domain/companions.ts";
import type { TaskFolder } from "../domain/task-folder.ts";
import type { TaskGuard } from "../tasks/task-guard.ts";
import { urlHost } from "./listener.ts";
import type { RuntimeStatusDeps } from "./runtime-status.ts";
import type { SealSecrets } from "./seal-secrets.ts";

/** Addresses that listen on every one, and that nobody can call. */
const EVERYWHERE: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

export interface OpenTasksDeps extends RuntimeStatusDeps {
  readonly config: Config;
  readonly home: Home;
  readonly taskFolders: readonly TaskFolder[];
  readonly taskGuard: TaskGuard;
  /** Without it tasks are off. */
  readonly processes: Processes | undefined;
  readonly ownSecrets: readonly string[];
  /** Of the local listener. */
  readonly port: number;
  readonly store: TaskStore & RuntimeStatusDeps["store"];
  readonly sealSecrets: SealSecrets;
  readonly mode: ModeKeeper;
  readonly inspector: Inspector;
  readonly gatedCalls: GatedCalls;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Tasks {
  readonly source: TaskTools;
  readonly runner: TaskRunner;
  /** Stops what is at work: it can be continued. */
  close(): Promise<void>;
}

/** @returns undefined where tasks are off */
export async function openTasks(deps: OpenTasksDeps): Promise<Tasks | undefined> {
  const { config, home, taskFolders: folders, processes, ownSecrets, port, store, clock, log } = deps;
  const interrupted = await store.interruptTasks(clock.now());
  if (interrupted > 0) log.warn({ interrupted }, "tasks of the last run were under way: interrupted");
  if (config.tasks === undefined || processes === undefined) return undefined;
  const [{ createTaskRunner }, { createSessions }, { createTaskSource }, { createRuntimeStatus }] =
    await Promise.all([
      import("../tasks/runner.ts"),
      import("../tasks/sessions.ts"),
      import("../tasks/task-source.ts"),
      import("./runtime-status.ts"),
    ]);
  const { turnMs, maxAsked } = config.tasks;
  const url = `http://${urlHost(EVERYWHERE[config.host] ?? config.host)}:${port}`;
  const room = {
    ...deps,
    folders,
    isStillFolder: isStillTaskFolder,
    guard: deps.taskGuard,
    claude: {
      bin: config.claudeBin,
      environment: processes.environment,
      secretNames: SECRET_NAMES,
      secrets: ownSecrets,
      url,
      send: processes.send,
      killMarked: processes.killMarked,
      noteRun: processes.noteRun,
    },
    sealSecrets: deps.sealSecrets(),
    turnMs,
    maxAsked,
    askMs: config.timeoutMs,
    artifactsFolder: join(dirname(resolve(home.folder, config.databasePath)), TASK_ARTIFACTS),
  };
  const sessions = createSessions(room);
  const runner = await createTaskRunner(room, sessions);
  const source = createTaskSource({
    ...room,
    sessions,
    runtimeStatus: createRuntimeStatus(deps, () => ({ underWay: sessions.underWay(), folders })),
  });
  return { source, runner, close: () => sessions.close() };
}
