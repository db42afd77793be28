// Watches over one command for files that it downloads or writes, and then runs: `curl -o x.sh … && sh x.sh`.
import { namedOutputs, writtenPaths } from "./effects.ts";
import { type Invocation, leadingOptions, operandTexts } from "./invocation.ts";
import { isInterpreter, programOf } from "./programs/programs.ts";

export interface Downloads {
  /** Notes what an invocation saves. @returns whether it runs what an earlier one saved. */
  runs(call: Invocation): boolean;
  /** Notes what an invocation writes by a redirection or with `tee`. @returns whether it runs what an earlier one wrote. */
  runsWritten(call: Invocation): boolean;
}

export function createDownloads(): Downloads {
  const saved = new Set<string>();
  const written = new Set<string>();
  return {
    runsWritten(call) {
      const isRun = written.size > 0 && runBy(call).some((path) => written.has(plain(path)));
      for (const path of writtenBy(call)) written.add(plain(path));
      return isRun;
    },
    runs(call) {
      for (const path of savedBy(call)) saved.add(plain(path));
      if (saved.size === 0) return false;
      const programs = isInterpreter(call.name) ? [...call.args.map(({ text }) => text), ...fedBy(call)] : [];
      return [call.command?.text ?? "", ...programs].some((path) => saved.has(plain(path)));
    },
  };
}

/** The files that its standard input comes from: `sh < a`. */
function fedBy({ redirections }: Invocation): readonly string[] {
  return redirections.filter(({ input }) => input?.fromFile).map(({ target }) => target.text);
}

/** The program itself, or the script that an interpreter is given: its further words are data. */
function runBy(call: Invocation): readonly string[] {
  const own = call.command?.text ?? "";
  if (!isInterpreter(call.name)) return [own];
  const script = leadingOptions(call).operands[0]?.text;
  return script === undefined ? [own, ...fedBy(call)] : [own, script];
}

/** Programs that write into a file what they are fed. */
const FED = /^(dd|sponge|cp|install)$/;

function writtenBy(call: Invocation): readonly string[] {
  const files = call.redirections.filter(({ writes }) => writes).map(({ target }) => target.text);
  const fed = call.input !== undefined && FED.test(call.name) ? writtenPaths(call) : [];
  return [...files, ...fed, ...(call.name === "tee" ? operandTexts(call) : [])].filter(
    (path) => path !== "" && !path.startsWith("/dev/"),
  );
}

function savedBy(call: Invocation): readonly string[] {
  const written = call.redirections.filter(({ writes }) => writes).map(({ target }) => target.text);
  if (call.input?.flow.download) return writtenPaths(call);
  const { gives, savesByUrl } = programOf(call.name);
  if (gives !== "download") return [];
  const named = namedOutputs(call).map(({ text }) => text);
  const byUrl = savesByUrl
    ? named.length === 0
    : call.args.some(({ text }) => /^(-\w*O|--remote-name)/.test(text));
  return [...written, ...named, ...(byUrl ? operandTexts(call).map(lastName) : [])];
}

function lastName(url: string): string {
  return url.replace(/[?#].*$/, "").replace(/^.*\//, "");
}

function plain(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}
