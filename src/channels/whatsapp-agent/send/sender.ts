// Sends one message surely, and never twice: what was certainly not taken is sent again, what may have been taken is not. There is no
// list to look for it in; only its receipt can prove it.
import type { Clock } from "../../../core/ports/clock.ts";
import type { MessageNote } from "../../../core/ports/correspondence-store.ts";
import type { Log } from "../../../core/ports/log.ts";
import { pause } from "../../../core/timing.ts";
import { userOf } from "../../../domain/channel.ts";
import { DeliveryError } from "../../../domain/errors.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import type { PlatformTime } from "../../platform-time.ts";
import { AgentError } from "../api/agent-error.ts";
import type { AgentClient, OutgoingContent } from "../api/client.ts";
import type { AgentLimiter } from "../api/limiter.ts";
import { firstOf } from "../first-of.ts";
import type { AgentReceipts } from "../receive/receipts.ts";
import type { SendPriority, SendQueue } from "./send-queue.ts";

/** No post begins later than so long after the first, ms. */
const TRY_FOR_MS = 90_000;

interface AgentOutgoing extends Pick<MessageNote, "purpose" | "requestId"> {
  readonly to: Phone;
  readonly content: OutgoingContent;
  /** A message of the same chat. Left out where the platform refuses it. */
  readonly quote?: string | undefined;
  readonly priority: SendPriority;
  /** How long it is of use, ms. Default: as long as it is tried. */
  readonly leftMs?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AgentSenderDeps {
  readonly client: Pick<AgentClient, "send">;
  readonly limiter: Pick<AgentLimiter, "hold" | "waitMs">;
  readonly queue: SendQueue;
  readonly receipts: Pick<AgentReceipts, "sent" | "proofOf">;
  readonly time: PlatformTime;
  readonly clock: Clock;
  readonly log: Log;
  readonly onTaken?: ((note: MessageNote) => void) | undefined;
  /** Drops whatever waits, when it is over. */
  readonly closing: AbortSignal;
  /** The platform lets the agent write to this address no longer. */
  readonly onLost: (address: Phone, why: string) => void;
}

export interface AgentSender {
  /**
   * @returns the message's id: the platform's, or one of ours where only a receipt has proven it
   * @throws DeliveryError; the signal's reason where it was dropped before it left
   */
  send(message: AgentOutgoing): Promise<string>;
}

export function createAgentSender(deps: AgentSenderDeps): AgentSender {
  const { client, limiter, queue, receipts, time, clock, log, closing } = deps;

  /** Posts until it is taken or refused. Alone: nothing else is sent meanwhile. */
  async function deliver(message: AgentOutgoing): Promise<string> {
    const startedAt = clock.elapsed();
    let { quote } = message;
    for (let posts = 1; ; posts += 1) {
      const since = time.now();
      assertInTime(message, startedAt);
      try {
        const id = await post(message, quote);
        receipts.sent(id);
        return id;
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        const { kind, meaning, status, code, connection } = error;
        const about = { posts, kind, status, code: code ?? connection };
        if (kind === "field" && quote !== undefined) {
          log.warn(about, "a message was refused with what it quotes: it is sent without");
          quote = undefined;
          continue;
        }
        if (kind === "not-the-person") deps.onLost(message.to, `${error.message} ${error.advice}`);
        if (meaning.taken === "unknown") return proven(message, since, error);
        if (meaning.repeat === undefined || posts >= meaning.repeat.posts) throw error;
        log.warn(about, "a message was not taken: it is sent again");
        const pauseMs = Math.max(error.retryAfterMs, meaning.repeat.firstPauseMs * 2 ** (posts - 1));
        if (kind === "rate") limiter.hold("messages", pauseMs);
        else await pause(pauseMs, clock, message.signal);
      }
    }
  }

  function post({ to, content, signal }: AgentOutgoing, quote: string | undefined): Promise<string> {
    return client.send({ to: userOf(to), content, ...(quote === undefined ? {} : { quote }) }, signal);
  }

  async function proven({ signal }: AgentOutgoing, since: number, error: AgentError): Promise<string> {
    const id = await receipts.proofOf(since, signal);
    if (id !== undefined) return id;
    const { status, code, connection } = error;
    log.warn({ status, code: code ?? connection }, "nobody can tell whether a message was taken");
    throw error;
  }

  /** Nobody is asked after the time is over, however long the queue was. */
  function assertInTime({ leftMs }: AgentOutgoing, startedAt: number): void {
    const left = Math.min(TRY_FOR_MS - (clock.elapsed() - startedAt), leftMs?.() ?? TRY_FOR_MS);
    if (left <= 0 || limiter.waitMs("messages") > left) throw tooLate();
  }

  return {
    async send(message) {
      const { to, purpose, requestId, priority } = message;
      const { signal, release } = firstOf(closing, message.signal);
      const work = () => deliver({ ...message, signal });
      const messageId = await queue.run(priority, work, signal).finally(release);
      deps.onTaken?.({ messageId, sender: "whatsapp-agent", to, purpose, requestId, at: clock.now() });
      return messageId;
    },
  };
}

function tooLate(): DeliveryError {
  return new DeliveryError(
    "The message could not be sent before the request expired.",
    "WhatsApp takes 12 messages a minute from an agent: try again when fewer messages wait, or raise APPROVAL_TIMEOUT_SECONDS.",
  );
}
