// Code in the words of a program that a row of programs/carriers.ts cannot point at: one function for each such language.

import { awkPrograms } from "./awk-program.ts";
import { type Code, codeAfter, shellCode } from "./code.ts";
import { type Invocation, leadingOptions, optionsOf, wordsAfter } from "./invocation.ts";
import { BANG_SETTINGS, RUN_SETTINGS } from "./programs/git-settings.ts";
import { listed } from "./programs/program.ts";
import { readSedScript, sedScripts } from "./sed-script.ts";
import { fixedWord, type ShellWord, wordOf } from "./shell-word.ts";

/** Text of another language, which is not read again. */
function foreignCode({ text, flow }: ShellWord): Code {
  return { shell: false, text, flow, told: true };
}

/** The first word, but only where another follows: `trap` with one word resets a signal. */
export function trapCode({ args }: Invocation): readonly Code[] {
  const words = args[0]?.text === "--" ? args.slice(1) : args;
  return words.length > 1 ? [shellCode(words.slice(0, 1), false)] : [];
}

/** Options may also follow the host, and are not part of what runs there. Without a command, its shell reads the input. */
export function remoteCode(call: Invocation): readonly Code[] {
  const [host, ...rest] = leadingOptions(call).operands;
  const { operands } = leadingOptions({ ...call, args: rest });
  if (operands.length > 0) return [shellCode(operands, false)];
  const { input } = call;
  if (host === undefined || input?.text === undefined || input.text === "") return [];
  return [{ shell: true, text: input.text, flow: input.flow, told: false, fromInput: true }];
}

/** Awk's program is not shell code, but may hold some: `system("…")`, `… | getline`, `print | "…"`. */
export function awkCode(call: Invocation): readonly Code[] {
  return awkPrograms(call)
    .filter(
      ({ text, flow }) =>
        flow.download || /\bsystem\s*\(|(?<!\|)\|&?\s*("|getline\b|[a-z_]\w*\s*[;}])|"\/inet\d?\//.test(text),
    )
    .map(foreignCode);
}

export function sedCode(call: Invocation): readonly Code[] {
  return sedScripts(call).flatMap((word) => {
    const { commands, runsUnknown } = readSedScript(word.text);
    const run = commands.map((text) => ({ ...shellCode([fixedWord(text)], true), flow: word.flow }));
    return runsUnknown ? [...run, foreignCode(word)] : run;
  });
}

/** Commands of an editor or a debugger, `-c '!rm x'`: after `!` and `shell` stands shell code. */
export function editorCode(options: string) {
  return (call: Invocation): readonly Code[] => {
    const plus = call.args
      .filter(({ text }) => text.startsWith("+"))
      .map((word) => fixedWord(word.text.slice(1)));
    return [...optionsOf(call, options).values(...listed(options)), ...plus].flatMap((word) => {
      const run = /(?:^|[\s:|])(?:!|shell\s|terminal\s|ter\s)(.*)$/s.exec(word.text)?.[1];
      if (run !== undefined && run !== "") return [shellCode([fixedWord(run)], true)];
      return RUNS_CODE.test(word.text) ? [foreignCode(word)] : [];
    });
  };
}

const RUNS_CODE =
  /\b(system(list)?\s*\(|py(thon|thon3|3|x)?\b|lua\b|perl\b|ruby\b|source\b|so(urce)?!?\s|jobstart|termopen|call\s+(libcall|system)|script\b|platform\s+shell)/;

/** `less +!rm`: what a pager is told to do first. */
export function pagerCode({ args }: Invocation): readonly Code[] {
  return args.flatMap((word) => codeAfter(word, /^\+{1,2}\s*(!|\||&)/, true));
}

/** Lines of an editor's input that begin with `!`. */
export function edLines({ input }: Invocation): readonly Code[] {
  if (input?.flow.download && input.text === undefined) return [{ shell: false, ...input, told: true }];
  const lines = (input?.text ?? "").split("\n").map((line) => /^\s*(?:\d+|%|\.)?\s*:?!(.+)$/.exec(line)?.[1]);
  return lines.flatMap((line) => (line === undefined ? [] : [shellCode([fixedWord(line)], true)]));
}

/** Subcommands of tmux and screen behind which a command stands, or text that is typed into a terminal. */
const TYPES = ["send-keys", "send", "send-key"];
const STARTS =
  "new-session new new-window neww split-window splitw respawn-pane respawnp respawn-window respawnw run-shell run if-shell if pipe-pane pipep display-popup popup";
const KEY = /^(Enter|C-\w|M-\w|Space|Tab|Escape|KPEnter|BSpace|Up|Down)$/i;
const TERMINAL_VALUED = "-f -L -S -t -s -n -c -F -x -y -e -l -p -T -d -N";

export function terminalCode(call: Invocation): readonly Code[] {
  const typed = TYPES.flatMap((name) => wordsAfter(call, name, TERMINAL_VALUED) ?? []);
  // In front of the subcommand `-d` takes no value.
  const started = listed(STARTS).flatMap(
    (name) => wordsAfter(call, name, TERMINAL_VALUED.replace(" -d", "")) ?? [],
  );
  const keys = typed.filter(({ text }) => !KEY.test(text));
  const stuffed = call.name === "screen" ? stuffedText(call) : [];
  return [keys, started, stuffed].filter((words) => words.length > 0).map((words) => shellCode(words, false));
}

/** `screen -X stuff 'rm x\n'`. */
function stuffedText({ args }: Invocation): readonly ShellWord[] {
  const at = args.findIndex(({ text }) => /^(stuff|exec)$/.test(text));
  const text = args[at + 1]?.text.replace(/\\n|\^M|\\r/g, "\n");
  return at < 0 || text === undefined ? [] : [fixedWord(text)];
}

const RUN_SETTING = settingPattern(RUN_SETTINGS);
const BANG_SETTING = settingPattern(BANG_SETTINGS);

function settingPattern(names: readonly string[]): string {
  return names.map((name) => name.replaceAll(".", "\\.").replaceAll("*", "[^=\\n]*")).join("|");
}

/** `-c core.pager=…`, `-ccore.pager=…`, `--config=core.pager=…`, and the name and the value of `git config`. */
const SETTING = new RegExp(
  `^(?:-[a-z]*c|--config=|--config-env=)?(?:(?:${RUN_SETTING})=|(?:${BANG_SETTING})=\\s*!)`,
  "i",
);
const SETTING_NAME = new RegExp(`^(?:(${RUN_SETTING})|${BANG_SETTING})$`, "i");

/** The settings among the words of git whose value it has a shell run. */
export function settingCode({ args }: Invocation): readonly Code[] {
  const given = args.flatMap((word) =>
    word.text.startsWith("--config-env") ? [] : codeAfter(word, SETTING, true),
  );
  // Where a variable's name stands for the value, nobody here knows it.
  const named = args.flatMap((word) =>
    /^--config-env=/.test(word.text) && SETTING.test(word.text)
      ? [{ shell: true, flow: word.flow, told: true }]
      : [],
  );
  const config = args.some(({ text }) => text === "config")
    ? args.flatMap((word, at) => codeInValue(word, args[at + 1]))
    : [];
  return [...given, ...named, ...config];
}

function codeInValue(name: ShellWord, value: ShellWord | undefined): readonly Code[] {
  const match = SETTING_NAME.exec(name.text);
  if (match === null || value === undefined) return [];
  return match[1] === undefined ? codeAfter(value, /^\s*!/, true) : [shellCode([value], true)];
}

/** `GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0=… git`. */
export function settingsInVariables({ assignments }: Invocation): readonly Code[] {
  return assignments.flatMap((word) => {
    if (word.text.startsWith("GIT_CONFIG_PARAMETERS=")) {
      const isRun = new RegExp(`'(${RUN_SETTING}|${BANG_SETTING})`, "i").test(word.text);
      return isRun ? [foreignCode(word)] : [];
    }
    const [, number, setting = ""] = /^GIT_CONFIG_KEY_(\d+)=(.*)$/s.exec(word.text) ?? [];
    const start = `GIT_CONFIG_VALUE_${number}=`;
    const value = number === undefined ? undefined : assignments.find(({ text }) => text.startsWith(start));
    return value === undefined
      ? []
      : codeInValue(wordOf([{ kind: "text", text: setting }]), fixedWord(value.text.slice(start.length)));
  });
}
