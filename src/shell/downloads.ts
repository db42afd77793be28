// Watches over one command for files that it downloads and then runs: `curl -o x.sh … && sh x.sh`.
import { isInterpreter } from "./code.ts";
import { type Invocation, optionsOf } from "./invocation.ts";
import { isDownloader } from "./programs/network.ts";

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
  if (!isDownloader(call.name)) return [];
  const wget = call.name.startsWith("wget");
  const { values, operands } = optionsOf(call, { valued: ["-o", "--output", "-H", ...(wget ? ["-O"] : [])] });
  const named = wget ? values("-O", "--output-document") : values("-o", "--output");
  const byUrl = wget ? named.length === 0 : call.args.some(({ text }) => /^(-\w*O|--remote-name)/.test(text));
  const names = byUrl ? operands.map(({ text }) => lastName(text)) : [];
  return [...written, ...named.map(({ text }) => text), ...names];
}

function lastName(url: string): string {
  return url.replace(/[?#].*$/, "").replace(/^.*\//, "");
}

function plain(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}
