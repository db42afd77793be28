// Code that stands inside an option, an operand or a variable of a program that is not an interpreter, found by the rows
// of programs/carriers.ts.
import { type Code, codeAfter, shellCode } from "./code.ts";
import { type Invocation, operandTexts, optionsOf, wordsAfter } from "./invocation.ts";
import { CARRIERS, type Carrier } from "./programs/carriers.ts";
import { listed } from "./programs/program.ts";
import { COMMAND_VARIABLES } from "./programs/variables.ts";

const BY_NAME = new Map<string, Carrier[]>();
for (const row of CARRIERS) {
  for (const name of listed(row.names)) BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), row]);
}
const COMMAND_VARIABLE = new RegExp(`^(${COMMAND_VARIABLES.join("|")})=`);

/** What the words of an invocation make the shell run. */
export function carriedCode(call: Invocation): readonly Code[] {
  const rows = BY_NAME.get(call.name) ?? [];
  return [...rows.flatMap((row) => codeOfRow(row, call)), ...codeInVariables(call)];
}

function codeOfRow(row: Carrier, call: Invocation): readonly Code[] {
  const { on, options, restAfter, anyWord, behind, told = false, find } = row;
  if (find !== undefined) return find(call);
  if (on !== undefined && operandTexts(call)[0] !== on) return [];
  if (restAfter !== undefined) {
    const words = wordsAfter(call, restAfter) ?? [];
    return words.length > 0 ? [shellCode(words, told)] : [];
  }
  const words = anyWord ? call.args : optionsOf(call).values(...listed(options));
  return words.flatMap((word) => (behind ? codeAfter(word, behind, told) : [shellCode([word], told)]));
}

/** Variables whose value another program hands to a shell. */
function codeInVariables({ assignments, name, args }: Invocation): readonly Code[] {
  const exported = name === "export" || name === "declare" || name === "" ? args : [];
  return [...assignments, ...exported].flatMap((word) => codeAfter(word, COMMAND_VARIABLE, true));
}
