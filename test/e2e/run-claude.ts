// Runs the real CLI once in print mode, with a clean environment, its own home and the scripted model, and reads
// what it reports. The run ends by itself, by its deadline or by the caller's signal; never by a process name.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { z } from "zod";
import { PATIENCE_MS } from "../helpers/patience.ts";

/** How to run Claude Code. */
export interface ClaudeRun {
  readonly cli: string;
  /** The scripted model's base URL. */
  readonly modelUrl: string;
  /** The project's folder; Claude Code runs there. */
  readonly cwd: string;
  /** An empty folder: no settings of the person who runs the tests may count. */
  readonly home: string;
  /** A path of an MCP config file, or its JSON. Without one, what was registered in `home` counts. */
  readonly mcpConfig?: string;
  /** False: without the permission prompt tool. */
  readonly promptTool?: boolean;
  /** Further arguments, e.g. `["--permission-mode", "plan"]`. */
  readonly args?: readonly string[];
  /** Default: "go". */
  readonly prompt?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until the run is killed. Default 240 000: below the 300 000 of a test. */
  readonly timeoutMs?: number;
  /** Kills the run when it aborts. */
  readonly signal?: AbortSignal;
}

const permissionDenial = z.looseObject({
  tool_name: z.string(),
  tool_use_id: z.string(),
  tool_input: z.record(z.string(), z.unknown()),
});

const streamEvent = z.looseObject({
  type: z.string(),
  result: z.string().optional(),
  permission_denials: z.array(permissionDenial).optional(),
});

/** One line of `--output-format stream-json`. */
type StreamEvent = z.infer<typeof streamEvent>;

/** How a run ended. */
export interface ClaudeOutcome {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly events: readonly StreamEvent[];
  /** The last word of the run; absent when it ended without one. */
  readonly resultText: string | undefined;
  readonly permissionDenials: readonly z.infer<typeof permissionDenial>[];
  readonly stderr: string;
}

/** The flag's value for the server key `approval-server` of the MCP config. */
const PERMISSION_PROMPT_TOOL = "mcp__approval-server__permissions__approve";

/**
 * Runs `claude -p` to its end.
 * @throws Error when the deadline passes, the signal aborts, or a line of the output is not an event.
 */
export async function runClaude(run: ClaudeRun): Promise<ClaudeOutcome> {
  const deadline = AbortSignal.timeout(run.timeoutMs ?? 240_000);
  const child = spawn(run.cli, argumentsOf(run), {
    cwd: run.cwd,
    env: environmentOf(run),
    stdio: ["ignore", "pipe", "pipe"],
    signal: run.signal ? AbortSignal.any([deadline, run.signal]) : deadline,
    killSignal: "SIGKILL",
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    const [stdout, stderr] = await output;
    const events = eventsOf(stdout);
    const last = events.findLast((event) => event.type === "result");
    return {
      exitCode,
      events,
      resultText: last?.result,
      permissionDenials: last?.permission_denials ?? [],
      stderr,
    };
  } catch (cause) {
    const [stdout, stderr] = await output;
    const why = deadline.aborted ? "did not end in time" : "was stopped";
    throw new Error(`Claude Code ${why}.\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`, { cause });
  }
}

function argumentsOf(run: ClaudeRun): string[] {
  const mcp = run.mcpConfig === undefined ? [] : ["--mcp-config", run.mcpConfig, "--strict-mcp-config"];
  const permission = run.promptTool === false ? [] : ["--permission-prompt-tool", PERMISSION_PROMPT_TOOL];
  const output = ["--verbose", "--output-format", "stream-json"];
  return [...mcp, ...permission, ...output, ...(run.args ?? []), "-p", run.prompt ?? "go"];
}

/** Registers a server in `home`, as a person does: `claude mcp add …`. @param words the line after `claude` */
export async function registerServer(
  run: Pick<ClaudeRun, "cli" | "cwd" | "home">,
  words: readonly string[],
): Promise<void> {
  const env = environmentOf({ ...run, modelUrl: "" });
  await promisify(execFile)(run.cli, [...words], { cwd: run.cwd, env, timeout: PATIENCE_MS });
}

function environmentOf(run: Omit<ClaudeRun, "mcpConfig">): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: run.home,
    // A shell sets it; the MCP config's `${PWD}` is expanded from here.
    PWD: run.cwd,
    ANTHROPIC_BASE_URL: run.modelUrl,
    ANTHROPIC_API_KEY: "sk-ant-test",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    IS_SANDBOX: "1",
    ...run.env,
  };
}

function eventsOf(stdout: string): StreamEvent[] {
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => streamEvent.parse(JSON.parse(line)));
}
