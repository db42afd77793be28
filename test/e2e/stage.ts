// Everything that one end-to-end test needs: the real server, its phone, a scripted model, a project folder and a
// way to run the real CLI in it. All of it is the test's own and goes with it.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFailed, onTestFinished } from "vitest";
import { COMMAND } from "../helpers/command-line.ts";
import { openPhone, type Phone } from "../helpers/phone-client.ts";
import { type ServerProcess, startServer } from "../helpers/server-process.ts";
import { type ClaudeOutcome, registerServer, runClaude } from "./run-claude.ts";
import { type ScriptedModel, type Step, startScriptedModel } from "./scripted-model.ts";

/** The file that users name on the command line: it takes the port from the launching shell's SERVER_PORT. */
const MCP_CONFIG = fileURLToPath(new URL("../../mcp-servers.json", import.meta.url));

/** One test's world. */
export interface Stage {
  readonly server: ServerProcess;
  readonly phone: Phone;
  readonly model: ScriptedModel;
  /** Name of the project's folder, as the phone shows it. */
  readonly project: string;
  /** That folder, and the home of whoever works in it. */
  readonly folder: string;
  readonly home: string;
  /** A path inside the project's folder. */
  path(file: string): string;
  /** Runs Claude Code in the project until it ends; `timeoutMs` as in run-claude.ts. */
  runClaude(timeoutMs?: number): Promise<ClaudeOutcome>;
}

/** What differs from test to test. */
export interface StageOptions {
  /** From `ensureClaudeCli`. */
  readonly cli: string;
  /** The model's turns; a function gets the project's folder. */
  readonly script: (path: (file: string) => string) => readonly Step[];
  /** The server's settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the project's folder. Default: one of its own. */
  readonly folderName?: string;
  /** False: `claude -p` runs without the permission prompt tool. */
  readonly promptTool?: boolean;
  /** Further arguments of `claude`. */
  readonly args?: readonly string[];
  /** What the person types. Default: as in run-claude.ts. */
  readonly prompt?: string;
  /** The words of a `claude mcp add` line that replaces the MCP config file; `approval-server` is a command then. */
  readonly register?: (port: string) => readonly string[];
  /** The MCP config in place of the shipped file, as a path or JSON. @param url of the server */
  readonly mcpConfig?: (url: string) => string | Promise<string>;
  /** The server's policy.json. */
  readonly policy?: object;
  /** The servers of its gateway.json. */
  readonly gateway?: object;
}

/** The server with its phone, in a folder that goes with the test. */
export interface ServerStage {
  readonly root: string;
  readonly server: ServerProcess;
  readonly phone: Phone;
}

/** Starts the built server on free ports and registers its end with the running test. */
export async function setServer({
  env,
  policy,
  gateway,
}: Pick<StageOptions, "env" | "policy" | "gateway"> = {}): Promise<ServerStage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "approval-e2e-")));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  const dir = join(root, "server");
  await mkdir(dir);
  if (policy !== undefined) {
    await writeFile(join(dir, "policy.json"), JSON.stringify(policy), { mode: 0o600 });
  }
  if (gateway !== undefined) {
    await writeFile(join(dir, "gateway.json"), JSON.stringify({ mcpServers: gateway }), { mode: 0o600 });
  }
  const server = await startServer({ dir, ...(env && { env }) });
  onTestFinished(async () => void (await server.stop()));
  onTestFailed(() => void process.stderr.write(`The server printed:\n${server.output()}\n`));
  const phone = await openPhone(server.phoneUrl);
  onTestFinished(() => phone.close());
  return { root, server, phone };
}

/** Starts everything on free ports and registers its removal with the running test. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { root, server, phone } = await setServer(options);
  const home = join(root, "home");
  const projects = join(root, "projects");
  const commands = join(root, "commands");
  await Promise.all([home, projects, commands].map((dir) => mkdir(dir)));
  const projectDir =
    options.folderName === undefined
      ? await mkdtemp(join(projects, "web-shop-"))
      : join(projects, options.folderName);
  await mkdir(projectDir, { recursive: true });
  const path = (file: string) => join(projectDir, file);
  const model = await startScriptedModel(options.script(path));
  onTestFinished(() => model.close());
  const port = new URL(server.url).port;
  const where = { cli: options.cli, cwd: projectDir, home };
  const mcpConfig = (await options.mcpConfig?.(server.url)) ?? MCP_CONFIG;
  if (options.register !== undefined) {
    // As `npm link` does.
    await symlink(COMMAND, join(commands, "approval-server"));
    await registerServer(where, options.register(port));
  }

  return {
    server,
    phone,
    model,
    project: basename(projectDir),
    folder: projectDir,
    home,
    path,
    runClaude(timeoutMs) {
      const stopped = new AbortController();
      const outcome = runClaude({
        ...where,
        modelUrl: model.url,
        ...(options.register === undefined ? { mcpConfig } : {}),
        ...(options.args && { args: options.args }),
        ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
        ...(options.promptTool === undefined ? {} : { promptTool: options.promptTool }),
        env: { SERVER_PORT: port, PATH: `${commands}${delimiter}${process.env["PATH"] ?? ""}` },
        signal: stopped.signal,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      const ending = outcome.then(describeRun, String);
      onTestFinished(async () => {
        stopped.abort();
        await ending;
      });
      onTestFailed(async () => {
        stopped.abort();
        process.stderr.write(`Claude Code's run:\n${await ending}\n`);
      });
      return outcome;
    },
  };
}

function describeRun({ exitCode, events, stderr }: ClaudeOutcome): string {
  const lines = events.map((event) => JSON.stringify(event).slice(0, 500));
  return `exit code ${exitCode}\n${lines.join("\n")}\n${stderr}`;
}
