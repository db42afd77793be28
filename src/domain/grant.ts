// An allow for more than one call: what it covers, for whom and for how long, as values. Whether a call is covered is
// decided here, by comparing; what a call is about was found out before, by looking at it.
import type { Submission } from "./submission.ts";
import { foreign, type Text, text } from "./text.ts";
import { duration } from "./time-words.ts";

/** What may happen again. Two are the same only where every field is. */
type GrantSubject =
  /** One call, its whole input: SHA-256 in hex of all that changes what runs. */
  | { readonly kind: "call"; readonly toolName: string; readonly sha256: string }
  /** One file, absolute and without symbolic links. */
  | { readonly kind: "file"; readonly access: "edit" | "read"; readonly path: string }
  /** Name and port, over https. */
  | { readonly kind: "host"; readonly host: string }
  /** One tool of an MCP server, with any input. */
  | { readonly kind: "tool"; readonly toolName: string };

/** What a grant for a call would cover. */
export interface Grantable {
  readonly subject: GrantSubject;
  /** In the person's words: "this exact command". */
  readonly what: Text;
  /** Whether the same words do something else in another folder. */
  readonly needsFolder: boolean;
}

/** Whose calls a grant is for. A field that is absent stands for a caller that did not say it. */
export interface GrantHolder {
  /** Claude Code's session; without it the project's folder counts. */
  readonly sessionId?: string | undefined;
  readonly projectFolder?: string | undefined;
  /** Name of the token. */
  readonly requester?: string | undefined;
  /** The folder that the call is made in; absent where the grant is for any. */
  readonly folder?: string | undefined;
}

/** What a tap on Session allows. */
export interface SessionOffer {
  readonly subject: GrantSubject;
  readonly holder: GrantHolder;
  /** As in `Grantable`. */
  readonly what: Text;
  /** How long it holds at most, ms. */
  readonly ms: number;
}

type Asker = Pick<Submission, "door" | "sessionId" | "startedIn" | "cwd" | "requester">;

/**
 * What a call may be offered; undefined where its folder matters and the door does not know it.
 * @param ms how long it would hold
 */
export function offerOf(asker: Asker, grantable: Grantable, ms: number): SessionOffer | undefined {
  const { subject, what, needsFolder } = grantable;
  const folder = folderOf(asker);
  if (needsFolder && folder === undefined) return undefined;
  const { sessionId, requester } = asker;
  const holder = {
    ...(sessionId === undefined ? { projectFolder: projectFolderOf(asker) } : { sessionId }),
    requester,
    // A command means what it does where it runs; a file, a host and a tool are named in full.
    ...(subject.kind === "call" ? { folder } : {}),
  };
  return { subject, holder, what, ms };
}

/** Whether a grant allows a call. @param grantable what that call is about, as it was looked at now */
export function covers(
  { subject, holder }: Pick<SessionOffer, "subject" | "holder">,
  asker: Asker,
  grantable: Grantable,
): boolean {
  return isAbout(subject, grantable, asker) && isFor(holder, asker);
}

/** Whether it would, if the call came from the grant's session. */
export function coversInSession(
  { subject, holder }: Pick<SessionOffer, "subject" | "holder">,
  asker: Asker,
  grantable: Grantable,
): boolean {
  return (
    holder.sessionId !== undefined &&
    holder.requester === asker.requester &&
    isAbout(subject, grantable, asker)
  );
}

function isAbout(subject: GrantSubject, grantable: Grantable, asker: Asker): boolean {
  // A file named relatively was looked up in a folder that is not known to be the right one.
  if (subject.kind !== "call" && grantable.needsFolder && folderOf(asker) === undefined) return false;
  return isSameSubject(subject, grantable.subject);
}

function isSameSubject(one: GrantSubject, other: GrantSubject): boolean {
  switch (one.kind) {
    case "call":
      return other.kind === "call" && one.toolName === other.toolName && one.sha256 === other.sha256;
    case "file":
      return other.kind === "file" && one.access === other.access && one.path === other.path;
    case "host":
      return other.kind === "host" && one.host === other.host;
    case "tool":
      return other.kind === "tool" && one.toolName === other.toolName;
  }
}

function isFor(holder: GrantHolder, asker: Asker): boolean {
  if (holder.requester !== asker.requester) return false;
  if (holder.folder !== undefined && holder.folder !== folderOf(asker)) return false;
  return holder.sessionId === undefined
    ? holder.projectFolder === projectFolderOf(asker)
    : holder.sessionId === asker.sessionId;
}

/** The folder that the call is made in: only the hook's moves with `cd`, the others name where Claude was started. */
function folderOf({ door, cwd }: Asker): string | undefined {
  return door === "hook" ? cwd : undefined;
}

function projectFolderOf({ startedIn, cwd }: Asker): string | undefined {
  return startedIn ?? cwd;
}

/** "this exact command, in any folder of this project, for 60 minutes". */
export function offerText({ what, holder, ms }: Pick<SessionOffer, "what" | "holder" | "ms">): Text {
  return text`${what}, ${placeText(holder)}, for ${duration(ms)}`;
}

function placeText({ sessionId, projectFolder, folder }: GrantHolder): string {
  if (sessionId !== undefined)
    return folder === undefined ? "in this Claude session" : "in this folder and Claude session";
  if (folder !== undefined) return "in this folder";
  return projectFolder === undefined ? "for callers that name no project" : "in any folder of this project";
}

/** The same where "this" would point at nothing. */
export function placeInList({ sessionId, projectFolder, folder }: GrantHolder): string {
  if (sessionId !== undefined)
    return folder === undefined ? "one Claude session" : "one folder of one Claude session";
  if (folder !== undefined) return "one folder";
  return projectFolder === undefined ? "callers that name no project" : "any folder of the project";
}

/** A foreign name inside the words for what a grant covers. */
export function named(name: string): Text {
  return [foreign("offer", name)];
}
