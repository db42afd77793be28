// What keeps a waiting tool call alive: progress notes while a person thinks, or a deadline below the client's own.

import type { ServerContext } from "@modelcontextprotocol/server";
import type { Caller, Progress } from "../../core/pending-request.ts";
import type { Log } from "../../core/ports/log.ts";

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
  const { _meta, signal } = ctx.mcpReq;
  const token = _meta?.progressToken;
  return { signal: withoutReason(signal), onProgress: token === undefined ? undefined : notifier(ctx, token, log) };
}

/** Why a client says that it gives a call up is its own text: it must not pass for a cause that this server knows. */
function withoutReason(signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort();
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  return gone.signal;
}

function notifier(
  ctx: ServerContext,
  progressToken: string | number,
  log: Log,
): (progress: Progress) => void {
  let last = -1;
  return (progress) => {
    const total = seconds(progress.request.expiresAt - progress.request.createdAt);
    // The protocol requires a value that grows with every notification, even with two in one second.
    last = Math.max(total - seconds(progress.leftMs), last + 0.001);
    ctx.mcpReq
      .notify({
        method: "notifications/progress",
        params: { progressToken, progress: last, total, message: progressText(progress) },
      })
      .catch((error: unknown) => log.debug({ err: error }, "a progress note was not taken"));
  };
}

/** "waiting for WhatsApp approval kqmwa, 4:45 left; delivered". Claude Code shows up to 200 characters. */
function progressText({ request, leftMs, delivery }: Progress): string {
  const left = seconds(leftMs);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return `waiting for WhatsApp approval ${request.id}, ${clock} left; ${delivery}`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
