// What a person reads about a call before they decide, as data: its lines, the whole of it, and what to notice.
import type { ApprovalRequest } from "./approval.ts";
import { type FullText, fullText } from "./full-text.ts";
import type { SessionOffer } from "./inspection.ts";
import { count } from "./names.ts";
import { type Summary, summarise } from "./summary.ts";
import { duration } from "./time-words.ts";
import type { ApprovalId } from "./tool-call.ts";
import { badges, found, gaps } from "./warnings.ts";

/** Where a call comes from. */
export interface Origin {
  /** Foreign text; empty when the caller did not say. */
  readonly project: string;
  /** Words of ours; nothing in them but letters, digits, - and _. */
  readonly notes: readonly string[];
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
  /** @param hidden as above. A rule would hold a secret itself, and nobody allows for long what they have not seen. */
  session(hidden: number): SessionOffer | undefined;
}

/** From this many waiting requests on, the newest message says how many there are. */
const MANY_WAITING = 3;

export function requestMessage(request: ApprovalRequest): RequestMessage {
  const { id, inspection } = request;
  const warnings = (hidden: number) => [
    ...gaps(inspection, hidden),
    ...badges(inspection.shown),
    ...found(inspection),
  ];
  return {
    id,
    summary: summarise(inspection.shown),
    full: () => fullText(inspection.shown),
    origin: originOf(request),
    expiry: expiryText(request),
    warnings,
    session: (hidden) =>
      warnings(hidden).length === 0 && inspection.secrets === 0 ? inspection.session : undefined,
  };
}

/** The project, the token's name, and a permission mode other than the usual one. */
export function originOf({
  project = "",
  requester,
  permissionMode,
}: Pick<ApprovalRequest, "project" | "requester" | "permissionMode">): Origin {
  return {
    project,
    notes: [
      ...(requester === undefined ? [] : [`token ${requester}`]),
      ...(permissionMode === undefined || permissionMode === "default" ? [] : [`mode ${permissionMode}`]),
    ],
  };
}

function expiryText({ createdAt, expiresAt, waiting, inspection: { secrets = 0 } }: ApprovalRequest): string {
  return [
    duration(expiresAt - createdAt),
    ...(secrets > 0 ? [`${count(secrets, "secret")} masked`] : []),
    ...(waiting >= MANY_WAITING ? [`${waiting} requests wait: PENDING lists them`] : []),
  ].join(" · ");
}
