// What a command puts out, as far as it matters to whatever reads it.
import { readWords } from "./effects.ts";
import { type Input, type Invocation, leadingOptions, operandTexts } from "./invocation.ts";
import { programOf } from "./programs/programs.ts";
import { type Flow, joinFlows, NO_FLOW } from "./shell-word.ts";

const FILE_FLOW: Flow = { ...NO_FLOW, file: true };
const SHELL_FLOW: Flow = { ...NO_FLOW, shell: true };

/** What a program brings in on its own, by its name. */
export function ownFlow(name: string): Flow {
  const { gives, givesOn } = programOf(name);
  if (gives === undefined || gives === "file" || givesOn !== undefined) return NO_FLOW;
  return { ...NO_FLOW, [gives]: true };
}

/** The same for what it puts out only with one of its subcommands. */
function flowOnSubcommand(call: Invocation): Flow {
  const { gives, givesOn } = programOf(call.name);
  const isGiven = gives !== undefined && givesOn !== undefined && operandTexts(call)[0] === givesOn;
  return isGiven ? { ...NO_FLOW, [gives]: true } : NO_FLOW;
}

/** Whether it is a shell whose commands do not stand on the command line: typed by somebody, or read from a pipe. */
function isOpenShell(call: Invocation): boolean {
  if (programOf(call.name).interprets?.as !== "shell") return false;
  const { has, operands } = leadingOptions(call);
  return has("-i") || (!has("-c") && operands.length === 0 && call.input?.text === undefined);
}

/** @param inner what the commands that it runs put out. */
export function outputOf(call: Invocation, inner: Input | undefined): Input {
  const { input, args, name } = call;
  const flow = joinFlows([
    ownFlow(name),
    ...(programOf(name).givesOn === undefined ? [] : [flowOnSubcommand(call)]),
    ...(readsFile(call) ? [FILE_FLOW] : []),
    ...(isOpenShell(call) ? [SHELL_FLOW] : []),
    ...(input ? [input.flow] : []),
    ...(inner ? [inner.flow] : []),
    ...args.map((word) => word.flow),
  ]);
  const text = inner ? inner.text : printedText(call);
  return { flow, text };
}

function readsFile(call: Invocation): boolean {
  const { name, args, input, redirections } = call;
  if (name === "") return redirections.some(({ input }) => input?.fromFile);
  if (name === "env" || name === "printenv") return args.length === 0;
  return readWords(call).length > 0 && input?.text === undefined;
}

function printedText({ name, args, input }: Invocation): string | undefined {
  const words = args.map(({ text }) => text);
  if (!args.every(({ fixed }) => fixed)) return undefined;
  if (name === "cat" || name === "tee") return name === "tee" || words.length === 0 ? input?.text : undefined;
  if (name === "printf") return printf(words);
  if (name !== "echo") return undefined;
  const start = words.findIndex((word) => !/^-[neE]+$/.test(word));
  const text = start < 0 ? "" : words.slice(start).join(" ");
  return words.slice(0, start < 0 ? undefined : start).some((option) => option.includes("e"))
    ? plainText(text)
    : text;
}

/** Only the plain forms: what is more than that counts as unknown. */
function printf([format = "", ...values]: readonly string[]): string | undefined {
  if (/^%[sb](\\n)?$/.test(format)) return values.join("\n");
  return format.includes("%") ? undefined : plainText(format);
}

function plainText(text: string): string | undefined {
  const plain = text.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
  return plain.includes("\\") ? undefined : plain;
}

/** One after the other; the text is known when all of it is. */
export function joinOutputs(outputs: readonly Input[]): Input {
  const [only] = outputs;
  if (only !== undefined && outputs.length === 1) return only;
  const flow = joinFlows(outputs.map((output) => output.flow));
  const texts = outputs.flatMap(({ text }) => (text === undefined ? [] : [text]));
  return { flow, text: texts.length > 0 && texts.length === outputs.length ? texts.join("\n") : undefined };
}
