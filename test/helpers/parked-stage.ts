// A server that parks calls after a moment, and a stand-in for the `claude` that it resumes: a program that posts what Claude Code's
// hook posts, runs its call where it is allowed, and prints what Claude Code prints.
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Processes } from "../../src/core/ports/processes.ts";
import { createProcesses } from "../../src/server/processes.ts";
import { postHook } from "./hook-client.ts";
import { type ServerStage, type StageOptions, startStage } from "./server-stage.ts";
import { temporaryFolder } from "./temporary.ts";

export const SESSION = "9d474c58-b4db-446a-9bb9-efb62da9c029";
const TOOL_USE_ID = "toolu_01";

/** What a call is, as the hook posts it. */
interface PostedCall {
  readonly session_id?: string;
  readonly tool_name?: string;
  readonly tool_input?: Readonly<Record<string, unknown>>;
  readonly tool_use_id?: string;
  readonly permission_mode?: string;
  readonly agent_id?: string;
}

export interface ParkedStage {
  readonly folder: string;
  readonly databasePath: string;
  /** Starts a server, or the next one over the same record. */
  start(options?: StageOptions): Promise<ServerStage>;
  /** Posts a PreToolUse of `claude -p`. @returns what Claude Code would read */
  ahead(stage: ServerStage, call?: PostedCall, headers?: Readonly<Record<string, string>>): Promise<Ahead>;
  /** Starts of the stand-in, each with its arguments, its folder and its environment. */
  starts(): readonly { args: string[]; cwd: string; env: Record<string, string> }[];
  /** How often the stand-in has run its call. */
  runs(): number;
  /** The stand-in does nothing, and takes no TERM. @returns its process once it runs; undefined before */
  hang(): () => number | undefined;
  /** What the stand-in does instead of its own call: another one, or the same again. */
  plan(calls: readonly PostedCall[]): void;
}

interface Ahead {
  readonly decision: string | undefined;
  readonly reason: string | undefined;
}

export const RESUMED_CLAUDE = `
const fs = require("node:fs");
const { join } = require("node:path");
const here = __dirname;
const note = (name, text) => fs.appendFileSync(join(here, name), text + "\\n");
const print = (event) => process.stdout.write(JSON.stringify(event) + "\\n");
note("starts", JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), env: process.env }));
(async () => {
  let denied = 0;
  if (fs.existsSync(join(here, "hang"))) {
    process.on("SIGTERM", () => {});
    require("node:child_process").spawn("sleep", ["600"], { stdio: "ignore", detached: true });
    note("pid", String(process.pid));
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  }
  for (const call of JSON.parse(fs.readFileSync(join(here, "plan"), "utf8"))) {
    const response = await fetch("http://127.0.0.1:" + process.env.SERVER_PORT + "/hooks/pre-tool-use", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-approval-attended": "no",
        "x-approval-claude-pid": "4343",
        "x-approval-folder": encodeURIComponent(process.cwd()),
        ...(process.env.APPROVAL_TOKEN ? { authorization: "Bearer " + process.env.APPROVAL_TOKEN } : {}),
      },
      body: JSON.stringify({ hook_event_name: "PreToolUse", cwd: process.cwd(), ...call }),
    });
    const { hookSpecificOutput: answer } = await response.json();
    const isAllowed = answer?.permissionDecision === "allow";
    if (answer?.permissionDecision === "defer") {
      print({ type: "result", subtype: "success", is_error: false, result: "", stop_reason: "tool_deferred" });
      return;
    }
    note(isAllowed ? "runs" : "refused", JSON.stringify(call));
    denied += isAllowed ? 0 : 1;
    print({
      type: "user",
      message: { content: [{ type: "tool_result", tool_use_id: call.tool_use_id, is_error: !isAllowed }] },
    });
  }
  print({ type: "result", subtype: "success", is_error: false, result: "All done." });
})();
`;

export function setParkedStage(): ParkedStage {
  const root = realpathSync(temporaryFolder());
  const at = (name: string) => join(root, name);
  for (const name of ["web-shop", "claude", "home"]) mkdirSync(at(name), { mode: 0o755 });
  const bin = at("claude/claude");
  writeFileSync(at("claude/program.cjs"), RESUMED_CLAUDE);
  writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${at("claude/program.cjs")}' "$@"\n`, {
    mode: 0o755,
  });
  const folder = at("web-shop");
  const databasePath = at("approvals.db");
  const call = {
    session_id: SESSION,
    tool_name: "Bash",
    tool_input: { command: "npm publish", description: "Publishes it" },
    tool_use_id: TOOL_USE_ID,
    permission_mode: "default",
  };
  const plan: ParkedStage["plan"] = (calls) =>
    writeFileSync(at("claude/plan"), JSON.stringify(calls.map((each) => ({ ...call, ...each }))));
  plan([{}]);
  const lines = (name: string) =>
    existsSync(at(`claude/${name}`))
      ? readFileSync(at(`claude/${name}`), "utf8")
          .trim()
          .split("\n")
      : [];
  const real = createProcesses(process);
  const processes: Processes = {
    ...real,
    environment: {
      PATH: process.env["PATH"],
      HOME: at("home"),
      CLAUDE_CONFIG_DIR: at("home"),
      TWILIO_AUTH_TOKEN: "x",
    },
    isRunning: () => false,
    wordsOf: async () => ["claude", "-p", "go"],
  };
  return {
    folder,
    databasePath,
    start: ({ env = {}, deps = {} } = {}) =>
      startStage({
        env: {
          APPROVAL_DB: databasePath,
          PARK_AFTER_MINUTES: "0.01",
          TASK_DIRS: folder,
          CLAUDE_BIN: bin,
          ...env,
        },
        deps: { processes, ...deps },
      }),
    async ahead({ server }, fields = {}, headers = {}) {
      const body = { hook_event_name: "PreToolUse", cwd: folder, ...call, ...fields };
      const response = await postHook(server, "pre-tool-use", body, {
        headers: {
          "x-approval-attended": "no",
          "x-approval-folder": encodeURIComponent(folder),
          "x-approval-claude-pid": "4242",
          ...headers,
        },
      });
      const { hookSpecificOutput: answer } = (await response.json()) as {
        hookSpecificOutput?: { permissionDecision: string; permissionDecisionReason: string };
      };
      return { decision: answer?.permissionDecision, reason: answer?.permissionDecisionReason };
    },
    hang() {
      writeFileSync(at("claude/hang"), "");
      return () => (lines("pid").length > 0 ? Number(lines("pid")[0]) : undefined);
    },
    starts: () =>
      lines("starts").map((each) => JSON.parse(each) as ReturnType<ParkedStage["starts"]>[number]),
    runs: () => lines("runs").length,
    plan,
  };
}
