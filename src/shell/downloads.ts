// Watches over one command for files that it downloads and then runs: `curl -o x.sh … && sh x.sh`.
import { namedOutputs } from "./effects.ts";
import { type Invocation, operandTexts } from "./invocation.ts";
import { isInterpreter, programOf } from "./programs/programs.ts";

export interface Downloads {
  /** Notes what an invocation saves. @returns whether it runs what an earlier one saved. */
  runs(call: Invocation): boolean;
}

export function createDownloads(): Downloads {
  const saved = new Set<string>();
  return {
    runs(call) {
      for (const path of savedBy(call)) saved.add(plain(path));
      if (saved.size === 0) return false;
      const programs = isInterpreter(call.name) ? call.args.map(({ text }) => text) : [];
      return [call.command?.text ?? "", ...programs].some((path) => saved.has(plain(path)));
    },
  };
}

function savedBy(call: Invocation): readonly string[] {
  const written = call.redirections.filter(({ writes }) => writes).map(({ target }) => target.text);
  if (call.name === "tee" && call.input?.flow.download) return call.args.map(({ text }) => text);
  if (call.input?.flow.download) return written;
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
