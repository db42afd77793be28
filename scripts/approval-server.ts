// `approval-server <command>`: every command of this package from any folder. bin/approval-server.js starts it.
import { join } from "node:path";
import { readCommandLine } from "../src/cli/command-line.ts";
import { packageRoot, packageVersion } from "../src/server/system.ts";
import { runLine } from "./run.ts";

const line = readCommandLine(process.argv.slice(2), { start: "approval-server", version: packageVersion() });
const root = packageRoot();
// As npm does; a command about its caller stays in the caller's folder.
if (line.kind === "call" && line.command.folder === "server") process.chdir(root);
if (line.kind === "call" && line.command.name === "start") {
  // The server reads its own arguments from the third place on.
  process.argv.splice(2, 1);
  await import("../src/main.ts");
} else {
  // Never the .env of the caller's folder: a project must not choose who approves.
  await runLine(line, join(root, ".env"));
}
