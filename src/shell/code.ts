// Text that a command runs as code.
import { type Flow, joinFlows, type ShellWord } from "./shell-word.ts";

export interface Code {
  /** Shell code is read again, other languages are not. */
  readonly shell: boolean;
  /** Absent when it is only known when it runs. */
  readonly text?: string | undefined;
  /** Where the text comes from. */
  readonly flow: Flow;
  /** Whether the person is told that it is code; false for what is merely another way to write a command. */
  readonly told: boolean;
  /** Whether it is what standard input holds. */
  readonly fromInput?: boolean | undefined;
}

/** Words joined as `eval` joins them. */
export function shellCode(words: readonly ShellWord[], told: boolean): Code {
  const text = words.map((word) => word.text).join(" ");
  return { shell: true, text, flow: joinFlows(words.map(({ flow }) => flow)), told };
}

/** What follows a prefix in a word, `alias x=…`; nothing where the word has no such prefix. */
export function codeAfter(word: ShellWord, prefix: RegExp, told = false): readonly Code[] {
  const start = prefix.exec(word.text)?.[0].length;
  return start === undefined ? [] : [{ shell: true, text: word.text.slice(start), flow: word.flow, told }];
}
