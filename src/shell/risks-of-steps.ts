// Says which risks the steps of a command have, wherever in it they stand. Knows nothing of this machine: what touches
// the approval server itself is looked for in inspection.
import type { Code } from "./code.ts";
import { createDownloads } from "./downloads.ts";
import type { Invocation } from "./invocation.ts";
import { riskyPlaces } from "./programs/dangers/places.ts";
import { isRemoteShellCode, tcpDangers } from "./programs/dangers/remote-shell.ts";
import type { FoundRisk } from "./risk.ts";
import { risksOfCall } from "./risks-of-call.ts";
import { sendsSecrets } from "./secret-files.ts";
import type { Step } from "./walk.ts";

/** Every danger of a command's steps, some perhaps more than once. */
export function findingsOf(steps: readonly Step[]): readonly FoundRisk[] {
  const downloads = createDownloads();
  let folder: string | undefined;
  const found = steps.flatMap((step): readonly FoundRisk[] => {
    if (step.kind === "code") return risksOfCode(step.code);
    if (step.kind === "group") return [...riskyPlaces(step.call, folder), ...tcpDangers(step.call, true)];
    if (/^(cd|chdir|pushd)$/.test(step.call.name)) folder = folderOf(step.call, folder);
    const isDownloaded = downloads.runs(step.call);
    const isWritten = downloads.runsWritten(step.call) && !isDownloaded;
    return [
      ...risksOfCall(step.call, folder),
      ...(isDownloaded ? [{ risk: "run-download" } as const] : []),
      ...(isWritten ? [WRITTEN] : []),
    ];
  });
  return sendsSecrets(steps.flatMap(callOf)) ? [...found, SECRETS] : found;
}

const WRITTEN: FoundRisk = { risk: "code-from-text", says: "runs a file that it writes itself" };

const SECRETS: FoundRisk = {
  risk: "send-file",
  says: "reads a file that may hold secrets, and reaches the network",
};

/** Where `cd` goes; undefined when only the shell knows. */
function folderOf({ args }: Invocation, from: string | undefined): string | undefined {
  const target = args.find(({ text }) => !/^-./.test(text));
  if (target === undefined) return "~";
  if (!target.fixed && !/^\$(HOME|\{HOME\})/.test(target.text)) return undefined;
  return /^[/~$]/.test(target.text) || from === undefined ? target.text : `${from}/${target.text}`;
}

function callOf(step: Step): readonly Invocation[] {
  return step.kind === "run" ? [step.call] : [];
}

function risksOfCode({ text, shell, flow, told }: Code): readonly FoundRisk[] {
  const found: FoundRisk[] = told ? [{ risk: "code-from-text" }] : [];
  if (flow.peer) found.push({ risk: "remote-shell" });
  else if (!shell && isRemoteShellCode(text ?? "")) {
    found.push({ risk: "remote-shell", says: "can give a remote machine a shell on this one" });
  }
  if (flow.download) found.push({ risk: "download-to-shell" });
  else if (text === undefined && shell) found.push({ risk: "unknown-command" });
  return found;
}
