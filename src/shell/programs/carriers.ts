// Programs that are not interpreters, and yet have a shell run what stands in one of their options or operands.
import { type Code, shellCode } from "../code.ts";
import { type Invocation, leadingOptions } from "../invocation.ts";

export interface Carrier {
  /** Program names, separated by spaces. */
  readonly names: string;
  /** Only with this as its first operand. */
  readonly on?: string;
  /** Options whose values are code. */
  readonly options?: string;
  /** Whether all that follows this subcommand is code. */
  readonly restAfter?: string;
  /** Whether every argument may hold code. */
  readonly anyWord?: true;
  /** What stands in front of the code in such a word; without it the word is no code. */
  readonly behind?: RegExp;
  /** Whether the person is told that it is code; absent for what is merely another way to write a command. */
  readonly told?: true;
  /** For what a row cannot say: see the reason at each. */
  readonly find?: (call: Invocation) => readonly Code[];
}

/** `-c alias.x=!…`, `-calias.x=!…`, `--config=alias.x=!…`: settings of git whose value is run. */
const GIT_SETTING =
  /^(-[a-zA-Z]*c|--config=)?(alias\.[^=]*=!|core\.(sshCommand|pager|editor|fsmonitor|gitProxy)=|sequence\.editor=)/i;

export const CARRIERS: readonly Carrier[] = [
  { names: "su runuser flock script", options: "-c --command" },
  { names: "alias", anyWord: true, behind: /^[^=]+=/ },
  { names: "trap", find: trapped },
  { names: "ssh", find: remoteCommand },
  { names: "ssh", options: "-o", behind: /^(Proxy|Local|KnownHosts)Command[= ]/i, told: true },
  { names: "tar", options: "--checkpoint-action", behind: /^exec=/, told: true },
  { names: "tar", options: "--to-command --use-compress-program -I --info-script -F", told: true },
  // Behind a subcommand git takes a setting only for clone; pointing at a word that only looks like one does no harm.
  { names: "git", anyWord: true, behind: GIT_SETTING, told: true },
  { names: "git", on: "rebase", options: "-x --exec" },
  { names: "git", restAfter: "submodule foreach" },
  { names: "awk gawk mawk", find: awkCommands },
];

/** The first word, but only where another follows: `trap` with one word resets a signal. */
function trapped({ args }: Invocation): readonly Code[] {
  return args.length > 1 ? [shellCode(args.slice(0, 1), false)] : [];
}

/** Options may also follow the host, and are not part of what runs there. */
function remoteCommand(call: Invocation): readonly Code[] {
  const { operands } = leadingOptions({ ...call, args: leadingOptions(call).operands.slice(1) });
  return operands.length > 0 ? [shellCode(operands, false)] : [];
}

/** Awk's program is not shell code, but may hold some: `system("…")`, `… | getline`, `print | "…"`. */
function awkCommands(call: Invocation): readonly Code[] {
  const options = leadingOptions(call);
  if (options.values("-f").length > 0) return [];
  const programs = options.operands
    .slice(0, 1)
    .filter(({ text }) => /\bsystem\s*\(|\|\s*("|getline\b)/.test(text));
  return programs.map(({ text, flow }) => ({ shell: false, text, flow, told: true }));
}
