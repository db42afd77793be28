// Code that stands inside an option, an operand or a variable of a program that is not an interpreter, found by the rows
// of programs/carriers.ts.
import { type Code, codeAfter, shellCode } from "./code.ts";
import { codeInFile } from "./code-in-file.ts";
import { codeInIndex } from "./evaluated-text.ts";
import { type Invocation, operandTexts, optionsOf, wordsAfter } from "./invocation.ts";
import type { Carrier } from "./programs/carrier.ts";
import { CARRIERS } from "./programs/carriers.ts";
import { listed } from "./programs/program.ts";
import { COMMAND_VARIABLES, ORDINARY_PROGRAM } from "./programs/variables.ts";
import type { ShellWord } from "./shell-word.ts";

const BY_NAME = new Map<string, Carrier[]>();
for (const row of CARRIERS) {
  for (const name of listed(row.names)) BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), row]);
}
/** `LESSOPEN` has a `|` in front of its command. */
const COMMAND_VARIABLE = new RegExp(`^(${COMMAND_VARIABLES.join("|")})\\+?=(\\|{1,2}-?)?`);
/** Builtins whose words are assignments. */
const EXPORTS: ReadonlySet<string> = new Set(["export", "declare", "typeset", "readonly", ""]);

/** What the words of an invocation make a shell or another language run. */
export function carriedCode(call: Invocation): readonly Code[] {
  const rows = BY_NAME.get(call.name);
  if (rows === undefined) return [];
  const first = operandTexts(call)[0];
  const here = rows.filter(({ on }) => on === undefined || on === first);
  return here.flatMap((row) => codeOfRow(row, call)).map(quieten);
}

/** Variables whose value another program hands to a shell. */
export function codeInVariables(call: Invocation): readonly Code[] {
  const words = assignmentsOf(call);
  if (words.length === 0) return [];
  const run = words.flatMap((word) => codeAfter(word, COMMAND_VARIABLE, true)).map(quieten);
  return [...run, ...words.flatMap(codeInIndex)];
}

/** `NAME=value` in front of a command, or exported. */
export function assignmentsOf({ assignments, name, args }: Invocation): readonly ShellWord[] {
  return EXPORTS.has(name) ? [...assignments, ...args] : assignments;
}

function codeOfRow(row: Carrier, call: Invocation): readonly Code[] {
  const { options, restAfter, operands, anyWord, behind, isForeign, told = false, find, files } = row;
  if (find !== undefined) return find(call);
  if (files !== undefined)
    return optionsOf(call, files)
      .values(...listed(files))
      .flatMap((file) => codeInFile(call, file, !isForeign));
  if (restAfter !== undefined) {
    const rest = (wordsAfter(call, restAfter) ?? []).slice(row.skip ?? 0);
    const words = rest[0]?.text === "--" ? rest.slice(1) : rest;
    return words.length > 0 ? [shellCode(words, told)] : [];
  }
  const read = anyWord ? undefined : optionsOf(call, options);
  const words =
    read === undefined ? call.args : [...read.values(...listed(options)), ...(operands ? read.operands : [])];
  const codes = words.flatMap((word) => (behind ? codeAfter(word, behind, told) : [shellCode([word], told)]));
  return isForeign ? codes.map((code) => ({ ...code, shell: false })) : codes;
}

/** A program that people set every day is nothing to be told of. */
function quieten(code: Code): Code {
  return code.told && ORDINARY_PROGRAM.test(code.text ?? "?") ? { ...code, told: false } : code;
}
