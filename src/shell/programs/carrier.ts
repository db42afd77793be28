// The form of a row of the carriers: where a program that is no interpreter takes code.
import type { Code } from "../code.ts";
import type { Invocation } from "../invocation.ts";

export interface Carrier {
  /** Program names, separated by spaces. */
  readonly names: string;
  /** Only with this as its first operand. */
  readonly on?: string;
  /** Options whose values are code. */
  readonly options?: string;
  /** Whether all that follows this subcommand is code. */
  readonly restAfter?: string;
  /** Operands in between. */
  readonly skip?: number;
  /** Options that name a file of code: only one that stands on the command line itself is code here, `-f -` and `-f <(…)`. */
  readonly files?: string;
  /** Whether each operand is code. */
  readonly operands?: true;
  /** Whether every argument may hold code. */
  readonly anyWord?: true;
  /** What stands in front of the code in such a word; without it the word is no code. */
  readonly behind?: RegExp;
  /** Whether it is not the shell's code, and so is not read again. */
  readonly isForeign?: true;
  /** Whether the person is told that it is code; absent for what is merely another way to write a command. */
  readonly told?: true;
  /** For what a row cannot say: see the reason at each. */
  readonly find?: (call: Invocation) => readonly Code[];
}
