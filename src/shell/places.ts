// Says what stands where in a command's text: which characters are only a value or data, which nothing in the command
// runs, opens or connects to as they stand. In doubt, a part of the text has no place.
import type { Assignment, Command, ParsedScript, Redirection, SyntaxNode, Word } from "unbash";
import { codeOf } from "./code-of.ts";
import { chainOf, expansionsIn, innermost, isTextReader, wordsOf } from "./command-words.ts";
import type { Invocation } from "./invocation.ts";
import { createReaderLook, movesOutput, type Reader, runsItsInput, withReaders } from "./moved-text.ts";
import { NONE_GIVEN, namesGiven } from "./names-given.ts";
import { type TextPlace, type TextSpan, withoutQuotes } from "./place.ts";
import { placesOfArguments } from "./places-of-arguments.ts";
import { passesOn, writesPatterns, writesText } from "./programs/text-readers.ts";
import { fileNamesIn, isRun, runFiles, startsAsScript } from "./run-files.ts";
import { NO_FLOW, type ShellWord } from "./shell-word.ts";
import { commandsBelow } from "./syntax.ts";
import type { Step } from "./walk.ts";

/** Where a part of the text is. */
interface Setting {
  /** The text that the parser's offsets count in, and where it starts in the whole. */
  readonly source: string;
  readonly offset: number;
  readonly reader: Reader;
  readonly depth: number;
}

const MAX_DEPTH = 8;

/**
 * @param script a text that was read as a whole
 * @param read parses the code that it carries
 * @returns places in no order; one may lie inside another
 */
export function placesOf(
  script: ParsedScript,
  text: string,
  { steps, read }: { readonly steps: readonly Step[]; read(code: string): ParsedScript },
): readonly TextPlace[] {
  const places: TextPlace[] = [];
  const runs = runFiles(steps);
  const given = namesGiven(steps, script);
  if (given === undefined) return [];
  const mayRunWords = ({ name }: Invocation) => given.has(name);
  const names = fileNamesIn(text);
  const hasReader = createReaderLook(steps);

  function add(place: TextPlace, { offset, source }: Setting): void {
    const { start, end } = place;
    if (start < end && end <= source.length)
      places.push({ ...place, start: start + offset, end: end + offset });
  }

  function visit(node: SyntaxNode, setting: Setting): void {
    const hidden: Setting = { ...setting, reader: "unknown" };
    switch (node.type) {
      case "Command":
        visitCommand(node, setting);
        return;
      case "Pipeline":
        for (const [stage, reader] of withReaders(node.commands, setting.reader, readerIn))
          visit(stage, { ...setting, reader });
        return;
      case "CommandExpansion":
      case "ProcessSubstitution":
        // Offsets inside backticks count in another text.
        if (node.script !== undefined && !node.text.startsWith("`")) visitBelow(node.script, hidden);
        return;
      case "Redirected":
        for (const part of node.redirects) visitBelow(part, hidden);
        visit(node.command, { ...setting, reader: written(node.redirects) ?? setting.reader });
        return;
      default:
        visitBelow(node, setting);
    }
  }

  function visitBelow(node: SyntaxNode, setting: Setting): void {
    for (const part of commandsBelow(node)) visit(part, setting);
  }

  /** What a stage of a pipeline is for what it reads; undefined where it only passes it on. */
  function readerIn(stage: SyntaxNode): Reader | undefined {
    if (stage.type !== "Command") return "unknown";
    const call = innermost(wordsOf(stage).call);
    if (runsItsInput(call)) return "shell";
    if (!isTextReader(call)) return "unknown";
    const files = call.name === "tee" ? call.args.map((word) => word.text) : [];
    return files.some((file) => isRun(file, runs)) ? "shell" : written(stage.redirects);
  }

  /** What goes into a file that is run later is code. */
  function written(redirects: readonly Redirection[]): Reader | undefined {
    const files = redirects.flatMap((part) =>
      part.type === "Redirect" && part.operator !== "<" && part.target ? [part.target.value] : [],
    );
    if (files.some((file) => isRun(file, runs))) return "shell";
    if (files.some(names.mayBeNamedAgain) && hasReader()) return "runs";
    return files.some(names.mayComeBack) ? "unknown" : undefined;
  }

  function visitCommand(node: Command, setting: Setting): void {
    const { call, nodes } = wordsOf(node, setting.source);
    const hidden: Setting = { ...setting, reader: "unknown" };
    for (const part of [...nodes.values(), ...node.prefix, ...node.redirects]) visitBelow(part, hidden);
    const files =
      call.name === "tee" && call.args.some((word) => isRun(word.text, runs)) ? "shell" : undefined;
    const reader = written(node.redirects) ?? files ?? setting.reader;
    for (const part of node.prefix) if (part.type === "Assignment") addAssigned(part, setting);
    const chain = chainOf(call);
    const carriers = addCarried(chain, nodes, { ...setting, reader });
    const spanOf = (word: ShellWord) => {
      const part = carriers.has(word) ? undefined : nodes.get(word);
      return part && { start: part.pos, end: part.end };
    };
    const { source } = setting;
    // A function may run any of its arguments.
    if (chain.some(mayRunWords)) return;
    for (const place of placesOfArguments(chain, { source, spanOf, putsOutText: reader === "text" }))
      add(place, setting);
    const [word] = call.args.length === 1 && writesText(call.name) && reader === "shell" ? call.args : [];
    const span = word && spanOf(word);
    if (word && span) addCode(true, withoutQuotes(source, span), word.text, setting);
    for (const part of nodes.values()) addHoles(part, setting);
    for (const part of node.redirects) addInput(part, chain, { ...setting, reader });
  }

  function addAssigned(part: Assignment, setting: Setting): void {
    if (part.value.type !== "Word" || part.index !== undefined || part.append) return;
    const { pos: start, end, text: value } = part.value;
    if (setting.source.slice(start, end) !== value) return;
    add({ kind: "assigned", name: part.name, ...withoutQuotes(setting.source, { start, end }) }, setting);
    addHoles(part.value, setting);
  }

  /** @returns the words that hold code: nothing else about them is known */
  function addCarried(
    chain: readonly Invocation[],
    nodes: ReadonlyMap<ShellWord, Word | Assignment>,
    setting: Setting,
  ): ReadonlySet<ShellWord> {
    const carriers = new Set<ShellWord>();
    const codes = chain.flatMap((call) => codeOf(call).map((code) => ({ ...code, of: call.name })));
    for (const { shell, text: code, of } of codes) {
      for (const [word, part] of nodes) {
        if (code === undefined || word.text === "" || !(code.includes(word.text) || word.text.includes(code)))
          continue;
        carriers.add(word);
        const span = withoutQuotes(setting.source, { start: part.pos, end: part.end });
        if (word.text === code && word.text.length > 1 && !writesPatterns(of))
          addCode(shell, span, code, setting);
      }
    }
    return carriers;
  }

  /** What a command is given on its standard input. */
  function addInput(part: Redirection, chain: readonly Invocation[], setting: Setting): void {
    if (part.type === "Redirect") return;
    const node = part.type === "HereDoc" ? part.body : part.target;
    const call = chain.at(-1);
    if (node === undefined || call === undefined) return;
    const whole = { start: node.pos, end: node.end };
    const span = part.type === "HereDoc" ? whole : withoutQuotes(setting.source, whole);
    const code = setting.source.slice(span.start, span.end);
    const ran = chain
      .flatMap((each) => codeOf({ ...each, input: { flow: NO_FLOW, text: code } }))
      .find(({ fromInput }) => fromInput);
    const passed = passesOn(call.name) ? setting.reader : "text";
    if (ran !== undefined || passed === "shell" || startsAsScript(code)) {
      addCode(ran?.shell ?? !/^\s*#!(?!.*sh\b)/.test(code), span, code, setting);
      return;
    }
    if (passed === "runs") return;
    addHoles(node, setting);
    add({ kind: isTextReader(call) && passed === "text" ? "text" : "foreign", ...span }, setting);
  }

  /** Code that stands in the text as it is. Its commands have places of their own. */
  function addCode(shell: boolean, span: TextSpan, code: string, setting: Setting): void {
    if (setting.source.slice(span.start, span.end) !== code) return;
    if (!shell) add({ kind: "foreign", ...span }, setting);
    if (!shell || setting.depth >= MAX_DEPTH) return;
    const inner = read(code);
    if (inner.errors?.length || namesGiven([], inner) !== NONE_GIVEN) return;
    const { offset, depth, reader } = setting;
    visitBelow(inner, { source: code, offset: offset + span.start, reader, depth: depth + 1 });
  }

  /** What is expanded inside a word is not text. */
  function addHoles(node: SyntaxNode, setting: Setting): void {
    for (const { pos: start, end } of expansionsIn(node)) add({ kind: "shown", start, end }, setting);
  }

  // What a function puts out goes where it is called; after `exec > file` and to a coprocess, everything goes elsewhere.
  const isMoved = given.size > 0 || movesOutput(script);
  visitBelow(script, { source: text, offset: 0, reader: isMoved ? "unknown" : "text", depth: 0 });
  return places;
}
