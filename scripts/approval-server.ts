// `approval-server <command>`: every command of this package from any folder. bin/approval-server.js starts it.
import { join } from "node:path";
import dotenv from "dotenv";
import { VARIABLE_NAMES } from "../src/config/environment.ts";
import { packageRoot, packageVersion } from "../src/server/system.ts";

interface Command {
  readonly does: string;
  /** Where it works: in the server's own folder, as `npm run` does, or in the caller's, which is its project. */
  readonly folder: "server" | "caller";
  load(): Promise<unknown>;
}

/** Adding one is a line. */
const COMMANDS: Readonly<Record<string, Command>> = {
  start: { does: "starts the server", folder: "server", load: () => import("../src/main.ts") },
  ask: {
    does: "asks for approval of an action, for scripts",
    folder: "caller",
    load: () => import("./ask.ts"),
  },
  demo: {
    does: "asks for approval of a harmless command",
    folder: "caller",
    load: () => import("./demo.ts"),
  },
  doctor: {
    does: "checks everything that must fit together",
    folder: "server",
    load: () => import("./doctor.ts"),
  },
  "setup-template": {
    does: "creates the templates in your Twilio account",
    folder: "server",
    load: () => import("./setup-template.ts"),
  },
  hooks: {
    does: "lets interactive sessions of Claude Code ask the phone",
    folder: "caller",
    load: () => import("./hooks.ts"),
  },
  policy: {
    does: "checks policy.json, and says what it decides about a call",
    folder: "server",
    load: () => import("./policy.ts"),
  },
  resume: { does: "ends a panic or a pause", folder: "server", load: () => import("./resume.ts") },
  stdio: {
    does: "the running server for MCP clients over stdio",
    folder: "caller",
    load: () => import("./stdio.ts"),
  },
};

const USAGE = [
  "Usage: approval-server <command>",
  "",
  ...Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(16)}${does}`),
  "",
  "  --version, --help",
  "",
].join("\n");

/**
 * Settings come from the environment and the server's own .env. What neither sets becomes empty, which counts as not
 * set and keeps the commands from reading a .env of the caller's folder: a project must not choose who approves.
 */
function settle(root: string): void {
  dotenv.config({ path: join(root, ".env"), quiet: true });
  for (const name of VARIABLE_NAMES) process.env[name] ??= "";
}

async function main(name: string | undefined): Promise<void> {
  if (name === "--version" || name === "-v") return void process.stdout.write(`${packageVersion()}\n`);
  if (name === "--help" || name === "-h" || name === "help") return void process.stdout.write(USAGE);
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(
      name === undefined ? USAGE : `There is no command ${JSON.stringify(name)}.\n${USAGE}`,
    );
    process.exitCode = 2;
    return;
  }
  // The command reads its own arguments from the third place on.
  process.argv.splice(2, 1);
  if (command.folder === "server") process.chdir(packageRoot());
  else settle(packageRoot());
  await command.load();
}

await main(process.argv[2]);
