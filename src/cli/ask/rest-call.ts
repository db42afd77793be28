// One request over REST as `npm run ask` makes it: asks once, polls until it is decided, and never takes anything but a
// well-formed approval of that very request for one.
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { APPROVALS_PATH } from "../../doors/rest/operations.ts";
import { problemSchema } from "../../doors/rest/problem.ts";
import { approvalSchema, type ShownApproval } from "../../doors/rest/shapes.ts";
import type { LocalAddress } from "../local-client.ts";

/** Above the 60 s that the server holds a poll back, ms. */
const CALL_LIMIT_MS = 75_000;
/** Between two attempts after a broken connection, ms. */
const PAUSE_MS = 1_000;
/** After the request's own end, ms: the server's last word may be on its way. */
const LAST_WORD_MS = 30_000;
/** A withdrawal holds up an interrupted script, ms. */
const WITHDRAW_LIMIT_MS = 3_000;

export interface AskCallDeps extends LocalAddress {
  readonly fetch?: typeof fetch;
  readonly pauseMs?: number;
  /** Epoch ms. */
  readonly now?: () => number;
}

/** The server is there and will not do it. */
export class AskRefused extends Error {}

export interface AskCall {
  /**
   * Asks. A repeat after a broken connection carries the same key: nobody is asked twice.
   * @throws AskRefused, or what `fetch` throws when the server cannot be reached
   */
  create(body: object, key: string): Promise<ShownApproval>;
  /** Polls until it is decided; undefined when the server had no answer by the request's end. @throws AskRefused */
  decision(
    asked: ShownApproval,
    signal: AbortSignal,
    onNews: (text: string) => void,
  ): Promise<ShownApproval | undefined>;
  /** @returns whether the server took it */
  withdraw(id: string): Promise<boolean>;
}

export function createAskCall({ url, headers, ...deps }: AskCallDeps): AskCall {
  const { fetch: send = fetch, pauseMs = PAUSE_MS, now = Date.now } = deps;

  /** @returns undefined when the server cannot answer now; trying again may help */
  async function call(path: string, init: RequestInit): Promise<ShownApproval | undefined> {
    const response = await send(url + path, {
      redirect: "error",
      ...init,
      headers: { ...headers, ...init.headers },
    });
    const text = await response.text();
    if (response.status === 429 || response.status >= 500) return undefined;
    if (!response.ok) throw new AskRefused(wordsOf(response.status, text));
    return approvalSchema.parse(JSON.parse(text));
  }

  return {
    async create(body, key) {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(body),
      };
      const attempt = () => call(APPROVALS_PATH, { ...init, signal: AbortSignal.timeout(CALL_LIMIT_MS) });
      const asked = await attempt().catch((error: unknown) => {
        if (error instanceof AskRefused || isRefusedConnection(error)) throw error;
        return sleep(pauseMs).then(attempt);
      });
      if (asked === undefined) throw new AskRefused("The approval server could not take the request.");
      return asked;
    },

    async decision({ approval_id: id, created_at, expires_at }, signal, onNews) {
      const deadline = now() + (Date.parse(expires_at) - Date.parse(created_at)) + LAST_WORD_MS;
      while (now() < deadline) {
        signal.throwIfAborted();
        const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]);
        try {
          const shown = await call(`${APPROVALS_PATH}/${id}?wait=true`, { signal: limit });
          if (shown !== undefined && shown.approval_id === id && shown.status !== "pending") return shown;
          if (shown?.status === "pending") {
            onNews(`still waiting, until ${shown.expires_at}`);
            continue;
          }
        } catch (error) {
          if (signal.aborted || error instanceof AskRefused) throw error;
        }
        onNews("the approval server does not answer; trying again");
        await sleep(pauseMs, undefined, { signal });
      }
      return undefined;
    },

    async withdraw(id) {
      const signal = AbortSignal.timeout(WITHDRAW_LIMIT_MS);
      return call(`${APPROVALS_PATH}/${id}`, { method: "DELETE", signal }).then(
        (shown) => shown !== undefined,
        () => false,
      );
    },
  };
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && /ECONNREFUSED/.test(String(error.cause));
}

/** What a refusal says: a problem of the REST interface, or the message of what stands before it. */
function wordsOf(status: number, text: string): string {
  const words = z.union([
    problemSchema.transform(({ detail }) => detail),
    z.object({ message: z.string() }).transform(({ message }) => message),
  ]);
  try {
    return words.parse(JSON.parse(text));
  } catch {
    return `It answered HTTP ${status}: is this the approval server?`;
  }
}
