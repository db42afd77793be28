// The channel of Telegram over the simulated Telegram, on a clock that moves only while a test waits for something.
import { setTimeout as realPause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { createTelegramChannel, type TelegramChannelOptions } from "../../src/channels/telegram/channel.ts";
import type { Inbound } from "../../src/core/inbound.ts";
import type { Channel, Heard, StrangerMessage } from "../../src/core/ports/channel.ts";
import type { ChannelStore } from "../../src/core/ports/channel-store.ts";
import type { AskOptions } from "../../src/core/ports/messenger.ts";
import { addressOn } from "../../src/domain/channel.ts";
import type { SentMessage } from "../../src/domain/delivery.ts";
import type { DeliveryError } from "../../src/domain/errors.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import type { TelegramSimulator } from "../../src/simulator/telegram/contract.ts";
import { createTelegramSimulator } from "../../src/simulator/telegram/create-telegram.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createKeptLog, type KeptLog } from "./silent-log.ts";

/** Put together so that no scanner takes it for a real one. */
export const TEST_TOKEN = ["123456789", "AAAAtest_bot_token_for_the_simulator"].join(":");
export const PERSON = 5_550_006;
export const ADDRESS: Phone = addressOn("telegram", String(PERSON));

export interface HeardStage extends Heard {
  readonly replies: Inbound[];
  readonly strangers: StrangerMessage[];
  readonly lostOnes: { address: Phone; why: string }[];
  readonly bound: Set<Phone>;
  /** What `reply` does instead of keeping a reply. */
  failWith: Error | undefined;
}

export function createHeard(): HeardStage {
  const bound = new Set([ADDRESS]);
  const stage: HeardStage = {
    replies: [],
    strangers: [],
    lostOnes: [],
    bound,
    failWith: undefined,
    async reply(inbound) {
      if (stage.failWith !== undefined) throw stage.failWith;
      stage.replies.push(inbound);
    },
    async receipt() {},
    isBound: (address) => bound.has(address),
    isWaiting: () => false,
    async stranger(message) {
      stage.strangers.push(message);
      return "ignored";
    },
    async lost(address, why) {
      stage.lostOnes.push({ address, why });
    },
  };
  return stage;
}

export interface KeptPosition extends ChannelStore {
  text: string | undefined;
}

export function createKeptPosition(text?: string): KeptPosition {
  const kept: KeptPosition = {
    text,
    channelPosition: async () => kept.text,
    async keepChannelPosition(_, position) {
      kept.text = position;
    },
  };
  return kept;
}

export interface AskStage extends AskOptions {
  readonly sent: SentMessage[];
  readonly refused: DeliveryError[];
  readonly rendered: { offersSession: boolean; hidden: number }[];
  end(): void;
}

/** @param leftMs how long the request waits */
export function askOptions(options: Partial<AskOptions> = {}): AskStage {
  const ending = new AbortController();
  const sent: SentMessage[] = [];
  const refused: DeliveryError[] = [];
  const rendered: AskStage["rendered"] = [];
  return {
    signal: ending.signal,
    leftMs: () => 300_000,
    to: [ADDRESS],
    onRendered: ({ offersSession, hidden }) => void rendered.push({ offersSession, hidden }),
    onSent: (message) => void sent.push(message),
    onRefused: (_, error) => void refused.push(error),
    ...options,
    sent,
    refused,
    rendered,
    end: () => ending.abort(new Error("the request has ended")),
  };
}

export interface TelegramStage {
  readonly telegram: TelegramSimulator;
  readonly channel: Channel;
  readonly heard: HeardStage;
  readonly clock: FakeClock;
  readonly log: KeptLog;
  readonly store: KeptPosition;
  /** Lets time pass until something is so. */
  until<T>(condition: () => T | undefined | false): Promise<T>;
  /** What a promise comes to, while time passes. @throws what it throws */
  come<T>(promise: Promise<T>): Promise<T>;
}

export async function createTelegramStage(
  options: Partial<TelegramChannelOptions> & { store?: KeptPosition; telegram?: TelegramSimulator } = {},
): Promise<TelegramStage> {
  const clock = createFakeClock();
  const telegram =
    options.telegram ??
    (await createTelegramSimulator({ token: TEST_TOKEN, users: [PERSON], now: clock.now }));
  const log = createKeptLog();
  const store = options.store ?? createKeptPosition();
  const heard = createHeard();
  const channel = createTelegramChannel({
    token: TEST_TOKEN,
    baseUrl: telegram.url,
    clock,
    log,
    ...options,
    store,
  });

  async function until<T>(condition: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = condition();
      if (found !== undefined && found !== false) return found;
      // For the network, which knows nothing of the clock.
      await realPause(2);
      await clock.advance(100);
    }
  }

  async function come<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    promise.then(end, end);
    await until(() => isOver);
    return promise;
  }

  onTestFinished(async () => {
    await come(channel.close());
    if (options.telegram === undefined) await telegram.stop();
  });
  return { telegram, channel, heard, clock, log, store, until, come };
}
