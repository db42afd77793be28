// APPROVE ALL: asks once more, as a request of its own with the list, and approves exactly what that list has named: what came
// later, what was not on that phone when the words were sent, and what has something to look at, is never among them.

import type { ApprovalRequest } from "../domain/approval.ts";
import { APPROVE_ALL_TOOL, approveAllInput } from "../domain/phone-requests.ts";
import { isToldAsNotAsked } from "../domain/several-words.ts";
import { CAME_LATER, OTHER_PROJECT } from "../domain/singly.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Approvers } from "./approvers.ts";
import type { Gate } from "./gate-contract.ts";
import type { GatedCalls } from "./gated-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { SeveralReplies } from "./several-contract.ts";
import type { Telling, Wish } from "./telling.ts";
import { deferred } from "./timing.ts";

/** How long there is to confirm, ms: a list says less than its messages, and is read at once or not at all. */
const CONFIRM_WITHIN_MS = 2 * 60_000;

export interface ApproveAllDeps extends Pick<SeveralReplies, "decide" | "singly" | "list"> {
  readonly gate: Pick<Gate, "waiting" | "shownTo" | "resolve">;
  readonly approvers: Pick<Approvers, "mayDecide">;
  readonly gatedCalls: GatedCalls;
  /** What waits and that phone is asked about. */
  readonly theirs: (by: Phone) => readonly ApprovalRequest[];
  readonly clock: Clock;
  readonly tell: Telling["tell"];
  /** Follows what is under way. */
  track(work: Promise<void>, problem: string): void;
}

/** @param at when it was wanted, epoch ms @returns asks; what comes of it goes on */
export function createApproveAll(deps: ApproveAllDeps): (by: Phone, at: number, wish: Wish) => void {
  const { gate, approvers, gatedCalls, clock, tell, track, decide, singly, list, theirs } = deps;
  let last = new AbortController();

  async function confirm(
    ids: readonly ApprovalId[],
    from: Phone,
    wish: Wish,
    onAsked: () => void,
  ): Promise<void> {
    // One at a time: of two lists nobody would know which one they tap.
    last.abort("withdrawn");
    last = new AbortController();
    const named = gate.waiting().filter(({ id }) => ids.includes(id));
    const result = await gatedCalls.run({
      submission: {
        call: { toolName: APPROVE_ALL_TOOL, input: approveAllInput(named) },
        door: "phone",
        asksAlways: true,
        // Whoever answers for all of them is asked; of several projects that is who is asked about everything.
        ...whoseAre(named),
        maxWaitMs: CONFIRM_WITHIN_MS,
      },
      caller: {
        signal: last.signal,
        onProgress({ delivery }) {
          if (delivery !== "sending") onAsked();
        },
      },
      async work({ by }) {
        if (by === "policy" || by === "grant") throw new Error("nobody has confirmed it");
        // Whoever taps may be another approver, whose phone has not had them all.
        const alone = singly(ids, by);
        const isAlone = new Set(alone.map(({ id }) => id));
        await decide(
          ids.filter((id) => !isAlone.has(id)),
          { kind: "approve", by },
        );
        list(by, alone, "not-among");
      },
    });
    if (result.kind === "refused" && isToldAsNotAsked(result.code))
      tell(from, { kind: "not-asked", command: "APPROVE ALL", code: result.code }, wish);
  }

  return (by, at, wish) => {
    const requests = theirs(by);
    const waiting = requests.map(({ id }) => id);
    if (waiting.length === 0) return tell(by, { kind: "pending", requests: [], now: clock.now() }, wish);
    const isShown = (id: ApprovalId) => (gate.shownTo(id, by)?.at ?? Number.POSITIVE_INFINITY) <= at;
    const alone = singly(waiting, by);
    const isAlone = new Set(alone.map(({ id }) => id));
    const together = requests.filter(({ id }) => !isAlone.has(id) && isShown(id));
    const isAskedAboutAll = approvers.mayDecide(by, undefined);
    const [first] = together;
    // Whoever is asked about certain projects only could not answer the question about several of them.
    const isAmong = ({ project }: ApprovalRequest) => isAskedAboutAll || project === first?.project;
    const ids = together.filter(isAmong).map(({ id }) => id);
    const elsewhere = together.filter((each) => !isAmong(each));
    const late = waiting.filter((id) => !isAlone.has(id) && !isShown(id));
    const left = [
      ...alone,
      ...elsewhere.map(({ id }) => ({ kind: "singly", id, why: OTHER_PROJECT }) as const),
      ...late.map((id) => ({ kind: "singly", id, why: CAME_LATER }) as const),
    ];
    if (ids.length > 0) {
      const { promise: asked, resolve: onAsked } = deferred<void>();
      wish.told.push(asked);
      track(
        confirm(ids, by, wish, onAsked).finally(onAsked),
        "several requests could not be approved together",
      );
    }
    return list(by, left, ids.length > 0 ? "not-among" : "none-to-ask", wish);
  };
}

/** The one project that all of them are of, or all of theirs. */
function whoseAre(requests: readonly ApprovalRequest[]): Pick<Submission, "project" | "projects"> {
  const projects = [...new Set(requests.map(({ project = "" }) => project))];
  const [only = ""] = projects;
  if (projects.length > 1) return { projects };
  return only === "" ? {} : { project: only };
}
