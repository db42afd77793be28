// "Tell me when it is done": a short message when Claude has finished or waits for its person. Every message costs, so
// there is at most one a minute for a session, and none that says the same again. Never affects a hook's answer.

import type { Addressed } from "../../core/addressed.ts";
import type { WaitingTurn } from "../../core/finished-turns.ts";
import type { People } from "../../core/people.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Inspector } from "../../core/ports/inspector.ts";
import type { Log } from "../../core/ports/log.ts";
import type { Messenger } from "../../core/ports/messenger.ts";
import { createSafeInspection } from "../../core/safe-inspection.ts";
import { pause } from "../../core/timing.ts";
import type { NewsNotice } from "../../domain/news-notice.ts";
import type { ServiceMode } from "../../domain/service-mode.ts";
import { projectName } from "../project.ts";
import type { ElicitationAsk } from "./elicitation-input.ts";
import type { HookEvent, HookSource } from "./hook-input.ts";

/** Between two messages of one session, ms. */
const INTERVAL_MS = 60_000;
/** Sessions that may be reported within one interval: nobody can flood the phone with made-up ones. */
const MAX_SESSIONS = 5;
/** Sessions that are remembered as finished. */
const MAX_FINISHED = 1_000;
/** The others are of no use on a phone: a waiting permission has a message of its own. */
export const TOLD_NOTIFICATIONS = [
  "idle_prompt",
  "agent_needs_input",
  "elicitation_dialog",
  "worker_permission_prompt",
];

export interface DoneMessages {
  /** Whether the person wants to be reached away from the terminal. */
  readonly isOn: boolean;
  /**
   * Claude has stopped. While tasks run in the background it will go on by itself: then it has not finished.
   * @param turn waits for words: the message says that it takes them @returns whether a phone has the message
   */
  stopped(event: HookEvent, turn?: WaitingTurn): Promise<boolean>;
  /** An error has ended the turn. */
  failed(event: HookEvent): Promise<void>;
  notified(event: HookEvent): Promise<void>;
  /** An MCP server wants a page to be opened, at the terminal. */
  waitsForPage(ask: Pick<ElicitationAsk, "sessionId" | "cwd" | "server" | "message">): Promise<void>;
  /** A prompt came in. When a person has written it, what comes next is news. */
  prompted(event: HookEvent): void;
}

export interface DoneMessagesDeps {
  readonly messenger: Messenger;
  readonly addressed: Pick<Addressed, "note">;
  readonly people: Pick<People, "toTellOf" | "mayDecide">;
  /** Masks secrets. */
  readonly inspector: Inspector;
  /** A pause is quiet. */
  readonly mode: () => ServiceMode;
  readonly clock: Clock;
  readonly log: Log;
}

/** When `DONE_MESSAGES` is off. */
export const noDoneMessages: DoneMessages = {
  isOn: false,
  stopped: async () => false,
  failed: async () => {},
  notified: async () => {},
  waitsForPage: async () => {},
  prompted: () => {},
};

/** When it is off, and Claude waits for words all the same. */
export function onlyWaiting(done: DoneMessages): DoneMessages {
  const stopped: DoneMessages["stopped"] = async (event, turn) =>
    turn === undefined ? false : done.stopped(event, turn);
  return { ...noDoneMessages, stopped };
}

export function createDoneMessages(deps: DoneMessagesDeps): DoneMessages {
  const { messenger, addressed, people, inspector, mode, clock, log } = deps;
  const inspect = createSafeInspection(inspector, clock, log);
  const toldAt = new Map<string, number>();
  /** Sessions whose end was told and whose person has not written since: that they are idle is no news. */
  const finished = new Set<string>();

  function mayTell({ sessionId = "" }: Pick<HookSource, "sessionId">): boolean {
    const now = clock.elapsed();
    for (const [session, at] of toldAt) if (now - at >= INTERVAL_MS) toldAt.delete(session);
    if (mode().kind !== "open" || toldAt.has(sessionId) || toldAt.size >= MAX_SESSIONS) return false;
    toldAt.set(sessionId, now);
    return true;
  }

  /** The words without their secrets; none where that could not be checked. */
  async function masked(words: string | undefined): Promise<string | undefined> {
    if (words === undefined) return undefined;
    const { shown, secrets } = await inspect({ toolName: "Stop", input: { words } });
    const { words: clean } = shown.input;
    return secrets === undefined || typeof clean !== "string" ? undefined : clean;
  }

  /** @returns whether a phone has it */
  async function tell(notice: NewsNotice, turn?: WaitingTurn): Promise<boolean> {
    const { replyWithinMs: _, ...plain } = notice;
    const sent = people.toTellOf(notice.project).map(async (approver) => {
      // Whoever is only told is not asked for words, and none of theirs come.
      const mayReply = people.mayDecide(approver, notice.project);
      try {
        const id = await messenger.tell(approver, mayReply ? notice : plain);
        if (turn !== undefined && mayReply) addressed.note(id, { kind: "finished", subject: turn.subject });
        return turn === undefined || mayReply;
      } catch (error) {
        log.warn({ err: error }, "a message that Claude is done could not be sent");
        return false;
      }
    });
    return (await Promise.all(sent)).includes(true);
  }

  /** The next message about a session, where its person would have to wait for it: unless Claude goes on before. */
  async function whenAllowed({ sessionId }: HookEvent, turn: WaitingTurn): Promise<boolean> {
    const at = toldAt.get(sessionId);
    const leftMs = at === undefined ? 0 : INTERVAL_MS - (clock.elapsed() - at);
    // Somebody at a phone waits for the end of what they have asked for.
    if (turn.isAnswer) toldAt.delete(sessionId);
    else if (leftMs > 0) await pause(leftMs, clock, turn.signal).catch(() => {});
    return !turn.signal.aborted;
  }

  async function ended(
    event: HookEvent,
    news: "finished" | "failed",
    said: string | undefined,
    turn?: WaitingTurn,
  ): Promise<boolean> {
    if (turn !== undefined && !(await whenAllowed(event, turn))) return false;
    if (!mayTell(event)) return false;
    if (finished.size > MAX_FINISHED) finished.clear();
    finished.add(event.sessionId);
    const words = await masked(said);
    const project = projectName(event.cwd);
    if (turn?.signal.aborted) return false;
    return tell({ kind: "news", news, project, words, replyWithinMs: turn?.forMs }, turn);
  }

  return {
    isOn: true,
    stopped: async (event, turn) => {
      if ((event.tasksInFlight ?? 0) > 0) return false;
      return ended(event, "finished", event.lastWords, turn);
    },
    failed: async (event) => void (await ended(event, "failed", event.error)),
    async notified(event) {
      const { notification, sessionId } = event;
      if (notification === undefined || !TOLD_NOTIFICATIONS.includes(notification.type)) return;
      if (notification.type === "idle_prompt" && finished.has(sessionId)) return;
      if (!mayTell(event)) return;
      const words = await masked(notification.message);
      await tell({ kind: "news", news: "waits-at-terminal", project: projectName(event.cwd), words });
    },
    async waitsForPage({ server, message, ...event }) {
      if (!mayTell(event)) return;
      const words = await masked(`${server}: ${message}`);
      await tell({ kind: "news", news: "waits-at-terminal", project: projectName(event.cwd), words });
    },
    prompted({ sessionId, isByClaudeCode = false }) {
      if (!isByClaudeCode) finished.delete(sessionId);
    },
  };
}
