// What a client may be offered while somebody types: ids, projects and sessions of the caller's own latest requests.
import { visibleLine } from "../../domain/visible.ts";
import type { Desk, DeskRecord } from "../held/desk.ts";

/** Requests that are looked at, and names that are offered: the protocol takes 100. */
const LOOKED_AT = 200;
const MAX_OFFERED = 50;

type Complete = (begun: string, requester: string | undefined) => Promise<string[]>;

export interface Names {
  readonly approvals: Complete;
  readonly denied: Complete;
  readonly projects: Complete;
  readonly sessions: Complete;
}

export function createNames(desk: Pick<Desk, "list">): Names {
  const offer =
    (pick: (record: DeskRecord) => string | undefined): Complete =>
    async (begun, requester) => {
      const { records } = await desk.list({ limit: LOOKED_AT }, requester);
      const found = new Set(records.flatMap((record) => pick(record) ?? []));
      return [...found].filter((name) => name.startsWith(begun) && isPlain(name)).slice(0, MAX_OFFERED);
    };
  return {
    approvals: offer(({ listed }) => listed.approval_id),
    denied: offer(({ listed }) =>
      listed.status === "pending" || listed.status === "approved" ? undefined : listed.approval_id,
    ),
    projects: offer(({ listed }) => listed.project),
    sessions: offer(({ sessionId }) => sessionId),
  };
}

/** One line with nothing hidden: what else a name holds is not offered to be typed. */
export function isPlain(name: string): boolean {
  return name !== "" && name.length <= 200 && visibleLine(name) === name;
}
