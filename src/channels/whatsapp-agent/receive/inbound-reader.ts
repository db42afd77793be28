// Hands on what a person has written to the agent, one after another, each once. What it cannot read never stops it.
import type { Inbound } from "../../../core/inbound.ts";
import type { Heard } from "../../../core/ports/channel.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { MAX_REPLY_AGE_MS } from "../../../core/too-late.ts";
import { addressOn } from "../../../domain/channel.ts";
import type { ApprovalId } from "../../../domain/tool-call.ts";
import type { PlatformTime } from "../../platform-time.ts";
import { createRecent } from "../recent.ts";
import { type ReadReaction, readReaction } from "./reactions.ts";
import { type AgentMessage, timeOf } from "./updates.ts";

/** Types without words of their own: the person is told that they say nothing. */
const WORDLESS = new Set(["audio", "sticker"]);

/** Of what is older nothing counts, where it is not known to be new, ms. */
const STOPS_BACK_MS = 24 * 60 * 60_000;

export interface InboundReaderDeps {
  readonly heard: Heard;
  readonly clock: Clock;
  readonly time: PlatformTime;
  readonly log: Log;
  readonly hasReactions: boolean;
  /** The request that a message of this run asks about. */
  readonly requestOf: (messageId: string) => ApprovalId | undefined;
  /** A reply was handed on and is kept. */
  readonly onKept: (inboundId: string) => void;
}

export interface InboundReader {
  /**
   * @param isContinued whether what came while nothing listened is known to be new
   * @throws what `heard` throws, after all of them have been tried: those that were kept are not handed on again
   */
  take(messages: readonly AgentMessage[], isContinued: boolean): Promise<void>;
}

export function createInboundReader(deps: InboundReaderDeps): InboundReader {
  const { heard, clock, time, log, hasReactions, requestOf, onKept } = deps;
  const startedElapsed = clock.elapsed();
  const taken = createRecent<true>();

  /** By the platform's clock, which the first answer has told. */
  const startedAt = () => time.now() - (clock.elapsed() - startedElapsed);

  async function take(message: AgentMessage, isContinued: boolean): Promise<void> {
    const at = timeOf(message);
    const ageMs = startedAt() - at;
    // Of what an earlier run has not read, each reply is old or not by what it would do. Else only what stops something counts.
    const stopsOnly = ageMs > MAX_REPLY_AGE_MS && !isContinued;
    const isBound = heard.isBound(addressOn("whatsapp-agent", message.from));
    if (stopsOnly && (!isBound || ageMs > STOPS_BACK_MS))
      return log.info({ inbound: message.id }, "ignored: it is old");
    const reaction = message.type === "reaction" ? reactionOf(message) : undefined;
    const text = message.type === "reaction" ? reaction?.text : textOf(message);
    if (text === undefined) return log.info({ inbound: message.id }, "ignored: nothing that is read");
    const from = addressOn("whatsapp-agent", message.from);
    const common = { from, text, at: time.local(at) };
    if (isBound) {
      const inbound = inboundOf(message, common, reaction);
      await heard.reply(stopsOnly ? { ...inbound, stopsOnly } : inbound);
      onKept(message.id);
    } else if (message.type !== "reaction" && !isForwarded(message))
      await heard.stranger({ ...common, name: message.name });
  }

  function reactionOf(message: AgentMessage): ReadReaction | undefined {
    return hasReactions ? readReaction(message, requestOf) : undefined;
  }

  return {
    async take(messages, isContinued) {
      const failures: unknown[] = [];
      for (const message of messages) {
        if (taken.get(message.id)) continue;
        try {
          await take(message, isContinued);
          taken.set(message.id, true);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Anything but a plain no: these words may be somebody else's. */
function isForwarded({ context }: AgentMessage): boolean {
  const marks = [context?.forwarded, context?.frequently_forwarded];
  return marks.some((mark) => mark !== undefined && mark !== null && mark !== false && mark !== "false");
}

function inboundOf(
  message: AgentMessage,
  common: Pick<Inbound, "from" | "text" | "at">,
  reaction: ReadReaction | undefined,
): Inbound {
  const { id, context } = message;
  const quoted = reaction?.quotedMessageId ?? context?.id;
  return {
    id,
    ...common,
    verified: true,
    ...(quoted === undefined ? {} : { quotedMessageId: quoted }),
    ...(isForwarded(message) ? { gesture: "forward" as const } : {}),
  };
}

/** What was typed, as it was; undefined for a type that nobody has described. */
function textOf({ type, text, image, video, document }: AgentMessage): string | undefined {
  switch (type) {
    case "text":
      return text?.body;
    case "image":
    case "video":
    case "document":
      return (image ?? video ?? document)?.caption ?? "";
    default:
      return WORDLESS.has(type) ? "" : undefined;
  }
}
