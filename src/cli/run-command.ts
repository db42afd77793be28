// Runs a command that was called as it must be, and turns whatever it throws into words and an exit code: in one place, so that
// every command says the same thing about the same mistake.
import { ConfigError } from "../domain/errors.ts";
import { type CommandContext, UsageError } from "./command.ts";
import type { CommandCall, LineNotice } from "./command-line.ts";
import { EXIT } from "./exit.ts";
import { failureText } from "./failure.ts";
import { createPaint } from "./paint.ts";

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
