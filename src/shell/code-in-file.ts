// A program's file that is no file of the disk: standard input, or what another command puts out. That is code on the command line.
import type { Code } from "./code.ts";
import type { Invocation } from "./invocation.ts";
import { programOf } from "./programs/programs.ts";
import type { ShellWord } from "./shell-word.ts";

const STANDARD_INPUT = /^(-|\/dev\/(stdin|fd\/0)|\/proc\/self\/fd\/0)$/;

/** @param file where the program stands; without one it is read from standard input */
export function codeInFile(
  { input, name }: Invocation,
  file: ShellWord | undefined,
  shell: boolean,
): readonly Code[] {
  if (file !== undefined && !STANDARD_INPUT.test(file.text)) {
    const piped = file.pieces.some(({ text, kind }) => kind === "expansion" && text.startsWith("<("));
    return piped ? [{ shell, flow: file.flow, told: true }] : [];
  }
  if (input === undefined || input.fromFile || input.text === "") return [];
  if (file === undefined && programOf(name).interprets?.as === "source") return [];
  return [{ shell, ...input, told: true, fromInput: true }];
}
