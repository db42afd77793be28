// What a task is known by and held to while it runs: a token that is its own, in memory only, and how much it may ask. A task that
// has used up its number is denied without a person being asked.
import { createHash, randomBytes } from "node:crypto";
import type { Journal, JournalEnd } from "../core/ports/journal.ts";
import { LimitError, type RequestLimiter } from "../core/request-limiter.ts";
import type { Outcome } from "../domain/approval.ts";
import { isTaskRequester } from "../domain/task.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

/** So that one of a task that has ended is told from none, and refused. */
const PREFIX = "task_";
/** No time makes it less. */
const RETRY_MS = 60 * 60_000;

export interface TaskGuard {
  /** Lets a task ask, under this name, until its end. */
  begin(requester: string, maxAsked: number): RunningTask;
  /** @returns whose token it is; `ended` for one that counts no more; undefined where it is none of a task */
  tokenOf(token: string): { readonly requester: string } | "ended" | undefined;
  /** Refuses what is over a task's number, before the limits of every caller. */
  limit(limiter: RequestLimiter): RequestLimiter;
  /** Counts. */
  readonly journal: Journal;
}

interface RunningTask {
  readonly token: string;
  /** How many of its calls a person was asked about. */
  asked(): number;
  end(): void;
}

interface Budget {
  readonly max: number;
  asked: number;
  /** Let in, and not yet asked about: many that come at once must not all be let in by what one of them leaves. */
  readonly arriving: Set<object>;
}

export function createTaskGuard(): TaskGuard {
  const requesters = new Map<string, string>();
  const budgets = new Map<string, Budget>();
  /** Requests that count for now: what the policy or a grant decides is taken back. */
  const counted = new Map<ApprovalId, Budget>();
  // By its digest: how long a look takes says nothing about a token.
  const digest = (token: string) => createHash("sha256").update(token).digest("hex");

  function settle({ request: { id }, outcome }: JournalEnd): void {
    const budget = counted.get(id);
    counted.delete(id);
    if (budget !== undefined && !isPersons(outcome)) budget.asked -= 1;
  }

  return {
    begin(requester, max) {
      const token = `${PREFIX}${randomBytes(24).toString("hex")}`;
      const key = digest(token);
      const budget: Budget = { max, asked: 0, arriving: new Set() };
      requesters.set(key, requester);
      budgets.set(requester, budget);
      return {
        token,
        asked: () => budget.asked,
        end() {
          requesters.delete(key);
          if (budgets.get(requester) === budget) budgets.delete(requester);
        },
      };
    },
    tokenOf(token) {
      if (!token.startsWith(PREFIX)) return undefined;
      const requester = requesters.get(digest(token));
      return requester === undefined ? "ended" : { requester };
    },
    limit: (limiter) => ({
      async admit(requester) {
        if (isTaskRequester(requester)) {
          const budget = budgets.get(requester ?? "");
          if (budget === undefined) throw over("it has ended.");
          if (budget.asked >= budget.max)
            throw over(
              `it has asked ${budget.max} times already, which is all that a task may (TASK_APPROVALS). Stop, and say what is missing.`,
            );
          if (budget.asked + budget.arriving.size >= budget.max)
            throw over(
              `more of its calls came at once than it may still ask about (TASK_APPROVALS: ${budget.max}). Ask one after the other.`,
            );
          return arrive(budget, () => limiter.admit(requester));
        }
        return limiter.admit(requester);
      },
    }),
    journal: {
      asked({ id, requester }) {
        const budget = requester === undefined ? undefined : budgets.get(requester);
        if (budget === undefined) return;
        const [oldest] = budget.arriving;
        if (oldest !== undefined) budget.arriving.delete(oldest);
        budget.asked += 1;
        counted.set(id, budget);
      },
      ended: settle,
      answered() {},
      turnedAway() {},
    },
  };
}

/** Counts it from now on, until it is asked about or has come to nothing. */
async function arrive({ arriving }: Budget, admit: () => Promise<() => void>): Promise<() => void> {
  const mine = {};
  arriving.add(mine);
  try {
    const leave = await admit();
    return () => {
      arriving.delete(mine);
      leave();
    };
  } catch (error) {
    arriving.delete(mine);
    throw error;
  }
}

function isPersons(outcome: Outcome): boolean {
  if (outcome.status === "approved") return outcome.by !== "policy" && outcome.by !== "grant";
  return outcome.status !== "blocked" && outcome.status !== "refused";
}

function over(message: string): LimitError {
  return new LimitError({ status: "limited", message, retryAfterMs: RETRY_MS });
}
