// The parsed command's tree, as far as it has to be known to find the commands in it.
import { forEachChild, type Statement, type SyntaxNode, type Word } from "unbash";

const HOLDS_COMMANDS = new Set<SyntaxNode["type"]>([
  "Script",
  "Command",
  "CompoundList",
  "Pipeline",
  "Redirected",
  "Coproc",
  "For",
  "CommandExpansion",
  "ProcessSubstitution",
  "ArithmeticCommandExpansion",
]);

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  forEachChild(node, (child) => void children.push(child));
  return children;
}

/**
 * The nearest commands and substitutions below a node, in the order of the text. Expressions can be as deep as the
 * text is long, so this does not recurse.
 */
export function commandsBelow(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const waiting = childrenOf(node).reverse();
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (HOLDS_COMMANDS.has(part.type)) found.push(part);
    else waiting.push(...childrenOf(part).reverse());
  }
  return found;
}

/** The words of an expression, `[[ … ]]`. Like above, without recursion. */
export function wordsBelow(node: SyntaxNode): readonly Word[] {
  const found: Word[] = [];
  const waiting = childrenOf(node).reverse();
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.type === "Word") found.push(part);
    else waiting.push(...childrenOf(part).reverse());
  }
  return found;
}

/** `exec` with redirections alone: they count for all that follows. */
export function isMove(command: SyntaxNode): boolean {
  return command.type === "Command" && command.name?.value === "exec" && command.args.length === 0;
}

/** `wait`, after which nothing before it still runs. */
export function isWait({ command }: Statement): boolean {
  return command.type === "Command" && command.name?.value === "wait";
}
