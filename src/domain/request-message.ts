// What a person reads about a call before they decide, as data: its lines, the whole of it, and what to notice.
import type { ApprovalRequest } from "./approval.ts";
import { type FullText, fullText } from "./full-text.ts";
import { offerText } from "./grant.ts";
import { oddLetters } from "./odd-letters.ts";
import { parkingText, sessionNote } from "./parked-words.ts";
import { type Summary, summarise } from "./summary.ts";
import { isTaskRequester } from "./task.ts";
import type { Text } from "./text.ts";
import { duration } from "./time-words.ts";
import type { ApprovalId } from "./tool-call.ts";
import { badges, found, gaps, maskedText, withQuorum } from "./warnings.ts";

/** Where a call comes from. */
export interface Origin {
  /** Foreign text; empty when the caller did not say. */
  readonly project: string;
  /** Words of ours; nothing in them but letters, digits, - and _. */
  readonly notes: readonly string[];
  /** The kind of subagent that calls: foreign text; empty where none does, or it is not known. */
  readonly agent: string;
  /** The last thing that Claude said before the call: foreign text; empty where it is not known. */
  readonly said: string;
}

export interface RequestMessage {
  readonly id: ApprovalId;
  readonly summary: Summary;
  /** For a message whose lines do not show all of the call. */
  full(): FullText;
  readonly origin: Origin;
  /** How long there is to answer, and what else there is to know about the message. Words of ours. */
  readonly expiry: string;
  /**
   * What the person should notice; what they cannot see comes first, so that a cut never takes it away.
   * @param hidden characters of the call that the channel does not show
   */
  warnings(hidden: number): readonly string[];
  /** What Session would allow, in words. @param hidden as above: nobody allows for long what they have not seen. */
  session(hidden: number): Text | undefined;
}

/** From this many waiting requests on, the newest message says how many there are. */
const MANY_WAITING = 3;

export function requestMessage(request: ApprovalRequest): RequestMessage {
  const { id, inspection, session } = request;
  const odd = oddLetters(inspection.shown);
  const warnings = (hidden: number) =>
    withQuorum(request, [
      ...gaps(inspection, hidden),
      ...badges(inspection.shown),
      ...found(inspection),
      ...odd,
    ]);
  return {
    id,
    summary: summarise(inspection.shown),
    full: () => fullText(inspection),
    origin: originOf(request),
    expiry: expiryText(request),
    warnings,
    session: (hidden) =>
      session !== undefined && warnings(hidden).length === 0 && inspection.secrets === 0
        ? offerText(session)
        : undefined,
  };
}

/** The project, the token's name, a permission mode other than the usual one, the subagent, and who has set an MCP server up. */
export function originOf({
  project = "",
  projects = [],
  requester,
  permissionMode,
  agent = "",
  said = "",
  mcpSource,
  parking,
}: Pick<
  ApprovalRequest,
  "project" | "projects" | "requester" | "permissionMode" | "agent" | "said" | "mcpSource" | "parking"
>): Origin {
  return {
    project: projects.length > 1 ? projects.filter((name) => name !== "").join(", ") : project,
    agent,
    said,
    notes: [
      ...(projects.length > 1 ? ["several projects"] : []),
      ...(projects.length > 1 && projects.includes("") ? ["some name none"] : []),
      ...(requester === undefined ? [] : [isTaskRequester(requester) ? requester : `token ${requester}`]),
      ...(permissionMode === undefined || permissionMode === "default" ? [] : [`mode ${permissionMode}`]),
      ...(mcpSource === undefined ? [] : [`MCP server from ${mcpSource}`]),
      ...(parking === undefined ? [] : [sessionNote(parking)]),
    ],
  };
}

function expiryText({ createdAt, expiresAt, waiting, inspection, parking }: ApprovalRequest): string {
  const masked = maskedText(inspection.secrets);
  return [
    duration(expiresAt - createdAt),
    ...(parking === undefined ? [] : [parkingText(parking)]),
    ...(masked === undefined ? [] : [masked]),
    ...(waiting >= MANY_WAITING ? [`${waiting} requests wait: PENDING lists them`] : []),
  ].join(" · ");
}
