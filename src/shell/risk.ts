// The kinds of danger that a shell command can be seen to have, worst first, and the words a person reads for each. A row
// of a table may have words of its own for what it finds: they are ordered by their kind, and stand in its words' place.
// A command without any of them is not called safe anywhere: nothing is said about it.

/** In the order in which they are shown: what cannot be undone or understood comes first. */
const TEXT = {
  unreadable: "could not be read as a shell command",
  "not-fully-checked": "is too long or too deeply nested to be checked in full",
  "unknown-command": "runs a command that is only known when it runs",
  "own-files": "touches the approval server's own files or ports",
  "remote-shell": "gives a remote machine a shell on this one",
  "write-device": "writes to a device or formats a disk",
  "delete-data": "deletes stored data",
  "delete-remote": "deletes something on a server",
  "delete-recursive": "deletes recursively",
  "lose-files": "empties, overwrites or deletes files",
  "download-to-shell": "pipes a download into a shell",
  "run-download": "runs a file that it downloads",
  "run-as-root": "runs as root",
  "open-machine": "gives a container power over this machine",
  "run-remote": "runs commands on other machines",
  "open-tunnel": "opens a way into this machine from outside",
  "send-file": "sends a file out",
  "show-secret": "shows secrets",
  "grant-access": "gives others access",
  "login-files": "touches shell start files or ssh keys",
  "system-files": "changes files of the system",
  "load-code": "makes other programs run or load what it names",
  "weaken-protection": "switches a protection off",
  "rewrite-history": "rewrites git history or discards work",
  publish: "publishes a package or an image",
  "change-live": "changes something that is in use",
  "power-off": "shuts down or restarts the machine",
  "change-machine": "changes how this machine is set up",
  "remove-software": "uninstalls software",
  "change-services": "changes scheduled jobs or system services",
  "change-permissions": "changes permissions widely",
  "kill-processes": "kills processes",
  "code-from-text": "runs code given as text",
  outlive: "starts a process that outlives it",
} as const;

/** One kind of danger. */
export type Risk = keyof typeof TEXT;

/** Every kind, in the order in which they are shown. */
export const RISKS = Object.keys(TEXT) as readonly Risk[];

/** What the person reads, to stand after "This command …" or between middle dots. */
export function riskText(risk: Risk): string {
  return TEXT[risk];
}

/** A danger that was found in a command. */
export interface FoundRisk {
  readonly risk: Risk;
  /** What it does, where that says more than the words of its kind; to stand where they would. Words of ours only. */
  readonly says?: string | undefined;
}

function findingText({ risk, says }: FoundRisk): string {
  return says ?? riskText(risk);
}

/** What the person reads of all that was found: each text once, worst kind first, within a kind as it was found. */
export function findingTexts(findings: readonly FoundRisk[]): readonly string[] {
  const inOrder = [...findings].sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
  return [...new Set(inOrder.map(findingText))];
}
