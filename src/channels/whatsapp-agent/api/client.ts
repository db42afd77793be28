// The Agent Platform's HTTP calls. The key goes to its own address only, follows no redirect, and stands in no error.
import type { Clock } from "../../../core/ports/clock.ts";
import { withDeadline } from "../../../core/timing.ts";
import { ConfigError } from "../../../domain/errors.ts";
import { firstOf } from "../first-of.ts";
import { AgentError } from "./agent-error.ts";
import { type Endpoint, kindOf, kindOfFailure } from "./answers.ts";
import { connectionCode, originOf } from "./connection.ts";
import type { AgentLimiter } from "./limiter.ts";
import { readAnswer, readCode, readRetryAfter } from "./read-answer.ts";

const AGENT_ORIGIN = "https://api.whatsapp.com";
const ROOT = "/agent/v1/";

/** How long the platform holds a poll, s: the most that it takes. */
const POLL_SECONDS = 25;
const BATCH = 100;

/** How long a call may take, ms. A poll: what the platform holds it for, and the way. */
const LIMIT_MS: Readonly<Record<Endpoint, number>> = {
  messages: 30_000,
  statuses: 15_000,
  media: 60_000,
  updates: (POLL_SECONDS + 15) * 1000,
};

export type OutgoingContent =
  | { readonly type: "text"; readonly text: { readonly body: string; readonly preview_url: false } }
  | {
      readonly type: "document";
      readonly document: { readonly id: string; readonly caption: string; readonly filename: string };
    };

interface OutgoingCall {
  /** The platform's id of the person. */
  readonly to: string;
  readonly content: OutgoingContent;
  /** The message that it is in reply to. */
  readonly quote?: string | undefined;
}

export interface AgentClient {
  /**
   * @param offset digits, as the platform gave them
   * @param isHeld whether the platform waits for news, for up to 25 s
   * @returns the answer's text; undefined where there is nothing new
   */
  updates(offset: string, isHeld: boolean, signal?: AbortSignal): Promise<string | undefined>;
  /** The cheapest call that needs the key. It takes the place of a poll that is held. @throws AgentError */
  check(signal?: AbortSignal): Promise<void>;
  /**
   * Once. @returns the message's id
   * @param signal drops it while it waits for its turn; one that is on its way is waited for
   * @throws AgentError
   */
  send(call: OutgoingCall, signal?: AbortSignal): Promise<string>;
  markRead(messageId: string): Promise<void>;
  /** Uploads plain text. @returns its id there */
  upload(name: string, text: string, signal?: AbortSignal): Promise<string>;
}

interface CallSignals {
  /** Ends the wait for the call's turn. */
  readonly waiting?: AbortSignal | undefined;
  /** Ends the call as well. */
  readonly signal?: AbortSignal | undefined;
}

export interface AgentClientDeps {
  readonly key: string;
  /** Default: the platform's. Only its origin counts. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
  readonly limiter: AgentLimiter;
  /** Ends every call that nothing else ends. */
  readonly closing: AbortSignal;
  /** Default: Node's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Told what time each answer names, epoch ms. */
  readonly onTime?: ((at: number) => void) | undefined;
}

/** @throws ConfigError when the key cannot be one: an error of `fetch` would show it */
export function createAgentClient(deps: AgentClientDeps): AgentClient {
  const { key, baseUrl = AGENT_ORIGIN, clock, limiter, closing, fetch = globalThis.fetch } = deps;
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new ConfigError([
      "WHATSAPP_AGENT_KEY has a character that no key has: copy it again from WhatsApp → Settings → Agents",
    ]);
  const origin = originOf(baseUrl);

  async function call(
    endpoint: Endpoint,
    path: string,
    init: Omit<RequestInit, "signal">,
    { signal: wanted, waiting }: CallSignals = {},
  ): Promise<string> {
    const { signal, release } = firstOf(closing, wanted);
    try {
      const over = await limiter.turn(endpoint, waiting ?? signal);
      return await once(endpoint, path, init, signal).finally(over);
    } finally {
      release();
    }
  }

  async function once(
    endpoint: Endpoint,
    path: string,
    init: Omit<RequestInit, "signal">,
    signal: AbortSignal,
  ): Promise<string> {
    const ask = async (limit: AbortSignal) => {
      const response = await fetch(new URL(ROOT + path, origin), {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${key}` },
        redirect: "error",
        signal: limit,
      });
      return { response, text: await response.text() };
    };
    try {
      const { response, text } = await withDeadline(LIMIT_MS[endpoint], ask, { clock, signal });
      const at = Date.parse(response.headers.get("date") ?? "");
      if (!Number.isNaN(at)) deps.onTime?.(at);
      if (response.ok) return text;
      const code = readCode(text);
      throw new AgentError(endpoint, kindOf(endpoint, response.status, code), {
        status: response.status,
        code,
        retryAfterMs: readRetryAfter(response.headers.get("retry-after"), clock.now()),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AgentError) throw error;
      const name = connectionCode(error);
      throw new AgentError(endpoint, kindOfFailure(name), { code: name });
    }
  }

  function post(endpoint: Endpoint, body: object, waiting?: AbortSignal): Promise<string> {
    const json = JSON.stringify({ messaging_product: "whatsapp", ...body });
    const headers = { "content-type": "application/json" };
    return call(endpoint, endpoint, { method: "POST", headers, body: json }, { waiting });
  }

  /** A 2xx without an id is as uncertain as no answer. */
  function idIn(endpoint: Endpoint, text: string): string {
    const { messages, id } = readAnswer(text);
    const found = endpoint === "messages" ? messages?.[0]?.id : id;
    if (found === undefined) throw new AgentError(endpoint, "unknown");
    return found;
  }

  return {
    async updates(offset, isHeld, signal) {
      const timeout = String(isHeld ? POLL_SECONDS : 0);
      const query = new URLSearchParams({ offset, limit: String(BATCH), timeout });
      const text = await call("updates", `updates?${query}`, { method: "GET" }, { signal });
      return text.trim() === "" ? undefined : text;
    },
    async check(signal) {
      await call("updates", "updates?limit=1&timeout=0", { method: "GET" }, { signal });
    },
    async send({ to, content, quote }, signal) {
      const context = quote === undefined ? {} : { context: { message_id: quote } };
      return idIn("messages", await post("messages", { to, ...content, ...context }, signal));
    },
    async markRead(messageId) {
      await post("statuses", {
        status: "read",
        message_id: messageId,
        typing_indicator: { type: "text" },
      });
    },
    async upload(name, text, signal) {
      const form = new FormData();
      form.set("messaging_product", "whatsapp");
      form.set("type", "text/plain");
      form.set("file", new Blob([text], { type: "text/plain" }), name);
      return idIn("media", await call("media", "media", { method: "POST", body: form }, { signal }));
    },
  };
}
