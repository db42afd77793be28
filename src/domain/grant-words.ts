// What the phone reads about the grants that hold, and about their end: product text.
import { placeInList } from "./grant.ts";
import { headline } from "./headline.ts";
import { count, toolText } from "./names.ts";
import type { ActiveGrant } from "./notice.ts";
import { foreign, type Line, line, type Text, text } from "./text.ts";
import { duration } from "./time-words.ts";
import { type ApprovalId, isApprovalId } from "./tool-call.ts";

/** Lines of GRANTS: what one plain message takes. */
const MAX_LISTED = 5;
const MINUTE_MS = 60_000;

export function grantLines(grants: readonly ActiveGrant[]): readonly Line[] {
  if (grants.length === 0) return [line("No grants: Session has allowed nothing that still holds.")];
  const more = grants.length - MAX_LISTED;
  return [
    line(`${count(grants.length, "grant")}:`),
    ...grants.slice(0, MAX_LISTED).map((grant) => line(grantText(grant))),
    ...(more > 0 ? [line(`and ${more} more`)] : []),
    line(`REVOKE ${grants[0]?.id} ends one, REVOKE ALL ends them all.`),
  ];
}

function grantText({ id, request, offer, leftMs, uses }: ActiveGrant): Text {
  const { project, requester } = request;
  return text`${id}: ${whatText({ request, offer })}, ${placeInList(offer.holder)}${
    project === undefined ? "" : text`, project ${foreign("project", project)}`
  }${requester === undefined ? "" : `, token ${requester}`}, ${leftText(leftMs)}, ${usesText(uses)}`;
}

/** A command by its words: "this exact command" would point at nothing here. */
function whatText({ request, offer }: Pick<ActiveGrant, "request" | "offer">): Text {
  const { shown } = request.inspection;
  return offer.subject.kind === "call"
    ? text`${foreign("tool", toolText(shown.toolName))} ${foreign("headline", headline(shown))}`
    : offer.what;
}

function leftText(leftMs: number): string {
  const minutes = Math.floor(leftMs / MINUTE_MS);
  return `${minutes < 1 ? "less than 1 minute" : duration(minutes * MINUTE_MS)} left`;
}

function usesText(uses: number): string {
  return uses === 0 ? "not used yet" : `used ${count(uses, "time")}`;
}

/** Behind the answer to a command that ends every grant; empty where there was none. */
export function endedText(ended: readonly ApprovalId[]): string {
  if (ended.length === 0) return "";
  return ended.length === 1
    ? ` 1 grant of Session has ended with it: ${ended[0]}.`
    : ` ${ended.length} grants of Session have ended with it.`;
}

/** After REVOKE. */
export function revokedLines({
  ended,
  unknown,
  grants,
}: {
  readonly ended: readonly ApprovalId[];
  readonly unknown?: string | undefined;
  readonly grants: readonly ActiveGrant[];
}): readonly Line[] {
  if (unknown !== undefined) {
    // Only what has the form of an id is repeated.
    const what = isApprovalId(unknown) ? `There is no grant ${unknown}` : "There is no such grant";
    return [line(`${what}: nothing changed.`), ...grantLines(grants)];
  }
  if (ended.length === 0) return [line("There are no grants: nothing changed.")];
  const many = ended.slice(0, MAX_NAMED).join(", ") + (ended.length > MAX_NAMED ? " and more" : "");
  return [
    line(
      ended.length === 1
        ? `Ended: ${many}. What it allowed is asked about again.`
        : `${ended.length} grants ended: ${many}. What they allowed is asked about again.`,
    ),
  ];
}

/** Ids in one sentence. */
const MAX_NAMED = 50;
