// Runs a command that was called as it must be, and turns whatever it throws into words and an exit code: in one place, so that
// every command says the same thing about the same mistake.
import { existsSync } from "node:fs";
import { ConfigError } from "../domain/errors.ts";
import { visibleLine } from "../domain/visible.ts";
import { type CommandContext, UsageError } from "./command.ts";
import type { CommandCall, LineNotice } from "./command-line.ts";
import { EXIT } from "./exit.ts";
import { failureText } from "./failure.ts";
import { createPaint } from "./paint.ts";

/** A folder that was mistyped has no settings and no data: the command would answer about another server, or about none. */
function warnOfNoHome({ folder }: CommandCall["command"], { home, err }: CommandContext): void {
  if (folder !== "server" || home.kind !== "chosen" || existsSync(home.folder)) return;
  err(
    `! The folder ${visibleLine(home.folder)} is not there: only the environment and the defaults count.\n`,
  );
}

/** @returns the exit code. Never rejects. */
export async function runCommand(line: CommandCall | LineNotice, context: CommandContext): Promise<number> {
  if (line.kind === "notice") {
    context[line.to](line.text);
    return line.exitCode;
  }
  const { load, exits } = line.command;
  try {
    if (load === undefined) throw new Error(`${line.command.name} is no command of this program`);
    const run = await load();
    if (line.command.needsNoHome !== true) warnOfNoHome(line.command, context);
    return await run(line.input, context);
  } catch (error) {
    if (error instanceof UsageError) {
      context.err(line.explain(error.message));
      return EXIT.usage;
    }
    if (context.signal.aborted) {
      context.err("Interrupted: nobody waits for the answer any more.\n");
      return EXIT.interrupted;
    }
    context.err(failureText(error, createPaint(context.colours.err)));
    return error instanceof ConfigError ? exits.configuration : exits.failed;
  }
}
