// What keeps a waiting tool call alive: progress notes while a person thinks, or a deadline below the client's own.

import type { ServerContext } from "@modelcontextprotocol/server";
import type { Caller, Progress } from "../../core/pending-request.ts";
import type { Log } from "../../core/ports/log.ts";
import type { ToolProgress } from "../../core/ports/tool-source.ts";
import { channelsText } from "../../domain/channel.ts";

/**
 * Without a progress token nothing resets the client's clock: Claude Code drops a silent call after 300 s.
 * Ten seconds below, so that the answer is read before.
 */
const SILENT_WAIT_MS = 290_000;

/** How long a call may wait, ms; undefined where only the server's own limit holds. */
export function callLimitMs(ctx: ServerContext): number | undefined {
  return ctx.mcpReq._meta?.progressToken === undefined ? SILENT_WAIT_MS : undefined;
}

/** The gate's view of the client: gone when its connection is, told how things stand where it asked for that. */
export function callerOf(ctx: ServerContext, log: Log): Caller {
  return progressOf(ctx, log).asking;
}

/** One call's progress: first of the question, then of the tool where this server runs it. */
export interface CallProgress {
  readonly asking: Caller;
  /** Absent where the client did not ask for progress. */
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined;
}

export function progressOf(ctx: ServerContext, log: Log): CallProgress {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  const signal = goneSignal(ctx);
  if (progressToken === undefined) return { asking: { signal } };
  let last = -1;
  let askedFor: number | undefined;
  // The protocol requires a value that grows with every notification, even with two in one second.
  const notify = (progress: number, rest: { total?: number | undefined; message?: string | undefined }) => {
    last = Math.max(progress, last + 0.001);
    ctx.mcpReq
      .notify({ method: "notifications/progress", params: { progressToken, progress: last, ...rest } })
      .catch((error: unknown) => log.debug({ err: error }, "a progress note was not taken"));
  };
  return {
    asking: {
      signal,
      onProgress(progress) {
        if (progress.isDecided) return;
        const total = seconds(progress.request.expiresAt - progress.request.createdAt);
        notify(total - seconds(progress.leftMs), { total, message: progressText(progress) });
      },
    },
    onProgress({ progress, total, message }) {
      // The tool counts from its own beginning, which is after the question.
      askedFor ??= Math.max(0, last);
      const whole = total === undefined ? {} : { total: askedFor + total };
      notify(askedFor + progress, { ...whole, ...(message === undefined ? {} : { message }) });
    },
  };
}

/** Why a client says that it gives a call up is its own text: it must not pass for a cause that this server knows. */
export function goneSignal({ mcpReq: { signal } }: ServerContext): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort();
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  return gone.signal;
}

/**
 * "waiting for WhatsApp approval kqmwa, 4:45 left; delivered", "waiting for Telegram or WhatsApp approval …". Claude Code shows up to
 * 200 characters.
 */
function progressText({ request, leftMs, delivery, channels }: Progress): string {
  const left = seconds(leftMs);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  const over = channels.length === 0 ? "" : `${channelsText(channels, "or")} `;
  // Twilio takes a message into a queue of its own; what the other platforms have taken is sent.
  const isTaken = delivery === "queued" && channels.length > 0 && !channels.includes("whatsapp");
  return `waiting for ${over}approval ${request.id}, ${clock} left; ${isTaken ? "sent" : delivery}`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
