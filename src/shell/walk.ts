// Goes through a parsed command in the shell's order, follows code into strings, and notes every step on the way. What
// flows from one command into the next is carried along: that is how a download is seen to reach a shell.
import { type Command, type ParsedScript, parse, type Statement, type SyntaxNode } from "unbash";
import { createAssigned } from "./assigned.ts";
import type { Code } from "./code.ts";
import { codeOf } from "./code-of.ts";
import { codeInIndex, namesAsPrompts } from "./evaluated-text.ts";
import { gluedWords, isOddList } from "./glued-words.ts";
import { innerCommands } from "./inner-commands.ts";
import { baseName, type Input, type Invocation, invocationOf, type Redirection } from "./invocation.ts";
import { joinOutputs, outputOf, ownFlow } from "./output.ts";
import { inputOf, readGlued, readRedirection } from "./redirections.ts";
import type { Risk } from "./risk.ts";
import { type Flow, fixedWord, joinFlows, NO_FLOW, readWord } from "./shell-word.ts";
import { commandsBelow, isMove, isWait, wordsBelow } from "./syntax.ts";

/** Builtins whose words are assignments. */
const SETS_VARIABLES: ReadonlySet<string> = new Set(["export", "declare", "typeset", "local", "readonly"]);

/** How deep wrappers and code in strings are followed into each other. */
const MAX_DEPTH = 12;

/** One thing that a command does, in the order in which the shell comes to it; wrappers stand before what they run. */
export type Step =
  | { readonly kind: "run"; readonly call: Invocation }
  /** Redirections of a group of commands, `{ …; } > file`: a call without a name. */
  | { readonly kind: "group"; readonly call: Invocation }
  /** Text that a call runs as code. Where it is shell code, what it runs follows. */
  | { readonly kind: "code"; readonly code: Code; readonly call: Invocation };

/** What was found. */
export interface Walked {
  readonly steps: readonly Step[];
  /** Those that the command's form has: no single step shows them. */
  readonly risks: ReadonlySet<Risk>;
}

interface Scene {
  /** What the commands here read; absent when that is the caller's own input. */
  readonly input?: Input | undefined;
  readonly depth: number;
}

/** Words looked at and UTF-16 units of code in strings parsed: enough for any honest command of the longest length. */
const MAX_WORDS = 20_000;
const MAX_CODE_LENGTH = 65_536;

/** @param read parses the code in strings */
export function walk(script: ParsedScript, read: (code: string) => ParsedScript = parse): Walked {
  const risks = new Set<Risk>();
  const steps: Step[] = [];
  const assigned = createAssigned();
  /** What comes in through descriptors other than standard input. */
  let numbered = NO_FLOW;
  /** What the last `exec < …` has made of standard input. */
  let moved: Input | undefined;
  let wordsLeft = MAX_WORDS;
  let codeLeft = MAX_CODE_LENGTH;

  function visitScript(node: ParsedScript, scene: Scene): Input {
    if (node.errors?.length) risks.add("unreadable");
    return visitAll(node.commands, scene);
  }

  function noteOpened(redirections: readonly Redirection[]): void {
    for (const { opens } of redirections) if (opens !== undefined) numbered = joinFlows([numbered, opens]);
  }

  function visitAll(list: readonly Statement[], scene: Scene): Input {
    const lastWait = list.findLastIndex(isWait);
    let here = scene;
    return joinOutputs(
      list.map((statement, index) => {
        if (statement.background && index > lastWait) risks.add("outlive");
        const output = visit(statement.command, here);
        // `exec < file` changes what all that follows reads.
        if (isMove(statement.command)) here = { ...here, input: moved ?? here.input };
        return output;
      }),
    );
  }

  function visit(node: SyntaxNode, scene: Scene): Input {
    switch (node.type) {
      case "Command":
        return visitCommand(node, scene);
      case "Script":
        return visitScript(node, scene);
      case "CompoundList":
        return visitAll(node.commands, scene);
      case "Pipeline": {
        let { input } = scene;
        for (const stage of node.commands) input = visit(stage, { ...scene, input });
        return input ?? { flow: NO_FLOW };
      }
      case "Redirected": {
        const redirections = node.redirects.map((redirect) =>
          readRedirection(redirect, (part) => flowIn(part, scene)),
        );
        steps.push({ kind: "group", call: invocationOf([], { assignments: [], redirections }) });
        noteOpened(redirections);
        return visit(node.command, { ...scene, input: inputOf(redirections, numbered) ?? scene.input });
      }
      case "CommandExpansion":
      case "ArithmeticCommandExpansion":
      case "ProcessSubstitution": {
        // Only `>(…)` reads what the scene holds.
        const reads = node.type === "ProcessSubstitution" && node.operator === ">";
        return node.script === undefined
          ? { flow: NO_FLOW }
          : visitScript(node.script, { depth: scene.depth, input: reads ? scene.input : undefined });
      }
      case "For":
        for (const word of (node.wordlist ?? []).flatMap((each) => readWord(each)))
          if (word.fixed) assigned.note(fixedWord(`${node.name.value}=${word.text}`));
        return visitParts(node, scene);
      case "Coproc": {
        risks.add("outlive");
        const output = visitParts(node, scene);
        numbered = joinFlows([numbered, output.flow]);
        return output;
      }
      case "TestCommand":
        for (const code of wordsBelow(node)
          .flatMap((word) => readWord(word))
          .flatMap(codeInIndex))
          visitCode(code, invocationOf([], { assignments: [], redirections: [] }), scene.depth + 1);
        return visitParts(node, scene);
      default:
        return visitParts(node, scene);
    }
  }

  /** Whatever commands are in loops, conditions and expressions. */
  function visitParts(node: SyntaxNode, scene: Scene): Input {
    return joinOutputs(commandsBelow(node).map((part) => visit(part, scene)));
  }

  function flowIn(part: SyntaxNode, scene: Scene): Flow {
    // Most words: nothing in them is filled in.
    if (part.type === "Word" && part.parts === undefined) return NO_FLOW;
    return visitParts(part, scene).flow;
  }

  function visitCommand(node: Command, scene: Scene): Input {
    // What `>(…)` among the words reads: all that this command puts out.
    const glued = gluedWords(node);
    const [named] = glued.words[0] ?? [];
    const name = named?.type === "Word" ? baseName(named.value) : "";
    const outgoing = { flow: joinFlows([scene.input?.flow ?? NO_FLOW, ownFlow(name)]) };
    const flowOf = (part: SyntaxNode) => flowIn(part, { depth: scene.depth, input: outgoing });
    const redirections = node.redirects.map((redirect) => readRedirection(redirect, flowOf));
    // The parser takes `X=(a $(rm b))c` for plain text: what is in the list runs all the same.
    if (glued.all.some(([part]) => part.type === "Assignment" && isOddList(part)))
      risks.add("not-fully-checked");
    for (const part of glued.targets) flowOf(part);
    const assignments = glued.assignments.flatMap((parts) => readGlued(parts, flowOf));
    const words = glued.words.flatMap((parts) => readGlued(parts, flowOf));
    noteOpened(redirections);
    const redirected = inputOf(redirections, numbered);
    if (isMove(node)) moved = redirected;
    const input = redirected ?? scene.input;
    const call = invocationOf(words, { assignments, redirections, input });
    for (const word of [...assignments, ...(SETS_VARIABLES.has(call.name) ? call.args : [])])
      assigned.note(word);
    for (const name of assignments.flatMap(namesAsPrompts).concat(words.flatMap(namesAsPrompts)))
      for (const code of assigned.asPrompts(name)) visitCode(code, call, scene.depth + 1);
    const calls = [call, ...assigned.readings(call)];
    return joinOutputs(calls.map((each) => visitInvocation(each, scene.depth)));
  }

  function visitInvocation(call: Invocation, depth: number): Input {
    wordsLeft -= call.args.length + 1;
    steps.push({ kind: "run", call });
    if (depth >= MAX_DEPTH || wordsLeft < 0) {
      risks.add("not-fully-checked");
      return { flow: NO_FLOW };
    }
    const outputs = [
      ...innerCommands(call).map((inner) => visitInvocation(inner, depth + 1)),
      ...codeOf(call).map((code) => visitCode(code, call, depth + 1)),
    ];
    return outputOf(call, outputs.length === 0 ? undefined : joinOutputs(outputs));
  }

  function visitCode(code: Code, call: Invocation, depth: number): Input {
    steps.push({ kind: "code", code, call });
    if (code.text === undefined || !code.shell) return { flow: NO_FLOW };
    codeLeft -= code.text.length;
    if (codeLeft < 0) {
      risks.add("not-fully-checked");
      return { flow: NO_FLOW };
    }
    return visitScript(read(code.text), { depth, input: code.fromInput ? undefined : call.input });
  }

  visitScript(script, { depth: 0 });
  return { steps, risks };
}
