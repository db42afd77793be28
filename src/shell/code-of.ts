// Finds the code that a command runs: `bash -c`, `eval`, a script on standard input, `python -c`, and their relatives.
import { carriedCode, codeInVariables } from "./carried-code.ts";
import { type Code, shellCode } from "./code.ts";
import { codeInFile } from "./code-in-file.ts";
import { innerCommands, wrappedTexts } from "./inner-commands.ts";
import { type Invocation, leadingOptions, operandTexts } from "./invocation.ts";
import { type Interpreting, listed } from "./programs/program.ts";
import { programOf } from "./programs/programs.ts";
import { fixedWord, type ShellWord } from "./shell-word.ts";

/** The code that an invocation runs, as far as the command line holds it. */
export function codeOf(call: Invocation): readonly Code[] {
  return [
    ...wrappedTexts(call).map((words) => shellCode(words, false)),
    ...interpretedCode(call),
    ...carriedCode(call),
    ...codeInVariables(call),
  ];
}

function interpretedCode(call: Invocation): readonly Code[] {
  const { interprets, wraps } = programOf(call.name);
  switch (interprets?.as) {
    case "eval":
      return call.args.length === 0 ? [] : [shellCode(call.args, true)];
    case "shell":
      return shellProgram(call);
    case "source":
      return codeInFile(call, call.args[0], true);
    case "input":
      return codeInFile(call, undefined, true);
    case "other":
      return otherProgram(call, interprets);
    default: {
      const opensShell = wraps?.orShell === true && innerCommands(call).length === 0;
      const runsLines = wraps?.throughShell === true && wrappedTexts(call).length === 0;
      return opensShell || runsLines ? codeInFile(call, undefined, true) : [];
    }
  }
}

function shellProgram(call: Invocation): readonly Code[] {
  // `+x` switches off what `-x` switches on.
  const args = call.args.map((word) =>
    /^\+[a-zA-Z]/.test(word.text) ? fixedWord(`-${word.text.slice(1)}`) : word,
  );
  const options = leadingOptions({ ...call, args });
  const [first] = options.operands;
  if (options.has("-c", "--command")) return first ? [shellCode([first], true)] : [];
  return codeInFile(call, options.has("-s") ? undefined : first, true);
}

function otherProgram(call: Invocation, { code, evalSubcommand }: Interpreting): readonly Code[] {
  const { args } = call;
  if (evalSubcommand !== undefined) {
    const isEval = operandTexts(call)[0] === evalSubcommand;
    return isEval ? [otherCode(args.slice(args.findIndex(({ text }) => text === evalSubcommand) + 1))] : [];
  }
  const names = listed(code);
  const options = leadingOptions(call, `${code ?? ""} -m`.trim());
  const given = options.values(...names);
  if (given.length > 0) return [otherCode(given)];
  if (options.values("-m").length > 0 || options.has(...names, "--version", "--help", "-v", "-V", "-h"))
    return [];
  return codeInFile(call, options.operands[0], false);
}

function otherCode(words: readonly ShellWord[]): Code {
  return { ...shellCode(words, true), shell: false };
}
