// The words of a parsed command with the parts of the text that they are.
import { type Assignment, type Command, forEachChild, type SyntaxNode, type Word } from "unbash";
import { gluedWords } from "./glued-words.ts";
import { innerCommands } from "./inner-commands.ts";
import { type Invocation, invocationOf } from "./invocation.ts";
import { readsText } from "./programs/text-readers.ts";
import { readGlued, readRedirection } from "./redirections.ts";
import { fixedWord, NO_FLOW, type ShellWord } from "./shell-word.ts";

const MAX_CHAIN = 12;

/** @param source the text that the offsets count in. A word that is not there as it stands, or that stands for several, has no part. */
export function wordsOf(
  node: Command,
  source?: string,
): { readonly call: Invocation; readonly nodes: ReadonlyMap<ShellWord, Word | Assignment> } {
  const nodes = new Map<ShellWord, Word | Assignment>();
  const flowOf = () => NO_FLOW;
  const glued = gluedWords(node);
  // They are parts of a word that has none: what is in them is looked into all the same.
  const inner = [...glued.assignments, ...glued.words].flatMap(([, ...more]) => more);
  for (const part of [...glued.targets, ...inner]) nodes.set(fixedWord(part.text), part);
  const words = glued.words.flatMap((parts) => {
    const [part, ...more] = parts;
    const read = readGlued(parts, flowOf);
    const [only] = read;
    if (more.length > 0) {
      nodes.set(fixedWord(part.text), part);
      return read;
    }
    if (only !== undefined && read.length === 1 && source?.slice(part.pos, part.end) === part.text)
      nodes.set(only, part);
    return read;
  });
  const redirections = node.redirects.map((part) => readRedirection(part, flowOf));
  return { call: invocationOf(words, { assignments: [], redirections }), nodes };
}

/** A command and what it runs through its arguments, the innermost last. */
export function chainOf(call: Invocation): readonly Invocation[] {
  const chain = [call];
  for (let at = 0; at < chain.length && chain.length < MAX_CHAIN; at += 1)
    chain.push(...innerCommands(chain[at] as Invocation));
  return chain;
}

export function innermost(call: Invocation): Invocation {
  return chainOf(call).at(-1) ?? call;
}

/** A program that only reads data. A name with a folder of its own may be any program. */
export function isTextReader({ name, command }: Invocation): boolean {
  return (
    readsText(name) && command?.fixed === true && /^((\/usr)?(\/local)?\/s?bin\/)?[^/]+$/.test(command.text)
  );
}

/** The outermost parts of a word that the shell puts something else in place of. */
export function expansionsIn(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const waiting = [node];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (/Expansion$|^ProcessSubstitution$|Glob$/.test(part.type)) found.push(part);
    else forEachChild(part, (child) => void waiting.push(child));
  }
  return found;
}
