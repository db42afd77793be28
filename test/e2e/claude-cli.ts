// Finds the real Claude Code, or installs it on demand into a cache folder that git ignores: about 360 MB, so
// never a dependency. A CLI that cannot be had is an error: an end-to-end run must not pass by skipping.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { cacheFolder, INSTALL_TIMEOUT_MS, installInto } from "./npm-cache.ts";

/** The version on which the facts about Claude Code were measured. */
const CLAUDE_VERSION = "2.1.329";

const PACKAGE = "@anthropic-ai/claude-code";
const CACHE_DIR = cacheFolder("claude-code");
const PACKAGE_DIR = `${CACHE_DIR}/node_modules/${PACKAGE}`;
/** The package's only `bin`, under this name on every platform; its install script puts the native binary there. */
const BINARY = `${PACKAGE_DIR}/bin/claude.exe`;

const run = promisify(execFile);

/**
 * Returns the path of a Claude Code binary that starts, installing it first where needed.
 * `CLAUDE_CLI=<path>` takes that binary instead, whatever its version.
 * @throws Error when the binary cannot be installed or does not start.
 */
export async function ensureClaudeCli(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const chosen = env["CLAUDE_CLI"];
  if (chosen) {
    if ((await versionOf(chosen)) === undefined) throw new Error(`CLAUDE_CLI=${chosen} does not start.`);
    return chosen;
  }
  if ((await versionOf(BINARY)) === CLAUDE_VERSION) return BINARY;
  await install();
  const version = await versionOf(BINARY);
  if (version === CLAUDE_VERSION) return BINARY;
  const found = version === undefined ? "does not start" : `is version ${version}`;
  throw new Error(`Claude Code was installed, but ${BINARY} ${found}. ${ADVICE}`);
}

const ADVICE =
  `The end-to-end tests need ${PACKAGE}@${CLAUDE_VERSION} from the npm registry. ` +
  "Delete .cache/claude-code and try again, or point CLAUDE_CLI at a claude binary that you have.";

/** The version that `<binary> --version` prints, or undefined when it does not run. */
async function versionOf(binary: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(binary, ["--version"], { timeout: PATIENCE_MS });
    return /^(\d+\.\d+\.\d+\S*) \(Claude Code\)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * npm may leave out a package's install script, by its version or its settings; here that script only links the
 * platform package's binary into place, with no download, so it is left out always and then run by name.
 * The package asks for Node 22 in `engines`, but what runs is the native binary.
 */
async function install(): Promise<void> {
  try {
    await installInto(CACHE_DIR, `${PACKAGE}@${CLAUDE_VERSION}`);
    await run(process.execPath, ["install.cjs"], { timeout: INSTALL_TIMEOUT_MS, cwd: PACKAGE_DIR });
  } catch (cause) {
    throw new Error(`Claude Code could not be installed. ${ADVICE}\n${String(cause)}`, { cause });
  }
}
