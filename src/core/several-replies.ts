// One reply to several requests. An approval counts for all that it names or for none, and never where a message has something
// to look at; a denial counts for each that waits. Each is decided for itself, at the gate.

import type { Notice, SeveralHead } from "../domain/notice.ts";
import { whySingly } from "../domain/singly.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import { type ApproveAllDeps, createApproveAll } from "./approve-all.ts";
import type { Approvers } from "./approvers.ts";
import { replyNotice } from "./reply-notice.ts";
import type { FinalAction, SeveralReplies, SinglyNotice } from "./several-contract.ts";
import type { Telling, Wish } from "./telling.ts";
import { waitAtMost } from "./timing.ts";
import { createWhose } from "./whose.ts";

/** Lines of one message: a phone's screen, and what one plain message takes. */
const MAX_LINES = 10;
/** Whoever has not taken the answer by then has its line in a later message, ms. */
const TOGETHER_MS = 2_000;

export interface SeveralRepliesDeps extends Omit<ApproveAllDeps, keyof SeveralReplies | "theirs"> {
  readonly approvers: Pick<Approvers, "phonesOf" | "mayDecide">;
  readonly tell: Telling["tell"];
}

/** What became of one request, and who beside the sender is to know. */
interface ToldLine {
  readonly notice: Promise<Notice> | Notice;
  readonly others: readonly Phone[];
}

interface KnownLine extends Pick<ToldLine, "others"> {
  readonly line: Notice;
}

export function createSeveralReplies(deps: SeveralRepliesDeps): SeveralReplies {
  const { gate, approvers, clock, tell, track } = deps;
  const { theirs } = createWhose(gate, approvers);
  const ask = createApproveAll({ ...deps, decide, singly, list, theirs });

  function singly(ids: readonly ApprovalId[], by: Phone): readonly SinglyNotice[] {
    return theirs(by).flatMap((request) => {
      const { id } = request;
      if (!ids.includes(id)) return [];
      const why = whySingly(request, gate.shownTo(id, by)?.hidden);
      return why === undefined ? [] : [{ kind: "singly", id, why }];
    });
  }

  function list(to: Phone, lines: readonly Notice[], head?: SeveralHead, wish?: Wish): void {
    for (let from = 0; from < lines.length; from += MAX_LINES) {
      const isFirst = from === 0;
      tell(
        to,
        { kind: "several", head: isFirst ? head : undefined, lines: lines.slice(from, from + MAX_LINES) },
        wish,
      );
    }
  }

  async function decide(ids: readonly ApprovalId[], action: FinalAction, wish?: Wish): Promise<void> {
    const results = await Promise.all(ids.map(async (id) => [id, await gate.resolve(id, action)] as const));
    const now = clock.now();
    const lines = results.flatMap(([id, result]) => {
      const notice = replyNotice(id, result, now);
      if (notice === undefined) return [];
      const others = "request" in result ? approvers.phonesOf(result.request.project) : [];
      return [{ notice, others: others.filter((other) => other !== action.by) }];
    });
    const reported = report(lines, action.by, wish);
    wish?.told.push(reported);
    track(reported, "what became of several requests could not be told");
  }

  async function report(lines: readonly ToldLine[], by: Phone, wish: Wish | undefined): Promise<void> {
    const known = new Map<number, KnownLine>();
    const all = Promise.all(
      lines.map(async ({ notice, others }, index) => void known.set(index, { line: await notice, others })),
    );
    await waitAtMost(TOGETHER_MS, all, clock);
    const early = [...known].toSorted(([a], [b]) => a - b);
    tellAll(
      early.map(([, line]) => line),
      by,
      wish,
    );
    await all;
    const isEarly = new Set(early.map(([index]) => index));
    tellAll(
      [...known].filter(([index]) => !isEarly.has(index)).map(([, line]) => line),
      by,
      wish,
    );
  }

  function tellAll(known: readonly KnownLine[], by: Phone, wish: Wish | undefined): void {
    list(
      by,
      known.map(({ line }) => line),
      undefined,
      wish,
    );
    for (const other of new Set(known.flatMap(({ others }) => others))) {
      const theirs = known.filter(({ line, others }) => line.kind === "decided" && others.includes(other));
      list(
        other,
        theirs.map(({ line }) => ({ ...line, by }) as Notice),
      );
    }
  }

  async function approve(
    ids: readonly ApprovalId[],
    action: FinalAction & { readonly kind: "approve" },
    wish: Wish,
  ): Promise<void> {
    const { by } = action;
    const waiting = theirs(by).map(({ id }) => id);
    const ended = ids.filter((id) => !waiting.includes(id));
    const alone = singly(ids, by);
    if (ended.length + alone.length === 0) return decide(ids, action, wish);
    // Nothing waits under these for that phone: the record says how they ended, the gate that they are somebody else's.
    const gone = await Promise.all(
      ended.map(async (id) => replyNotice(id, await gate.resolve(id, action), clock.now())),
    );
    const lines = [...(await Promise.all(gone)).filter((line) => line !== undefined), ...alone];
    list(by, lines, "none-approved", wish);
  }

  return {
    async carryOut({ verb, ids }, from, at, wish, via) {
      const deny = { kind: "deny", by: from, via } as const;
      if (ids !== "all")
        return verb === "deny"
          ? decide(ids, deny, wish)
          : approve(ids, { kind: "approve", by: from, via }, wish);
      if (verb === "approve") return ask(from, at, wish);
      const waiting = theirs(from).map(({ id }) => id);
      if (waiting.length === 0) return tell(from, { kind: "pending", requests: [], now: clock.now() }, wish);
      return decide(waiting, deny, wish);
    },
    decide,
    singly,
    list,
  };
}
