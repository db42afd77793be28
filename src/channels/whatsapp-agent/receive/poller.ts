// The long poll: one at a time, from the place that was kept last. What it brings is handed on before that place is kept, so that
// nothing is lost; what was handed on already is known by its id.
import type { ChannelHealth } from "../../../core/ports/channel.ts";
import type { ChannelStore } from "../../../core/ports/channel-store.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { pause, waitAtMost } from "../../../core/timing.ts";
import type { DeliveryError } from "../../../domain/errors.ts";
import { AgentError } from "../api/agent-error.ts";
import type { AnswerKind } from "../api/answers.ts";
import type { AgentClient } from "../api/client.ts";
import type { AgentLimiter } from "../api/limiter.ts";
import { isOffset, type PolledUpdates, parseUpdates } from "./updates.ts";

const CHANNEL = "whatsapp-agent";
/** Everything that is still there: messages that were never marked as read, and receipts. */
const BEGINNING = "0";
/** From the start of one poll to that of the next, ms: while many are left, and so that fifteen last for a minute. */
const SPACING_MS = { many: 1_000, few: 4_000 } as const;
const MANY_LEFT = 8;
/** After a failed poll, ms; doubles with each further one. */
const FIRST_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 60_000;
/** A key that is not accepted: in case that it was the platform's fault. ms */
const REFUSED_PAUSE_MS = 5 * 60_000;
/** How long `stop` waits for what is being handed on, ms. */
const STOP_GRACE_MS = 1_000;

export interface PollerDeps {
  readonly client: Pick<AgentClient, "updates">;
  readonly limiter: Pick<AgentLimiter, "left">;
  readonly store: ChannelStore;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Hands a poll's messages and receipts on. Where it rejects, the same are read again.
   * @param isContinued whether an earlier run has kept the place that it went on from
   */
  readonly take: (updates: PolledUpdates, isContinued: boolean) => Promise<void>;
}

type PollerHealth = Pick<ChannelHealth, "state" | "problem">;

export interface Poller {
  start(): void;
  health(): PollerHealth;
  /** Why no answer can be heard until somebody does something; undefined otherwise. */
  refusal(): DeliveryError | undefined;
  stop(): Promise<void>;
}

export function createPoller({ client, limiter, store, clock, log, take }: PollerDeps): Poller {
  const stopping = new AbortController();
  const { signal } = stopping;
  let health: PollerHealth = { state: "starting" };
  let running: Promise<void> | undefined;
  let failures = 0;
  let isContinued = false;
  let refusal: AgentError | undefined;

  async function startingPosition(): Promise<string> {
    const kept = await store.channelPosition(CHANNEL);
    isContinued = kept !== undefined && isOffset(kept);
    if (kept === undefined || isContinued) return kept ?? BEGINNING;
    log.error({ channel: CHANNEL }, "the place that was read to is not one: all that is there is read");
    return BEGINNING;
  }

  async function run(): Promise<void> {
    let position: string | undefined;
    while (!signal.aborted) {
      const startedAt = clock.elapsed();
      try {
        position ??= await startingPosition();
        position = await once(position);
        if (failures > 0) log.info({ failures, channel: CHANNEL }, "the agent's messages can be read again");
        failures = 0;
        health = { state: "up" };
        refusal = undefined;
        const spacing = limiter.left("updates") > MANY_LEFT ? SPACING_MS.many : SPACING_MS.few;
        await wait(startedAt + spacing - clock.elapsed());
      } catch (error) {
        if (signal.aborted) return;
        // The place itself is refused: what is read again is known by its id.
        if (error instanceof AgentError && error.kind === "field") position = BEGINNING;
        if (!(await goOnAfter(error))) return;
      }
    }
  }

  /** @returns where to read on */
  async function once(position: string): Promise<string> {
    // The first one after a failure, or at all, is answered at once: then it is known how things stand.
    const text = await client.updates(position, health.state === "up", signal);
    if (text === undefined) return position;
    const updates = parseUpdates(text);
    const { next, unread } = updates;
    if (unread > 0) log.warn({ unread, channel: CHANNEL }, "entries of the agent's chat could not be read");
    await take(updates, isContinued);
    if (next === undefined || next === position) return position;
    await store.keepChannelPosition(CHANNEL, next).catch((error: unknown) => {
      log.error({ err: error, channel: CHANNEL }, "the place that was read to could not be kept");
    });
    return next;
  }

  /** @returns whether to poll again */
  async function goOnAfter(error: unknown): Promise<boolean> {
    failures += 1;
    const kind = error instanceof AgentError ? error.kind : undefined;
    const isRefused = kind === "replaced" || kind === "bad-key";
    if (isRefused) refusal = error as AgentError;
    health = { state: isRefused ? "refused" : "down", problem: problemOf(error) };
    if (failures === 1 || isRefused)
      log.error({ err: error, channel: CHANNEL }, "the agent's messages could not be read");
    // Whoever reads now would be thrown out by the next poll, and throw us out again.
    if (kind === "replaced") return false;
    const asked = error instanceof AgentError ? error.retryAfterMs : 0;
    const backOff = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
    await wait(Math.max(asked, isRefused ? REFUSED_PAUSE_MS : backOff));
    return true;
  }

  /** Ends early where it stops. */
  async function wait(ms: number): Promise<void> {
    if (ms > 0) await pause(ms, clock, signal).catch(() => {});
  }

  return {
    start() {
      running ??= run();
    },
    health: () => health,
    refusal: () => refusal,
    async stop() {
      stopping.abort(new Error("the channel is closed"));
      if (running !== undefined) await waitAtMost(STOP_GRACE_MS, running, clock);
    },
  };
}

/** Of the others, the words are about messages. */
const SAID_AS_IT_IS: readonly AnswerKind[] = ["bad-key", "replaced", "not-connected", "not-trusted"];

function problemOf(error: unknown): string {
  if (!(error instanceof AgentError))
    return "What came in could not be read or written down: see the log. It is tried again by itself.";
  if (SAID_AS_IT_IS.includes(error.kind)) return `${error.message} ${error.advice}`;
  const answer = error.status === undefined ? "no answer" : `HTTP ${error.status}`;
  return `WhatsApp's Agent Platform could not be read from: ${answer}. It is tried again by itself.`;
}
