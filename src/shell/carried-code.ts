// Commands that stand inside an option or an operand of programs that are not interpreters: `su -c`, `ssh host …`.
import type { Code } from "./code.ts";
import { type Invocation, optionsOf } from "./invocation.ts";
import { readOptions } from "./options.ts";
import { joinFlows, type ShellWord } from "./shell-word.ts";

/** What the words of an invocation make the shell run, by program. */
export function carriedCode(invocation: Invocation): readonly Code[] {
  const carrier = CARRIERS.get(invocation.name);
  return [...(carrier?.(invocation) ?? []), ...commandsInVariables(invocation)];
}

const CARRIERS = new Map<string, (invocation: Invocation) => readonly Code[]>([
  ["su", (call) => code(optionsOf(call, { valued: ["-c", "-s", "-g", "-G"] }).values("-c", "--command"))],
  ["runuser", (call) => code(optionsOf(call, { valued: ["-c", "-u", "-s"] }).values("-c", "--command"))],
  [
    "flock",
    (call) => code(optionsOf(call, { valued: ["-c", "--command", "-w", "-E"] }).values("-c", "--command")),
  ],
  ["script", (call) => code(optionsOf(call, { valued: ["-c"] }).values("-c", "--command"))],
  ["trap", ({ args }) => (args.length > 1 ? code(args.slice(0, 1)) : [])],
  ["alias", ({ args }) => args.flatMap((word) => valueAfter(word, /^[^=]+=/))],
  ["ssh", remoteCommand],
  ["tar", tarCommands],
  ["git", gitCommands],
  ["awk", awkCommands],
  ["gawk", awkCommands],
  ["mawk", awkCommands],
]);

const COMMAND_VARIABLE = /^(GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|PROMPT_COMMAND|GIT_PROXY_COMMAND|LESSOPEN)=/;

/** Variables whose value another program hands to a shell. */
function commandsInVariables({ assignments, name, args }: Invocation): readonly Code[] {
  const exported = name === "export" || name === "declare" || name === "" ? args : [];
  return [...assignments, ...exported].flatMap((word) => valueAfter(word, COMMAND_VARIABLE, true));
}

/** Options of ssh that take a value, from its manual page. */
const SSH_VALUED = "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -R -S -W -w".split(" ");

function remoteCommand(call: Invocation): readonly Code[] {
  const options = optionsOf(call, { valued: SSH_VALUED, stopAtOperand: true });
  // Options may also follow the host.
  const command = readOptions(options.operands.slice(1), {
    valued: SSH_VALUED,
    stopAtOperand: true,
  }).operands;
  return [
    ...(command.length > 0 ? code([joined(command)]) : []),
    ...options
      .values("-o")
      .flatMap((word) => valueAfter(word, /^(Proxy|Local|KnownHosts)Command[= ]/i, true)),
  ];
}

function tarCommands(call: Invocation): readonly Code[] {
  const options = optionsOf(call, { valued: ["-I", "-F", "-f", "-C", "-T", "-X"] });
  return [
    ...options.values("--checkpoint-action").flatMap((word) => valueAfter(word, /^exec=/, true)),
    ...code(options.values("--to-command", "--use-compress-program", "-I", "--info-script", "-F"), true),
  ];
}

function gitCommands(call: Invocation): readonly Code[] {
  const { values, operands } = optionsOf(call, {
    valued: ["-C", "-c", "-x", "--exec", "--git-dir", "--work-tree", "--namespace"],
  });
  const settings = values("-c").flatMap((word) =>
    valueAfter(
      word,
      /^(alias\.[^=]*=!|core\.(sshCommand|pager|editor|fsmonitor|gitProxy)=|sequence\.editor=)/i,
      true,
    ),
  );
  const subcommand = operands[0]?.text;
  if (subcommand === "rebase") return [...settings, ...code(values("-x", "--exec"))];
  const each = subcommand === "submodule" && operands[1]?.text === "foreach" ? operands.slice(2) : [];
  return [...settings, ...(each.length > 0 ? code([joined(each)]) : [])];
}

/** Awk's own ways out: `system("…")`, `… | getline`, `print | "…"`. */
function awkCommands(call: Invocation): readonly Code[] {
  const options = optionsOf(call, { valued: ["-F", "-v", "-f"], stopAtOperand: true });
  if (options.values("-f").length > 0) return [];
  const programs = options.operands
    .slice(0, 1)
    .filter(({ text }) => /\bsystem\s*\(|\|\s*("|getline\b)/.test(text));
  return programs.map(({ text, flow }) => ({ shell: false, text, flow, told: true }));
}

function code(words: readonly ShellWord[], told = false): Code[] {
  return words.map(({ text, flow }) => ({ shell: true, text, flow, told }));
}

function joined(words: readonly ShellWord[]): ShellWord {
  const pieces = words.flatMap((word) => [...word.pieces, { kind: "text" as const, text: " " }]);
  const text = words.map((word) => word.text).join(" ");
  return {
    text,
    pieces,
    fixed: words.every(({ fixed }) => fixed),
    flow: joinFlows(words.map(({ flow }) => flow)),
  };
}

function valueAfter(word: ShellWord, prefix: RegExp, told = false): readonly Code[] {
  const start = prefix.exec(word.text)?.[0].length;
  return start === undefined ? [] : [{ shell: true, text: word.text.slice(start), flow: word.flow, told }];
}
