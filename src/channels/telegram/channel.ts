// The channel of Telegram: a bot that writes to its approvers, and reads what they tap and write by asking for it. Neither a webhook nor
// a tunnel is needed.
import { setMaxListeners } from "node:events";
import type { Inbound } from "../../core/inbound.ts";
import type { Channel, Heard } from "../../core/ports/channel.ts";
import type { ChannelStore } from "../../core/ports/channel-store.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { waitAtMost } from "../../core/timing.ts";
import { createPlatformTime } from "../platform-time.ts";
import { botIdOf, createTelegramApi, type Fetch, type TelegramApi } from "./api/client.ts";
import { createButtonMessages } from "./button-messages.ts";
import { createCallbackAnswers } from "./receive/callback-answers.ts";
import { createPoll } from "./receive/poll.ts";
import { type ReadUpdate, readUpdate } from "./receive/reader.ts";
import { createSeenSign } from "./receive/seen-sign.ts";
import { parseUpdate } from "./receive/update.ts";
import { createMessenger, type TelegramMessengerDeps } from "./send/messenger.ts";
import { createOutbound } from "./send/outbound.ts";
import { createSendCall, logFailure } from "./send/send-call.ts";
import { createChatLanes } from "./send/send-lanes.ts";

export interface TelegramChannelOptions extends Pick<TelegramMessengerDeps, "render" | "onTaken"> {
  /** A secret: part of each call's address, and of nothing else. */
  readonly token: string;
  /** An origin in place of https://api.telegram.org. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: ChannelStore;
  readonly fetch?: Fetch | undefined;
}

/** What `close` waits for, ms: a message or a change of one that is under way. */
const CLOSE_MS = 1_500;

/**
 * Nothing is sent or read before it is used or started.
 * @throws ConfigError for a token or an origin that cannot be right
 */
export function createTelegramChannel(options: TelegramChannelOptions): Channel {
  const { token, clock, log, store } = options;
  const closing = new AbortController();
  // Every call under way listens to it.
  setMaxListeners(0, closing.signal);
  const time = createPlatformTime(clock);
  const bare = createTelegramApi({ ...options, onTime: time.note });
  const api: TelegramApi = {
    call: (method, params, how) => bare.call(method, params, { signal: closing.signal, ...how }),
  };
  const lanes = createChatLanes(clock);
  const outbound = createOutbound(createSendCall({ api, lanes, clock, log }));
  const shown = createButtonMessages({
    outbound,
    onFailure: logFailure(log, "the buttons of a message stay"),
  });
  const answers = createCallbackAnswers(api, clock, log);
  let heard: Heard | undefined;

  const messenger = createMessenger({
    ...options,
    outbound,
    shown,
    sender: `telegram:${botIdOf(token)}`,
    problem: () => (poll.state().state === "refused" ? poll.state().problem : undefined),
    onLost(address, why) {
      heard?.lost(address, why).catch((error: unknown) => {
        log.error({ err: error }, "a lost address could not be written down");
      });
    },
  });

  const poll = createPoll({
    api,
    store,
    clock,
    log,
    async onUpdate(value) {
      const update = parseUpdate(value);
      const read = update === undefined ? undefined : readUpdate(update);
      if (read !== undefined && heard !== undefined) await take(read, heard);
    },
  });

  /** Telegram dates by its clock; a tap has no date. */
  function dated(inbound: Inbound): Inbound {
    return inbound.at === undefined ? inbound : { ...inbound, at: time.local(inbound.at) };
  }

  /** Whoever is not bound gets no answer, not even to a tap. */
  async function take(read: ReadUpdate, to: Heard): Promise<void> {
    const { from } = read;
    const inbound = dated(read.inbound);
    if (!to.isBound(from)) {
      if (read.kind !== "words") return;
      const { name } = read;
      await to.stranger({ from, text: pairingText(inbound.text), at: time.local(read.at), name });
      return;
    }
    if (read.kind !== "tap") return to.reply(inbound);
    if (!shown.isGenuine({ ...read, button: read.inbound.buttonId }, to.isAsked)) {
      log.refused(
        { from: "Telegram" },
        "refused: a tap on a message that does not say what was sent, or has no such button",
      );
      return answers.answer(read.callback);
    }
    const kept = to.reply(inbound);
    answers.answer(read.callback, kept);
    await kept;
  }

  return {
    name: "telegram",
    messenger,
    receipt: createSeenSign(api, log),
    start(to) {
      heard ??= to;
      poll.start();
    },
    // What is written is asked for all the time: a pause or a panic needs no request that waits.
    changed() {},
    ended: shown.ended,
    health: () => ({ channel: "telegram", ...poll.state() }),
    async close() {
      await poll.stop();
      await waitAtMost(CLOSE_MS, Promise.all([shown.idle(), answers.idle()]), clock);
      lanes.close();
      closing.abort(new Error("the channel is closed"));
    },
  };
}

/** A link to a bot can carry a word, which Telegram sends behind /start. */
function pairingText(text: string): string {
  return text.replace(/^\/start(@\w+)?(\s+|$)/i, "");
}
