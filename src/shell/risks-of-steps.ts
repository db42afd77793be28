// Says which risks the steps of a command have, wherever in it they stand. Knows nothing of this machine: what touches
// the approval server itself is looked for in inspection.
import type { Code } from "./code.ts";
import { createDownloads } from "./downloads.ts";
import type { Invocation } from "./invocation.ts";
import { dangersOf } from "./programs/dangers/dangers.ts";
import { riskyPlaces } from "./programs/dangers/places.ts";
import { UNCHECKED_TLS } from "./programs/variables.ts";
import type { FoundRisk, Risk } from "./risk.ts";
import type { ShellWord } from "./shell-word.ts";
import type { Step } from "./walk.ts";

/** Every danger of a command's steps, some perhaps more than once. */
export function findingsOf(steps: readonly Step[]): readonly FoundRisk[] {
  const downloads = createDownloads();
  return steps.flatMap((step) => {
    if (step.kind === "code") return risksOfCode(step.code).map((risk) => ({ risk }));
    if (step.kind === "group") return riskyPlaces(step.call);
    const isDownloaded = downloads.runs(step.call);
    return [
      ...dangersOf(step.call),
      ...riskyPlaces(step.call),
      ...(isDownloaded ? [{ risk: "run-download" } as const] : []),
      ...risksOfCall(step.call).map((risk) => ({ risk })),
    ];
  });
}

function risksOfCall(call: Invocation): readonly Risk[] {
  const risks: Risk[] = [];
  if (call.command && isUnknown(call.command)) risks.push("unknown-command");
  if (call.command?.flow.download) risks.push("download-to-shell");
  if ([...call.assignments, ...call.args].some(({ text }) => UNCHECKED_TLS.has(text)))
    risks.push("weaken-protection");
  return risks;
}

function risksOfCode({ text, shell, flow, told }: Code): readonly Risk[] {
  const risks: Risk[] = told ? ["code-from-text"] : [];
  if (flow.download) risks.push("download-to-shell");
  else if (text === undefined && shell) risks.push("unknown-command");
  return risks;
}

/** A name in a folder that a well-known variable names is still that name. */
function isUnknown({ pieces }: ShellWord): boolean {
  return pieces.some(({ kind, text }) => kind !== "text" && !/^\$(HOME|PWD|\{HOME\}|\{PWD\})$/.test(text));
}
