// A server whose tasks run the stand-in for Claude, with folders that tasks may work in.
import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { onTestFinished } from "vitest";
import type { Processes } from "../../src/core/ports/processes.ts";
import { createProcesses } from "../../src/server/processes.ts";
import { TEST_MS } from "./patience.ts";
import { type ServerStage, startStage } from "./server-stage.ts";
import { temporaryFolder } from "./temporary.ts";

const STAND_IN = fileURLToPath(new URL("stand-in-claude.mjs", import.meta.url));

/** What a task tool answers. */
interface TaskAnswerShape {
  ok: boolean;
  session_id: string;
  status: string;
  summary: string;
  result: { output_text: string; verdict?: string };
  artifacts: { name: string; path: string; bytes: number }[];
  warnings: string[];
  errors: { code: string; message: string }[];
  [key: string]: unknown;
}

interface StandInStart {
  args: string[];
  prompt: string;
  cwd: string;
  env: Record<string, string>;
  token: string;
}

export interface TaskStage extends ServerStage {
  /** A folder of TASK_DIRS: its real path. */
  readonly folder: string;
  readonly root: string;
  call(name: string, input: object, options?: TaskCallOptions): Promise<TaskAnswerShape>;
  /** How the stand-in was started, each time. */
  starts(): StandInStart[];
  /** Taps a button of the nth request. */
  tap(index: number, action: "approve" | "deny"): Promise<void>;
}

interface TaskCallOptions {
  token?: string;
  signal?: AbortSignal;
  onProgress?: (message: string) => void;
}

export async function startTaskStage(
  options: {
    env?: Record<string, string>;
    serverEnv?: Record<string, string>;
    root?: string;
    processes?: Processes;
  } = {},
): Promise<TaskStage> {
  const root = options.root ?? realpathSync(temporaryFolder());
  const folder = join(root, "web-shop");
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const notes = join(root, "starts.jsonl");
  const stage = await startStage({
    env: {
      TASKS: "on",
      TASK_DIRS: folder,
      CLAUDE_BIN: STAND_IN,
      APPROVAL_DB: join(root, "data", "approvals.db"),
      ...options.env,
    },
    deps: {
      processes: {
        ...createProcesses(process),
        environment: { PATH: process.env["PATH"], HOME: root, STAND_IN_NOTES: notes, ...options.serverEnv },
        ...options.processes,
      },
    },
  });
  return {
    ...stage,
    folder,
    root,
    call: (name, input, call) => callTaskTool(stage.server.localUrl, name, input, call),
    starts: () =>
      readFileSync(notes, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as StandInStart),
    async tap(index, action) {
      await stage.phone.tap((await stage.request(index)).sid, action);
    },
  };
}

async function callTaskTool(
  url: string,
  name: string,
  input: object,
  { token, signal, onProgress }: TaskCallOptions = {},
): Promise<TaskAnswerShape> {
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }),
  );
  onTestFinished(() => client.close());
  const result = await client.callTool(
    { name, arguments: { ...input } },
    {
      timeout: TEST_MS,
      ...(signal === undefined ? {} : { signal }),
      onprogress: ({ message }) => onProgress?.(message ?? ""),
    },
  );
  return result.structuredContent as TaskAnswerShape;
}
