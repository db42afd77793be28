// Approvals that need several people: who has given one, and what ends a request that can never have enough.
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { peopleNeeded } from "../domain/quorum.ts";
import type { Deciders } from "./gate-contract.ts";
import type { PendingRequest } from "./pending-request.ts";

/** How many people must approve it, where that is more than one: by what its messages show. */
export function quorumOf(pending: PendingRequest | undefined): number | undefined {
  const needed = pending === undefined ? 1 : peopleNeeded(pending.request, pending.hidden);
  return needed > 1 ? needed : undefined;
}

/** What ends a request at once that too few people could approve; undefined where enough could. @param hidden as of `peopleNeeded` */
export function tooFewPeople(
  request: ApprovalRequest,
  hidden: number | undefined,
  people: Pick<Deciders, "askedFor">,
): Outcome | undefined {
  const needed = peopleNeeded(request, hidden);
  const there = people.askedFor(request.project).length;
  if (needed <= 1 || there >= needed) return undefined;
  return {
    status: "blocked",
    rule: `quorum: ${needed}`,
    message:
      `It carries a warning, so ${needed} people have to approve it, and only ${there} could be asked about this project. ` +
      "Nobody was asked. Do not repeat it; choose another way, or say what is missing: a further approver.",
  };
}

/** The projects, and `undefined` for requests without one, for which fewer people could approve than are needed. */
export function projectsShortOf(
  people: Pick<Deciders, "askedFor"> & {
    all(): readonly { readonly projects?: readonly string[] | undefined }[];
  },
  needed: number,
): readonly (string | undefined)[] {
  const named = new Set(people.all().flatMap(({ projects = [] }) => projects));
  return [undefined, ...named].filter((project) => people.askedFor(project).length < needed);
}

/** @param short as `projectsShortOf` has them @returns a sentence; undefined where nothing is short */
export function shortText(short: readonly (string | undefined)[], needed: number): string | undefined {
  if (short.length === 0) return undefined;
  const named = short.filter((project) => project !== undefined).map((project) => `"${project}"`);
  // Whoever is asked about what names no project is asked about every project that nobody has named, too.
  const of = [
    ...named,
    ...(short.includes(undefined)
      ? ["requests without a project or of one that nobody's projects name"]
      : []),
  ];
  return `policy.json asks for ${needed} people for what carries a warning, and fewer could approve for ${of.join(", ")}: such requests are denied at once`;
}
