// `approval-server <command>`: every command of this package from any folder. bin/launch.js runs it.
import { readCommandLine } from "../src/cli/command-line.ts";
import { packageRoot, packageVersion } from "../src/server/system.ts";
import { runLine } from "./run.ts";

/** A function, because the bundle's other files may import this one: what they wait for must not wait for them. */
export async function run(): Promise<void> {
  const line = readCommandLine(process.argv.slice(2), {
    start: "approval-server",
    version: packageVersion(),
  });
  const root = packageRoot();
  const current = process.cwd();
  if (line.kind === "call" && line.command.name === "start") {
    // The server reads its own arguments from the third place on.
    const dir = line.dir === undefined ? [] : [`--dir=${line.dir}`];
    process.argv.splice(2, process.argv.length, ...dir);
    // As npm does; it keeps the folder that it was called in, too.
    process.env["INIT_CWD"] = current;
    process.chdir(root);
    await import("../src/main.ts");
  } else {
    // Never the .env of the caller's folder: a project must not choose who approves.
    await runLine(line, { current, clone: root });
  }
}
