// The risks of one program run: its own, by the tables of dangers, and those that any program can have.
import { assignmentsOf } from "./carried-code.ts";
import { type Invocation, leadingOptions, optionsOf } from "./invocation.ts";
import { dangersOf, HAVE_SUBCOMMANDS } from "./programs/dangers/dangers.ts";
import { riskyPlaces } from "./programs/dangers/places.ts";
import { isRemoteShellCode, tcpDangers } from "./programs/dangers/remote-shell.ts";
import { LOADING_VARIABLES, NO_HISTORY, UNCHECKED_TLS } from "./programs/variables.ts";
import { queryDangers } from "./queries/query-dangers.ts";
import type { FoundRisk } from "./risk.ts";
import type { ShellWord } from "./shell-word.ts";

/** @param folder where the command has gone before it, as far as its words tell */
export function risksOfCall(call: Invocation, folder?: string): readonly FoundRisk[] {
  const found: FoundRisk[] = [
    ...(onlyExplains(call) ? [] : dangersOf(call)),
    ...queryDangers(call),
    ...riskyPlaces(call, folder),
    ...tcpDangers(call, false),
  ];
  if ((call.command && isUnknown(call.command)) || hasUnknownSubcommand(call))
    found.push({ risk: "unknown-command" });
  if (call.command?.flow.download) found.push({ risk: "download-to-shell" });
  if ([...call.assignments, ...call.args].some(({ text }) => UNCHECKED_TLS.has(text)))
    found.push({ risk: "weaken-protection" });
  if (assignmentsOf(call).some(({ text }) => NO_HISTORY.test(text)))
    found.push({ risk: "weaken-protection", says: "removes the traces of what was done" });
  if (assignmentsOf(call).some(isLoading)) found.push({ risk: "load-code" });
  if (emptiesBare(call)) found.push({ risk: "lose-files", says: "empties a file, or makes an empty one" });
  if (writesRemoteShell(call)) {
    found.push({ risk: "remote-shell", says: "writes a program that can give a remote machine a shell" });
  }
  return found;
}

/** A name in a folder that a well-known variable names is still that name. */
function isUnknown({ pieces }: ShellWord): boolean {
  return pieces.some(({ kind, text }) => kind !== "text" && !/^\$(HOME|PWD|\{HOME\}|\{PWD\})$/.test(text));
}

/** `git $x -fdx`: what the program does is as unknown as a program whose name is not known. */
function hasUnknownSubcommand(call: Invocation): boolean {
  const first = HAVE_SUBCOMMANDS.has(call.name) ? leadingOptions(call).operands[0] : undefined;
  return first !== undefined && !first.fixed;
}

/**
 * Whether it only shows how it is used: `--help` comes before any file that could be touched, or behind the words of a
 * subcommand. Some programs take what follows a file's name for another file.
 */
function onlyExplains(call: Invocation): boolean {
  const { args, name } = call;
  const at = args.findIndex(({ text }) => text.startsWith("-"));
  const option = args[at]?.text;
  if (option !== "--help" && !(option === "--version" && at === 0)) return false;
  return at === 0 || (HAVE_SUBCOMMANDS.has(name) && optionsOf(call).has("--help"));
}

function isLoading({ text }: ShellWord): boolean {
  const [, name = "", value = ""] = /^(\w+)\+?=(.*)$/s.exec(text) ?? [];
  return (
    name !== "" && LOADING_VARIABLES.some((row) => row.name.test(name) && (row.value?.test(value) ?? true))
  );
}

/** `> file` alone, and `: > file`. */
function emptiesBare({ name, assignments, redirections }: Invocation): boolean {
  if (!/^:?$/.test(name) || assignments.length > 0) return false;
  return redirections.some(
    ({ truncates, target }) => truncates && !/^(\/dev\/|\/tmp\/|\/var\/tmp\/|$)/.test(target.text),
  );
}

/** The text of such a program, on its way into a file. */
function writesRemoteShell({ name, args, input, redirections }: Invocation): boolean {
  if (!/^(echo|printf|cat|tee)$/.test(name)) return false;
  if (name !== "tee" && !redirections.some(({ writes }) => writes)) return false;
  return isRemoteShellCode([...args.map(({ text }) => text), input?.text ?? ""].join("\n"));
}
