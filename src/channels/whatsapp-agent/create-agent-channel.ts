// WhatsApp's Agent Platform as a channel: one key, one long poll, no webhook and no buttons.
import { setMaxListeners } from "node:events";
import type { Channel, Heard } from "../../core/ports/channel.ts";
import type { ChannelStore } from "../../core/ports/channel-store.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { MessageNote } from "../../core/ports/correspondence-store.ts";
import type { Log } from "../../core/ports/log.ts";
import { waitAtMost } from "../../core/timing.ts";
import type { ApprovalRequest } from "../../domain/approval.ts";
import { DeliveryError } from "../../domain/errors.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { createPlatformTime } from "../platform-time.ts";
import { createAgentClient } from "./api/client.ts";
import { createAgentLimiter } from "./api/limiter.ts";
import { createInboundReader } from "./receive/inbound-reader.ts";
import { createPoller, type Poller } from "./receive/poller.ts";
import { createAgentReceipts } from "./receive/receipts.ts";
import { createRecent } from "./recent.ts";
import { createAgentMessenger } from "./send/messenger.ts";
import { createReplySign } from "./send/reply-sign.ts";
import { type AgentPrompt, agentPrompt } from "./send/request-text.ts";
import { createSendQueue } from "./send/send-queue.ts";
import { createAgentSender } from "./send/sender.ts";

export interface AgentChannelDeps {
  /** The agent's key. A secret. */
  readonly key: string;
  /** Whose origin takes the place of the platform's. Default: the platform. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: ChannelStore;
  /** Whether a thumb or a mark on a request decides. Default: no reaction decides anything. */
  readonly reactions?: "on" | "off" | undefined;
  /** Writes a request out, where a large one must not hold the others up. Default: at once. */
  readonly render?: ((request: ApprovalRequest) => Promise<AgentPrompt>) | undefined;
  /** Told of each message that was taken. Must not throw. */
  readonly onTaken?: ((note: MessageNote) => void) | undefined;
  /** Default: Node's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** How long `close` waits for messages under way, ms. */
const CLOSE_GRACE_MS = 2_000;

/** @throws ConfigError when the key cannot be one */
export function createAgentChannel(deps: AgentChannelDeps): Channel {
  const { clock, log, store, reactions = "off", onTaken } = deps;
  const hasReactions = reactions === "on";
  const { render = async (request: ApprovalRequest) => agentPrompt(request, { hasReactions }) } = deps;
  const limiter = createAgentLimiter(clock);
  const time = createPlatformTime(clock);
  const closing = new AbortController();
  const { signal } = closing;
  // Every call and message under way listens, until it is over; Node would warn of a leak at the eleventh.
  setMaxListeners(0, signal);
  const client = createAgentClient({ ...deps, limiter, closing: signal, onTime: time.note });
  let heard: Heard | undefined;
  let poller: Poller | undefined;
  const asked = createRecent<ApprovalId>();
  const receipts = createAgentReceipts({ clock, time, log, heard: () => heard });
  const sign = createReplySign({ client, limiter, log });
  const queue = createSendQueue();
  const sender = createAgentSender({
    client,
    limiter,
    queue,
    receipts,
    time,
    clock,
    log,
    onTaken,
    closing: signal,
    onLost(address, why) {
      heard?.lost(address, why).catch((error: unknown) => {
        log.error({ err: error }, "that an address is lost could not be written down");
      });
    },
  });

  return {
    name: "whatsapp-agent",
    messenger: createAgentMessenger({
      sender,
      client,
      limiter,
      log,
      render,
      onAsked: asked.set,
      refusal: () => poller?.refusal(),
    }),
    receipt: sign,
    start(hearing) {
      if (heard !== undefined || closing.signal.aborted) return;
      heard = hearing;
      const inbound = createInboundReader({
        heard: hearing,
        clock,
        time,
        log,
        hasReactions,
        requestOf: asked.get,
        onKept: sign.kept,
      });
      poller = createPoller({
        client,
        limiter,
        store,
        clock,
        log,
        async take({ messages, statuses }, isContinued) {
          // Words first: a denial must not wait for a receipt that cannot be written down.
          const results = [
            await inbound.take(messages, isContinued).catch(rejected),
            await receipts.take(statuses).catch(rejected),
          ];
          const failed = results.find((result) => result !== undefined);
          if (failed !== undefined) throw failed.reason;
        },
      });
      poller.start();
    },
    // It listens all the time: a long poll costs next to nothing, and a command may come at any moment.
    changed() {},
    // Nothing of it has buttons, and no message can be edited.
    ended() {},
    health: () => ({ channel: "whatsapp-agent", ...(poller?.health() ?? { state: "starting" }) }),
    async close() {
      // What was said last, "denied" among it, has a moment to leave.
      await Promise.all([poller?.stop(), waitAtMost(CLOSE_GRACE_MS, queue.idle(), clock)]);
      closing.abort(new DeliveryError("The approval server is stopping.", "Ask again when it runs."));
    },
  };
}

const rejected = (reason: unknown) => ({ reason });
