// Parked requests, put together: where Claude may be resumed, with which environment, and what it would not ask about. Loaded only
// where calls may be parked, or an earlier run has left some.
import { homedir } from "node:os";
import { join } from "node:path";
import { type Config, secretsOf } from "../config/config.ts";
import { SECRET_NAMES } from "../config/environment.ts";
import { isStillTaskFolder } from "../config/task-folders.ts";
import type { Gate } from "../core/gate-contract.ts";
import { NO_PARKED_CALLS } from "../core/ports/parked-calls.ts";
import type { Processes } from "../core/ports/processes.ts";
import type { ParkedDeps, ParkedRequests } from "../parked/contract.ts";
import { rowSecrets } from "./seal-secrets.ts";

/** What Claude Code reads for everybody on a machine. */
const MANAGED = [
  "/etc/claude-code/managed-settings.json",
  "/Library/Application Support/ClaudeCode/managed-settings.json",
];

const NO_PROCESSES: Processes = {
  environment: {},
  isRunning: () => false,
  send: () => {},
  killMarked: () => {},
  noteRun: () => () => {},
  endLeftOver: () => 0,
  wordsOf: async () => undefined,
};

export interface OpenParkedDeps
  extends Omit<
    ParkedDeps,
    "folders" | "isStillThere" | "times" | "secrets" | "wouldAsk" | "isRunning" | "resume"
  > {
  readonly config: Config;
  readonly taskFolders: ParkedDeps["folders"];
  /** Of the phone's account; with the simulated phone they change with each start. */
  readonly authTokens: readonly string[];
  /** Absent: no process is seen, and none is ended. */
  readonly processes: Processes | undefined;
  /** The local listener. */
  readonly url: string;
}

/** @throws ConfigError when the key for the simulated phone can neither be read nor made */
export async function openParked(deps: OpenParkedDeps): Promise<ParkedRequests> {
  const mayBeUsed = deps.config.parking !== undefined || (await isAnyLeft(deps));
  return mayBeUsed ? loadParked(deps) : nothingParked(deps.gate);
}

/** Whether an earlier run has left one. What cannot be read is looked at again, and told, by whoever takes them over. */
async function isAnyLeft({ store }: Pick<OpenParkedDeps, "store">): Promise<boolean> {
  return (await store.parked().catch(() => [undefined])).length > 0;
}

function nothingParked(gate: Gate): ParkedRequests {
  return {
    ...NO_PARKED_CALLS,
    gate,
    reopen: async () => {},
    stop: async () => {},
  };
}

async function loadParked(deps: OpenParkedDeps): Promise<ParkedRequests> {
  const [
    { createParked },
    { findRules },
    { wouldAsk },
    { createResume },
    { runClaude },
    { taskEnvironment },
  ] = await Promise.all([
    import("../parked/create-parked.ts"),
    import("../parked/find-rules.ts"),
    import("../parked/own-rules.ts"),
    import("../parked/resume.ts"),
    import("../tasks/claude-process.ts"),
    import("../tasks/task-environment.ts"),
  ]);
  const { config, taskFolders, authTokens, url, clock, processes = NO_PROCESSES } = deps;
  const { environment, isRunning, send, killMarked, noteRun } = processes;
  return createParked({
    ...deps,
    folders: taskFolders,
    isStillThere: isStillTaskFolder,
    times: config.parking,
    secrets: rowSecrets(config, authTokens, config.parking !== undefined),
    isRunning,
    async wouldAsk({ call, permissionMode, startedIn = "" }, pid) {
      const folder = environment["CLAUDE_CONFIG_DIR"]?.trim() || join(homedir(), ".claude");
      const shared = [...MANAGED, join(folder, "settings.json")];
      const words = pid === undefined ? undefined : await processes.wordsOf(pid);
      const rules = await findRules({ folder: startedIn, shared, words });
      return rules !== undefined && wouldAsk(call, permissionMode, rules);
    },
    resume: createResume({
      run: (order) => runClaude({ ...order, send, killMarked, noteRun, clock }),
      bin: config.claudeBin,
      url: () => url,
      environment(folder, requester) {
        const token = requester === undefined ? config.token : config.namedTokens.get(requester);
        const own = {
          SERVER_PORT: new URL(url).port,
          ...(token === undefined ? {} : { APPROVAL_TOKEN: token }),
        };
        const [secretNames, secrets] = [SECRET_NAMES, secretsOf(config)];
        return taskEnvironment({ environment, secretNames, secrets, folder, own });
      },
    }),
  });
}
