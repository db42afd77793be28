// What agent_get_runtime_status says: how the server stands and how it is configured. Fields are named one by one: what is added to
// the configuration is not told before somebody has decided so.
import type { Config } from "../config/config.ts";
import { phoneText } from "../domain/names.ts";
import type { TaskFolder } from "../domain/task-folder.ts";
import { createHealth, type HealthDeps } from "./health.ts";

export interface RuntimeStatusDeps extends Omit<HealthDeps, "config"> {
  readonly config: Config;
  /** Keys of templates that are not known yet. */
  readonly missingTemplates: () => readonly string[];
}

interface TaskCounts {
  readonly underWay: number;
  readonly folders: readonly TaskFolder[];
}

/** @returns what a caller is told; one with a token of its own hears nothing of the others, nor of the configuration */
export function createRuntimeStatus(
  deps: RuntimeStatusDeps,
  tasks: () => TaskCounts,
): (requester: string | undefined) => Promise<object> {
  const { config, version, mode, gate, missingTemplates } = deps;
  const health = createHealth(deps);
  return async (requester) => {
    const { underWay, folders } = tasks();
    const common = {
      mode: mode.current().kind,
      versions: { server: version, node: process.version },
      task_folders: folders.map(({ path }) => path),
    };
    const own = gate.waiting().filter((request) => request.requester === requester);
    if (requester !== undefined) return { ...common, requester, queue: { waiting: own.length } };
    const { approvers, policy, sending, waiting, grants, ...rest } = (await health()) as Record<
      string,
      unknown
    >;
    const missing = missingTemplates();
    return {
      ...common,
      status: rest["status"],
      problem: rest["problem"],
      policy,
      /** Each phone's WhatsApp window. */
      windows: approvers,
      templates: { missing },
      queue: { waiting, sending, grants, tasks: underWay },
      started_at: rest["startedAt"],
      webhook: rest["webhook"],
      configuration: configurationOf(config),
    };
  };
}

function configurationOf(config: Config): object {
  const { phone, tasks, limits } = config;
  return {
    host: config.host,
    server_port: config.serverPort,
    webhook_port: config.webhookPort,
    phone: phone.kind,
    sender: senderOf(phone),
    approvers: config.approvers.map(phoneText),
    token: config.token === undefined ? "not set" : "set",
    named_tokens: [...config.namedTokens.keys()],
    verify_replies: config.verifyReplies,
    approval_timeout_seconds: config.timeoutMs / 1000,
    session_grant_minutes: config.grantMs / 60_000,
    hook_grace_seconds: config.hookGraceMs / 1000,
    done_messages: config.doneMessages,
    keep_alive: config.keepAlive,
    confirm: config.confirm,
    max_open_requests: limits.open,
    max_requests_per_minute: limits.perMinute,
    database: config.databasePath,
    policy_file: config.policyPath,
    task_dirs: config.taskDirs,
    claude_bin: config.claudeBin,
    tasks: tasks === undefined ? "off" : "on",
    task_minutes: tasks === undefined ? undefined : tasks.turnMs / 60_000,
    task_approvals: tasks?.maxAsked,
  };
}

function senderOf(phone: Config["phone"]): string | undefined {
  if (phone.kind === "none") return undefined;
  return phone.kind === "twilio" ? phone.twilio.from : phone.from;
}
