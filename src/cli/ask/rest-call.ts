// One request over REST as `npm run ask` makes it: asks once, polls until it is decided, and accepts as an approval
// nothing but a well-formed one of that very request.

import { z } from "zod";
import type { Clock } from "../../core/ports/clock.ts";
import { pause, withDeadline } from "../../core/timing.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { visibleLine } from "../../domain/visible.ts";
import { approvalSchema, type ShownApproval } from "../../doors/held/shapes.ts";
import { APPROVALS_PATH } from "../../doors/rest/operations.ts";
import { problemSchema } from "../../doors/rest/problem.ts";
import { type LocalAddress, ServerError } from "../local-client.ts";

/** Above the 60 s that the server holds a poll back, ms. */
const CALL_LIMIT_MS = 75_000;
/** Between two attempts after a broken connection, ms. */
const PAUSE_MS = 1_000;
/** After the request's own end, ms: the server's last word may be on its way. */
const LAST_WORD_MS = 30_000;
/** A withdrawal holds up an interrupted script, ms. */
const WITHDRAW_LIMIT_MS = 3_000;

interface RestCallDeps extends LocalAddress {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** The server is running, but refuses. */
class AskRefused extends ServerError {}

export interface RestCall {
  /**
   * Asks. A repeat after a broken connection carries the same key: nobody is asked twice.
   * @throws ServerError when it refuses, or what `fetch` throws when the server cannot be reached
   */
  create(body: object, key: string): Promise<ShownApproval>;
  /** Polls until it is decided; undefined when the server had no answer by the request's end. @throws ServerError */
  decision(
    asked: ShownApproval,
    signal: AbortSignal,
    onNews: (text: string) => void,
  ): Promise<ShownApproval | undefined>;
  /** @returns whether the server took it */
  withdraw(id: string): Promise<boolean>;
}

export function createRestCall({ url, headers, isRemote, fetch: send, clock }: RestCallDeps): RestCall {
  /** @returns undefined when the server cannot answer now; trying again may help */
  async function call(
    path: string,
    init: RequestInit,
    { limitMs = CALL_LIMIT_MS, signal }: { readonly limitMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<ShownApproval | undefined> {
    return withDeadline(
      limitMs,
      async (limit) => {
        const response = await send(url + path, {
          redirect: "error",
          ...init,
          headers: { ...headers, ...init.headers },
          signal: limit,
        });
        const text = await response.text();
        if (response.status === 429 || response.status >= 500) return undefined;
        if (!response.ok) throw new AskRefused(wordsOf(response.status, text));
        return approvalSchema.parse(JSON.parse(text));
      },
      { signal, clock, reason: isRemote ? farSilence : silence },
    );
  }

  return {
    async create(body, key) {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(body),
      };
      const attempt = () => call(APPROVALS_PATH, init);
      const asked = await attempt().catch((error: unknown) => {
        if (error instanceof AskRefused || isRefusedConnection(error)) throw error;
        return pause(PAUSE_MS, clock).then(attempt);
      });
      if (asked === undefined) throw new AskRefused("The approval server could not take the request.");
      return asked;
    },

    async decision({ approval_id: id, created_at, expires_at }, signal, onNews) {
      const deadline = clock.elapsed() + (Date.parse(expires_at) - Date.parse(created_at)) + LAST_WORD_MS;
      while (clock.elapsed() < deadline) {
        signal.throwIfAborted();
        try {
          const shown = await call(`${APPROVALS_PATH}/${id}?wait=true`, {}, { signal });
          if (shown !== undefined && shown.approval_id === id && shown.status !== "pending") return shown;
          if (shown?.status === "pending") {
            onNews(`still waiting, until ${shown.expires_at}`);
            continue;
          }
        } catch (error) {
          if (signal.aborted || error instanceof AskRefused) throw error;
        }
        onNews("the approval server does not answer; trying again");
        await pause(PAUSE_MS, clock, signal);
      }
      return undefined;
    },

    async withdraw(id) {
      const limits = { limitMs: WITHDRAW_LIMIT_MS };
      return call(`${APPROVALS_PATH}/${id}`, { method: "DELETE" }, limits).then(
        (shown) => shown !== undefined,
        () => false,
      );
    },
  };
}

/** It listens, but does not answer. */
function silence(): Error {
  return new ServerError(
    "The approval server does not answer.",
    `Look at its log, or stop it and start it again: ${ownCommand("start")}`,
  );
}

function farSilence(): Error {
  return new ServerError("The approval server of APPROVAL_URL does not answer.", "Look at its log there.");
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && /ECONNREFUSED/.test(String(error.cause));
}

/** What the check of names says; a proxy may have chosen the name. */
function hostWords(message: string): string {
  const hint = /^invalid host/i.test(message) ? ": set ALLOWED_HOSTS there to this name" : "";
  return visibleLine(message) + hint;
}

/** What a refusal says: a problem of the REST interface, or the message of what stands before it. */
function wordsOf(status: number, text: string): string {
  const words = z.union([
    problemSchema.transform(({ detail }) => detail),
    z.object({ message: z.string() }).transform(({ message }) => message),
    z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => hostWords(error.message)),
  ]);
  try {
    return words.parse(JSON.parse(text));
  } catch {
    return `It answered HTTP ${status}: is this the approval server?`;
  }
}
