// Asks Telegram for what has happened, one call after another, each of which waits there until something has. Nothing is read past that
// was not handed on. Never fights over the bot: whoever else reads it goes on reading it.
import type { ChannelStore } from "../../../core/ports/channel-store.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { pause, waitAtMost } from "../../../core/timing.ts";
import { failureOf } from "../api/api-error.ts";
import type { TelegramApi } from "../api/client.ts";
import { problemOf } from "../api/error-table.ts";
import { current, type Position, positionText, readPosition } from "./position.ts";
import { ALLOWED_UPDATES, numbered } from "./update.ts";

/** How long Telegram holds a call back while nothing happens, s. */
const HOLD_SECONDS = 25;
/** How long an answer may take, ms: the network's time on top. */
const LIMIT_MS = (HOLD_SECONDS + 15) * 1000;
/** A call that is answered sooner without news did not wait: the next one does. ms */
const LEAST_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** A webhook harms nobody by being looked for. ms */
const WEBHOOK_PAUSE_MS = 60_000;
const STOP_GRACE_MS = 1_000;

interface PollState {
  readonly state: "starting" | "up" | "down" | "refused";
  readonly problem?: string | undefined;
}

export interface PollDeps {
  readonly api: TelegramApi;
  readonly store: ChannelStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Handed one after another. Where it rejects, the update is handed on once more, later. */
  onUpdate(update: unknown): Promise<void>;
}

export interface UpdatePoll {
  start(): void;
  state(): PollState;
  /** Nothing is read or handed on afterwards. */
  stop(): Promise<void>;
}

export function createPoll({ api, store, clock, log, onUpdate }: PollDeps): UpdatePoll {
  const stopping = new AbortController();
  const { signal } = stopping;
  let state: PollState = { state: "starting" };
  let position: Position | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;

  async function run(): Promise<void> {
    try {
      const kept = await store.channelPosition("telegram").catch((error: unknown) => {
        log.error({ err: error }, "where Telegram was read to could not be looked up");
        return undefined;
      });
      position = readPosition(kept, clock.now());
      while (!signal.aborted) if (!(await once())) return;
    } catch (error) {
      // A pause or a call that ended with the stop.
      if (!signal.aborted) throw error;
    }
  }

  /** @returns false where it is not to be tried again */
  async function once(): Promise<boolean> {
    const began = clock.elapsed();
    const from = position && current(position, clock.now());
    let updates: ReturnType<typeof numbered>;
    try {
      const params = {
        // What is not known to work is not waited for: how things stand is known at once.
        timeout: state.state === "up" ? HOLD_SECONDS : 0,
        allowed_updates: ALLOWED_UPDATES,
        ...(from === undefined ? {} : { offset: from.next }),
      };
      updates = numbered(await api.call("getUpdates", params, { limitMs: LIMIT_MS, signal }));
    } catch (error) {
      signal.throwIfAborted();
      return failed(error);
    }
    worked();
    if (!(await handOn(updates))) return true;
    const leastMs = LEAST_MS - (clock.elapsed() - began);
    if (updates.length === 0 && leastMs > 0) await pause(leastMs, clock, signal);
    return true;
  }

  /** @returns whether all were taken */
  async function handOn(updates: ReturnType<typeof numbered>): Promise<boolean> {
    let taken: Position | undefined;
    try {
      for (const { id, value } of updates) {
        signal.throwIfAborted();
        await onUpdate(value);
        taken = { next: id + 1, at: clock.now() };
      }
      return true;
    } catch (error) {
      signal.throwIfAborted();
      log.error({ err: error }, "what Telegram told could not be taken; it is asked for again");
      await keep(taken);
      taken = undefined;
      await pause(nextPause(), clock, signal);
      return false;
    } finally {
      await keep(taken);
    }
  }

  async function keep(taken: Position | undefined): Promise<void> {
    if (taken === undefined) return;
    position = taken;
    await store.keepChannelPosition("telegram", positionText(taken)).catch((error: unknown) => {
      log.error({ err: error }, "where Telegram was read to could not be kept");
    });
  }

  function worked(): void {
    if (state.state === "down" || state.state === "refused") log.info({}, "Telegram can be read again");
    state = { state: "up" };
    failures = 0;
  }

  function nextPause(): number {
    failures += 1;
    return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  }

  async function failed(error: unknown): Promise<boolean> {
    const failure = failureOf(error);
    const { code, kind, reason, retryAfterMs = 0 } = failure;
    const isRefused = kind === "refused";
    const isNew = state.problem === undefined;
    state = { state: isRefused ? "refused" : "down", problem: problemOf(error) };
    const fields = { code, kind, reason, problem: state.problem };
    if (isNew && isRefused) log.error(fields, "Telegram cannot be read");
    else if (isNew) log.warn(fields, "Telegram cannot be read; it is tried again");
    if (!isRefused) {
      await pause(Math.max(nextPause(), retryAfterMs), clock, signal);
      return true;
    }
    const isWebhook = code === 409 && /webhook/i.test(failure.description ?? "");
    if (!isWebhook) return false;
    await pause(WEBHOOK_PAUSE_MS, clock, signal);
    return true;
  }

  return {
    start() {
      running ??= run().catch((error: unknown) => {
        log.error({ err: error }, "reading Telegram has ended");
        state = {
          state: "refused",
          problem: "Reading Telegram has ended with an error. Restart the server.",
        };
      });
    },
    state: () => state,
    async stop() {
      stopping.abort(new Error("the channel is closed"));
      if (running !== undefined) await waitAtMost(STOP_GRACE_MS, running, clock);
    },
  };
}
