// The kinds of danger that a shell command can be seen to have, worst first, and the words a person reads for each.
// A command without any of them is not called safe anywhere: nothing is said about it.

/** In the order in which they are shown: what cannot be undone or understood comes first. */
const TEXT = {
  unreadable: "could not be read as a shell command",
  "not-fully-checked": "is too long or too deeply nested to be checked in full",
  "unknown-command": "runs a command that is only known when it runs",
  "own-files": "touches the approval server's own files or ports",
  "write-device": "writes to a device or formats a disk",
  "delete-recursive": "deletes recursively",
  "download-to-shell": "pipes a download into a shell",
  "run-download": "runs a file that it downloads",
  "run-as-root": "runs as root",
  "send-file": "sends a file out",
  "login-files": "touches shell start files or ssh keys",
  "weaken-protection": "switches a protection off",
  "rewrite-history": "rewrites git history or discards work",
  publish: "publishes a package or an image",
  "power-off": "shuts down or restarts the machine",
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
