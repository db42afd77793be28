// Who listens for changes, and what has changed: a listener with a named token hears of its own requests alone. Only addresses are
// told; what is there now has to be read.
import type { ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Journal, JournalRequest } from "../../../core/ports/journal.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { ApprovalId } from "../../../domain/tool-call.ts";
import { currentRequestContext } from "../request-context.ts";
import { RESOURCES, urisOf } from "./resource-table.ts";

/** How often is looked whether the mode or the policy has changed while somebody listens, ms. */
const LOOK_MS = 5_000;
/** Requests whose caller has not been heard of yet, at most. */
const MAX_ENDED = 1_000;

/** A bus as the SDK subscribes to it: within the request that listens, which names its token. */
export interface News extends ServerEventBus {
  /** To be told what becomes of requests. */
  readonly journal: Journal;
  close(): void;
}

interface NewsListener {
  readonly requester: string | undefined;
  readonly hear: (event: ServerEvent) => void;
}

/** @param stamp stands for how the server itself stands: its mode, its policy */
export function createNews(stamp: () => string, clock: Clock, log: Log): News {
  const listeners = new Set<NewsListener>();
  const ended = new Map<ApprovalId, JournalRequest>();
  let seen = stamp();
  let stopLooking: (() => void) | undefined;

  function tell(event: ServerEvent, isFor: (listener: NewsListener) => boolean): void {
    for (const listener of [...listeners].filter(isFor)) {
      try {
        listener.hear(event);
      } catch (error) {
        log.warn({ err: error }, "a change could not be told to an MCP client");
      }
    }
  }

  function changed(request: JournalRequest): void {
    if (listeners.size === 0) return;
    const isFor = ({ requester }: NewsListener) => requester === undefined || requester === request.requester;
    for (const uri of urisOf(request)) tell({ kind: "resource_updated", uri }, isFor);
  }

  function look(): void {
    const now = stamp();
    if (now !== seen) {
      seen = now;
      for (const { uri } of [RESOURCES.status, RESOURCES.policy])
        tell({ kind: "resource_updated", uri }, () => true);
    }
    stopLooking = listeners.size === 0 ? undefined : clock.after(LOOK_MS, look);
  }

  return {
    publish: (event) => tell(event, () => true),
    subscribe(hear) {
      const listener = { requester: currentRequestContext()?.requester, hear };
      listeners.add(listener);
      if (stopLooking === undefined) {
        seen = stamp();
        stopLooking = clock.after(LOOK_MS, look);
      }
      return () => void listeners.delete(listener);
    },
    journal: {
      asked: changed,
      ended({ request }) {
        ended.set(request.id, request);
        const [oldest] = ended.keys();
        if (ended.size > MAX_ENDED && oldest !== undefined) ended.delete(oldest);
        changed(request);
      },
      answered(id) {
        const request = ended.get(id);
        ended.delete(id);
        if (request !== undefined) changed(request);
      },
      turnedAway: () => {},
    },
    close() {
      stopLooking?.();
      listeners.clear();
    },
  };
}
