// Programs of which one subcommand or action runs another program: `find -exec`, `npm exec`, `docker exec`.
import { type Invocation, isOneOf, optionsOf } from "./invocation.ts";
import { readOptions } from "./options.ts";
import { type ShellWord, wordOf } from "./shell-word.ts";

interface Runner {
  /** The subcommands that run something. */
  readonly by: readonly string[];
  readonly valued?: readonly string[];
  /** Operands between the subcommand and the inner command. */
  readonly skip?: number;
}

const CONTAINER: Runner = {
  by: ["exec"],
  valued: [
    "-e",
    "-u",
    "-w",
    "-n",
    "-c",
    "--env",
    "--user",
    "--workdir",
    "--env-file",
    "--namespace",
    "--container",
  ],
  skip: 1,
};

const RUNNERS = new Map<string, Runner>([
  ["npm", { by: ["exec", "x"], valued: ["-p", "-w", "--package", "--workspace", "--prefix", "-C"] }],
  ["pnpm", { by: ["dlx", "exec"], valued: ["-C", "--package", "--filter", "-F", "--dir"] }],
  ["yarn", { by: ["dlx", "exec"], valued: ["-p", "--package", "--cwd"] }],
  ["bun", { by: ["x"] }],
  [
    "uv",
    { by: ["run"], valued: ["--with", "--python", "-p", "--project", "--directory", "--extra", "--group"] },
  ],
  ["poetry", { by: ["run"], valued: ["-C", "--directory", "-P", "--project"] }],
  ["pipenv", { by: ["run"] }],
  ["bundle", { by: ["exec"] }],
  ["mise", { by: ["exec", "x"] }],
  ["docker", CONTAINER],
  ["podman", CONTAINER],
  ["kubectl", CONTAINER],
]);

/** Programs that walk folders and print or use the names. */
export const isFinder = isOneOf("find fd fdfind");
const FIND_ACTIONS = new Set(["-exec", "-execdir", "-ok", "-okdir"]);
const FD_ACTIONS = new Set(["-x", "-X", "--exec", "--exec-batch"]);

/** The word lists that an invocation runs as commands. */
export function runnerWords(outer: Invocation): readonly (readonly ShellWord[])[] {
  if (isFinder(outer.name)) return actions(outer.args, outer.name === "find" ? FIND_ACTIONS : FD_ACTIONS);
  if (outer.name === "git") return bisectWords(outer);
  const runner = RUNNERS.get(outer.name);
  if (runner === undefined) return [];
  const form = { valued: runner.valued ?? [], stopAtOperand: true };
  const [subcommand, ...rest] = optionsOf(outer, form).operands;
  if (subcommand === undefined || !runner.by.includes(subcommand.text)) return [];
  const { operands } = readOptions(rest, form);
  const words = operands.slice(runner.skip ?? 0);
  return [words[0]?.text === "--" ? words.slice(1) : words];
}

function actions(args: readonly ShellWord[], names: ReadonlySet<string>): (readonly ShellWord[])[] {
  const found: (readonly ShellWord[])[] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (!names.has(args[at]?.text ?? "")) continue;
    const start = at + 1;
    while (at + 1 < args.length && !/^[;+]$/.test(args[at + 1]?.text ?? "")) at += 1;
    found.push(args.slice(start, at + 1).map((word) => fillIn(word, "{}")));
  }
  return found;
}

function bisectWords(outer: Invocation): (readonly ShellWord[])[] {
  const { operands } = optionsOf(outer, {
    valued: ["-C", "-c", "--git-dir", "--work-tree"],
    stopAtOperand: true,
  });
  return operands[0]?.text === "bisect" && operands[1]?.text === "run" ? [operands.slice(2)] : [];
}

/** Marks where the outer program puts something: that text is not known here. */
export function fillIn(word: ShellWord, placeholder: string): ShellWord {
  if (placeholder === "" || !word.text.includes(placeholder)) return word;
  const pieces = word.text
    .split(placeholder)
    .flatMap((text, index) => [
      ...(index > 0 ? [{ kind: "expansion" as const, text: PUT_IN }] : []),
      ...(text === "" ? [] : [{ kind: "text" as const, text }]),
    ]);
  return wordOf(pieces, word.flow);
}

/** Reads as an expansion wherever the word is parsed again. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
const PUT_IN = "${input}";
