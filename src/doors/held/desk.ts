// Where callers come back to: how a request stands, what was asked, taking one back. The same over REST and MCP. A caller with a
// named token finds only what it asked for itself; whatever is another's counts as not there.
import type { Gate } from "../../core/gate-contract.ts";
import type { HistoryStore, RecordPlace } from "../../core/ports/history-store.ts";
import type { RequestStore, StoredApproval } from "../../core/ports/request-store.ts";
import { PLAN_TOOL } from "../../domain/plan.ts";
import { type ApprovalId, type Door, isApprovalId } from "../../domain/tool-call.ts";
import { deciderOf } from "./decider.ts";
import type { HeldResult } from "./held-result.ts";
import type { HeldResults } from "./held-results.ts";
import type { ShownApproval, ShownStatus } from "./shapes.ts";
import { ended, falsified, pending, recorded, STORED_AS } from "./shown-approval.ts";

/** Steps of one page; what is further away comes with the next one. */
const MAX_STEPS = 200;

/** How a request stands now. */
interface Standing {
  readonly shown: ShownApproval;
  /** To be told of the response that carries `shown`: a decision in it counts as fetched once it was written. */
  handOver(written: Promise<boolean>): void;
}

/** A request in a list. Recognised secrets are masked; every text in it is foreign. */
export interface ListedApproval extends ShownApproval {
  readonly door: Door;
  readonly tool_name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly project?: string | undefined;
  readonly requester?: string | undefined;
  /** The id of the request that Session was given with. */
  readonly grant?: string | undefined;
}

/** What only some readers are told, beside a listed request. */
export interface DeskRecord {
  readonly listed: ListedApproval;
  /** Epoch ms; absent while it waits. */
  readonly decidedAt?: number | undefined;
  /** Absent where nobody has decided. */
  readonly decidedBy?: ReturnType<typeof deciderOf>;
  readonly sessionId?: string | undefined;
}

interface DeskQuery {
  readonly status?: ShownStatus | undefined;
  readonly project?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Epoch ms, included. */
  readonly since?: number | undefined;
  readonly limit: number;
  readonly after?: RecordPlace | undefined;
}

interface DeskPage {
  readonly records: readonly DeskRecord[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: RecordPlace | undefined;
}

export interface Desk {
  /**
   * A request that was asked for through this door, while it is held here.
   * @returns undefined where it is not, or belongs to another token
   */
  held(id: string, requester: string | undefined): HeldResult | undefined;
  /** @returns undefined where there is none for this caller */
  standing(id: string, requester: string | undefined): Promise<Standing | undefined>;
  list(query: DeskQuery, requester: string | undefined): Promise<DeskPage>;
  /** One as a list has it. @returns undefined where there is none for this caller */
  find(id: string, requester: string | undefined): Promise<DeskRecord | undefined>;
  /** @returns why it cannot be withdrawn: it has ended, or another door has it; undefined where there is none for this caller */
  withdraw(
    id: string,
    requester: string | undefined,
  ): Promise<Standing | { readonly refused: string } | undefined>;
}

export interface DeskDeps {
  /** Only what was asked through it is handed out and withdrawn here. */
  readonly door: Door;
  readonly gate: Pick<Gate, "waiting">;
  readonly store: Pick<RequestStore, "find" | "isAsDecided"> & Pick<HistoryStore, "browse">;
  readonly heldResults: Pick<HeldResults, "get">;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
}

export function createDesk({ door, gate, store, heldResults, timeoutMs }: DeskDeps): Desk {
  function isOpen(id: ApprovalId): boolean {
    const held = heldResults.get(id);
    return held?.isTaken() === false || gate.waiting().some((request) => request.id === id);
  }

  async function recordOf(
    id: ApprovalId,
    requester: string | undefined,
  ): Promise<StoredApproval | undefined> {
    const approval = await store.find(id);
    return approval !== undefined && maySee(requester, approval) ? approval : undefined;
  }

  function held(id: string, requester: string | undefined): HeldResult | undefined {
    const found = isApprovalId(id) ? heldResults.get(id) : undefined;
    return found?.request.door === door && maySee(requester, found.request) ? found : undefined;
  }

  async function standing(id: string, requester: string | undefined): Promise<Standing | undefined> {
    if (!isApprovalId(id)) return undefined;
    const here = held(id, requester);
    const outcome = here?.outcome();
    if (here !== undefined && outcome !== undefined) {
      return { shown: ended(here.request, outcome, timeoutMs), handOver: here.handOver };
    }
    if (here !== undefined) return { shown: pending(id, here.request), handOver: () => {} };
    const approval = await recordOf(id, requester);
    if (approval === undefined) return undefined;
    return { shown: await shownOf(approval), handOver: () => {} };
  }

  /** An approval that stands in a row only is none. */
  async function shownOf(approval: StoredApproval): Promise<ShownApproval> {
    const shown = recorded(approval, isOpen(approval.id), timeoutMs);
    if (shown.status !== "approved" || (await store.isAsDecided(approval.id))) return shown;
    return falsified(approval);
  }

  async function listed(approval: StoredApproval): Promise<ListedApproval> {
    const { outcome } = approval;
    return {
      ...(await shownOf(approval)),
      door: approval.door,
      tool_name: approval.toolName,
      input: listedInput(approval),
      project: approval.project,
      requester: approval.requester,
      grant: outcome?.status === "approved" ? outcome.grant : undefined,
    };
  }

  async function recordFor(approval: StoredApproval): Promise<DeskRecord> {
    const { decidedAt, sessionId, outcome } = approval;
    return { listed: await listed(approval), decidedAt, sessionId, decidedBy: outcome && deciderOf(outcome) };
  }

  return {
    held,
    standing,
    async find(id, requester) {
      const approval = isApprovalId(id) ? await recordOf(id, requester) : undefined;
      return approval && (await recordFor(approval));
    },
    async list({ status, limit, after, ...narrowing }, requester) {
      const query = { ...narrowing, statuses: status && STORED_AS[status], requester };
      const found: StoredApproval[] = [];
      let place = after;
      let isMore = true;
      for (let step = 0; step < MAX_STEPS && isMore && found.length <= limit; step += 1) {
        // Between the steps everything else has its turn.
        if (step > 0) await new Promise((resolve) => setImmediate(resolve));
        const { approvals, next } = await store.browse(query, place, limit + 1 - found.length);
        found.push(...approvals);
        isMore = next !== undefined;
        place = next;
      }
      const page = found.slice(0, limit);
      // One more was looked for, so that a full page knows whether another follows.
      const next = found.length > limit ? page.at(-1) : place;
      const isWanted = ({ listed }: DeskRecord) => status === undefined || listed.status === status;
      const records = (await Promise.all(page.map(recordFor))).filter(isWanted);
      return { records, next: next && { createdAt: next.createdAt, id: next.id } };
    },
    async withdraw(id, requester) {
      if (!isApprovalId(id)) return undefined;
      const here = held(id, requester);
      if (here?.leave("withdrawn") !== true) {
        const askedBy = here?.request.door ?? (await recordOf(id, requester))?.door;
        if (askedBy === undefined) return undefined;
        const why =
          askedBy === door ? "has ended, or its decision was fetched" : `was made through ${askedBy}`;
        return { refused: `The request ${why}: nothing changed.` };
      }
      return standing(id, requester);
    },
  };
}

/** Whether a token may see a request; one without a name sees all. */
function maySee(
  name: string | undefined,
  { requester }: { readonly requester?: string | undefined },
): boolean {
  return name === undefined || name === requester;
}

/** The plan that the server has read from a file was for the phone: a caller must not read files through it. */
function listedInput({ toolName, shownInput }: StoredApproval): StoredApproval["shownInput"] {
  const { plan, ...others } = shownInput;
  return toolName === PLAN_TOOL && "planFilePath" in shownInput ? others : shownInput;
}
