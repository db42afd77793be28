// `approval-server completion <shell>`: prints the shell's completion, made of the table of commands. A person sources it.
import type { CommandContext, CommandInput, CommandRow } from "../command.ts";
import { EXIT } from "../exit.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { completedForms } from "./words.ts";
import { zshCompletion } from "./zsh.ts";

const SCRIPTS = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

/** @param commands the table: what is completed */
export function completionOf(
  commands: readonly CommandRow[],
): (input: CommandInput, context: CommandContext) => Promise<number> {
  return async ({ args: [shell = ""] }, { out }) => {
    // The table of commands lets no other through.
    out(SCRIPTS.get(shell)?.(completedForms(commands)) ?? "");
    return EXIT.ok;
  };
}
