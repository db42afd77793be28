// Reads the arguments of every command with commander: what is to run, or the text to say instead. Runs nothing itself, so
// that an unknown word, a surplus one and a call for help can do nothing else.
import { type CommanderError, Option, Command as Parser } from "commander";
import { PROGRAM } from "../domain/own-command.ts";
import type { CommandForm, CommandInput, CommandRow } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT } from "./exit.ts";
import { DIR, HELP, VERSION } from "./general-options.ts";
import { readableWords } from "./readable-words.ts";
import { closingText, exitText, HELP_WIDTH, helpHint, type Start, usageLines, usageText } from "./usage.ts";
import { countProblem, optionProblem, sentence, valueProblem, withNearest } from "./usage-problem.ts";

/** A command that was called as it must be. */
export interface CommandCall {
  readonly kind: "call";
  readonly command: CommandRow;
  readonly input: CommandInput;
  /** What `--dir` was given, as it was typed. */
  readonly dir?: string | undefined;
  /** What to say of a mistake that only the command itself can see. */
  explain(problem: string): string;
}

/** Nothing is to run: help, the version, or what is wrong with the arguments. */
export interface LineNotice {
  readonly kind: "notice";
  readonly text: string;
  readonly to: "out" | "err";
  readonly exitCode: number;
}

/** Where the reading is: the program itself, a command, or one of its verbs. */
interface Place {
  readonly helpExit: number;
  /** The options there, and one step further. */
  readonly flags: readonly string[];
  explain(problem: string): string;
}

interface LineContext {
  readonly argv: readonly string[];
  readonly start: Start;
  readonly onCall: (call: CommandCall) => void;
}

/** Ends the reading. */
class Stop extends Error {
  readonly place: Place;
  /** What is wrong; absent when help or the version was said. */
  readonly problem: string | undefined;
  constructor(place: Place, problem: string | undefined) {
    super(problem ?? "help was asked for");
    this.place = place;
    this.problem = problem;
  }
}

/** @param argv the command's name and its own arguments */
export function readCommandLine(
  argv: readonly string[],
  { start, version }: { readonly start: Start; readonly version: string },
): CommandCall | LineNotice {
  const said = { out: "", err: "" };
  let call: CommandCall | undefined;
  const program = prepared(new Parser(PROGRAM), programPlace)
    .configureOutput({
      writeOut: (text) => {
        said.out += text;
      },
      writeErr: (text) => {
        said.err += text;
      },
      outputError: () => {},
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
    })
    .usage("<command>")
    .version(version, VERSION.flags, VERSION.about)
    .option(DIR.flags, DIR.about)
    .addHelpText("after", `\n${PROGRAM} <command> --help explains a command.\n\n${exitText()}`)
    // Or the program would find its own options among those of a command, and `ask … --version` would end with 0.
    .enablePositionalOptions();
  const onCall = (found: CommandCall) => {
    call = found;
  };
  for (const command of COMMANDS) addCommand(program, command, { argv, start, onCall });
  try {
    program.parse(readableWords(argv), { from: "user" });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { place, problem } = error;
    if (problem !== undefined) return wrong(place.explain(withNearest(problem, place.flags)));
    return said.err === ""
      ? { kind: "notice", text: said.out, to: "out", exitCode: place.helpExit }
      : wrong(said.err);
  }
  if (call === undefined) throw new Error("no command was read");
  return call;
}

const wrong = (text: string): LineNotice => ({ kind: "notice", text, to: "err", exitCode: EXIT.usage });

const programPlace: Place = {
  helpExit: EXIT.ok,
  flags: COMMANDS.flatMap(flagsOf),
  explain: (problem) => usageText([`${PROGRAM} <command>`], problem, `${PROGRAM} --help`),
};

const nameOf = (parser: Parser) => parser.name();

function prepared(parser: Parser, place: Place): Parser {
  return parser
    .exitOverride((error) => {
      throw new Stop(place, problemOf(error));
    })
    .helpOption(HELP.flags, HELP.about)
    .helpCommand(false)
    .configureHelp({ subcommandTerm: nameOf })
    .allowExcessArguments(true);
}

function addCommand(program: Parser, command: CommandRow, context: LineContext): void {
  const parser = addForm(program, command, context);
  if (command.verbs === undefined) takeCalls(parser, command, context);
  for (const verb of command.verbs ?? []) {
    takeCalls(addForm(parser, command, context, verb), command, context, verb);
  }
}

function flagsOf({ options = [], verbs = [] }: CommandRow): string[] {
  return [...options, ...verbs.flatMap((verb) => verb.options ?? []), DIR, HELP].map(({ flags }) => flags);
}

function placeOf(command: CommandRow, start: Start, verb?: CommandForm): Place {
  const [usage, hint] = [usageLines(command, start, verb), helpHint(command, start, verb)];
  return {
    helpExit: command.exits.help,
    flags: flagsOf(command),
    explain: (problem) => usageText(usage, problem, hint),
  };
}

function addForm(parent: Parser, command: CommandRow, { start }: LineContext, verb?: CommandForm): Parser {
  const { name, summary, arguments: args = [], options = [] } = verb ?? command;
  const parser = prepared(parent.command(name), placeOf(command, start, verb))
    .summary(summary)
    .description(`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`)
    .configureHelp({
      subcommandTerm: nameOf,
      commandUsage: () => usageLines(command, start, verb).join("\n       "),
    })
    .addHelpText("after", closingText(command, start, verb));
  // Whether one is missing is checked in takeCalls, in words that say what it is.
  for (const argument of args) parser.argument(`[${argument.name}]`, argument.about);
  for (const { flags, about, choices } of [...options, DIR]) {
    parser.addOption(
      choices === undefined ? new Option(flags, about) : new Option(flags, about).choices(choices),
    );
  }
  return parser;
}

function takeCalls(parser: Parser, command: CommandRow, context: LineContext, verb?: CommandForm): void {
  const { argv, start, onCall } = context;
  const form = verb ?? command;
  const place = placeOf(command, start, verb);
  parser.action(() => {
    const options = [...(form.options ?? []), DIR];
    const problem = countProblem(form, parser.args) ?? valueProblem(options, argv);
    if (problem !== undefined) throw new Stop(place, sentence(problem));
    const { dir: _, ...own } = parser.opts();
    const input = { verb: verb?.name, args: parser.args, options: own };
    onCall({ kind: "call", command, input, dir: dirOf(parser), explain: place.explain });
  });
}

/** The one that stands last: nearest to the command, or behind it. */
function dirOf(parser: Parser | null): string | undefined {
  return parser === null ? undefined : (parser.opts<{ dir?: string }>().dir ?? dirOf(parser.parent));
}

/** What commander says is wrong; undefined when it printed what was asked for, or the help in place of a command. */
function problemOf(error: CommanderError): string | undefined {
  if (/^commander\.(help|helpDisplayed|version)$/.test(error.code)) return undefined;
  return sentence(optionProblem(error) ?? error.message);
}
