// One call of the Bot API. The token is part of the address: nothing that is thrown here holds the address, or another's error.

import { z } from "zod";
import type { Clock } from "../../../core/ports/clock.ts";
import { withDeadline } from "../../../core/timing.ts";
import { ConfigError } from "../../../domain/errors.ts";
import { parsedUrl } from "../../../domain/parsed-url.ts";
import { type CallFailure, TelegramError } from "./api-error.ts";
import { readBody } from "./read-body.ts";

const TELEGRAM_ORIGIN = "https://api.telegram.org";

/** A text file that goes with a call. */
interface TextFile {
  /** The field that takes it. */
  readonly field: string;
  readonly name: string;
  readonly text: string;
}

export interface ApiCallOptions {
  /** How long the answer may take, ms. */
  readonly limitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly file?: TextFile | undefined;
}

export interface TelegramApi {
  /**
   * @returns `result` as it came
   * @throws TelegramError; the signal's reason
   */
  call(method: string, params: Readonly<Record<string, unknown>>, options?: ApiCallOptions): Promise<unknown>;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface TelegramApiOptions {
  readonly token: string;
  /** An origin that takes the place of Telegram's. */
  readonly baseUrl?: string | undefined;
  readonly clock: Pick<Clock, "after">;
  readonly fetch?: Fetch | undefined;
  /** Told what time each of Telegram's answers names, epoch ms. */
  readonly onTime?: ((at: number) => void) | undefined;
}

const CALL_LIMIT_MS = 15_000;
/** A hundred updates of the longest messages are about 2 MB. */
const MAX_ANSWER_BYTES = 10_000_000;
/** Where Telegram names no time, ms. */
const RETRY_AFTER_MS = 5_000;
const MAX_RETRY_AFTER_MS = 3_600_000;

const TOKEN = /^\d{3,20}:[\w-]{20,100}$/;

const answerSchema = z.union([
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error_code: z.number().optional(),
    description: z.string().optional(),
    parameters: z.object({ retry_after: z.number().optional() }).optional(),
  }),
]);

/** Whether a text has the form of a bot's token. */
export function isBotToken(token: string): boolean {
  return TOKEN.test(token);
}

/** The bot's own id, which is the token's beginning and no secret. */
export function botIdOf(token: string): number {
  return Number(token.split(":")[0]);
}

/** @throws ConfigError where the token or the origin cannot be used; it names neither */
export function createTelegramApi({
  token,
  baseUrl,
  clock,
  fetch = globalThis.fetch,
  onTime,
}: TelegramApiOptions): TelegramApi {
  if (!isBotToken(token))
    throw new ConfigError(["TELEGRAM_BOT_TOKEN is no token of a bot: copy it again from @BotFather."]);
  const base = originOf(baseUrl ?? TELEGRAM_ORIGIN);

  async function post(method: string, init: RequestInit, signal: AbortSignal): Promise<unknown> {
    const response = await fetch(`${base}/bot${token}/${method}`, { ...init, redirect: "error", signal });
    const body = await readBody(response, MAX_ANSWER_BYTES);
    const answer = answerSchema.safeParse(jsonOf(body));
    // Somebody else has answered: a proxy, a page to log in at.
    if (!answer.success) throw new TelegramError(method, { kind: "unknown", code: response.status });
    const at = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(at)) onTime?.(at);
    if (answer.data.ok) return answer.data.result;
    const { error_code: code = response.status, description = "", parameters } = answer.data;
    throw new TelegramError(method, {
      kind: kindOf(code),
      code,
      description: description.replaceAll(token, "…").slice(0, 300),
      ...(code === 429 ? { retryAfterMs: retryAfterMs(parameters?.retry_after) } : {}),
    });
  }

  return {
    async call(method, params, { limitMs = CALL_LIMIT_MS, signal, file } = {}) {
      const init = file === undefined ? jsonInit(params) : formInit(params, file);
      try {
        return await withDeadline(limitMs, (over) => post(method, init, over), { clock, signal });
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof TelegramError) throw error;
        throw new TelegramError(method, networkFailure(error));
      }
    },
  };
}

function jsonInit(params: object): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(params),
  };
}

/** In a form everything that is no text is JSON. */
function formInit(params: Readonly<Record<string, unknown>>, { field, name, text }: TextFile): RequestInit {
  const form = new FormData();
  for (const [key, value] of Object.entries(params))
    form.append(key, typeof value === "string" ? value : JSON.stringify(value));
  form.append(field, new Blob([text], { type: "text/plain" }), name);
  return { method: "POST", body: form };
}

function originOf(baseUrl: string): string {
  const url = parsedUrl(baseUrl);
  const isPlain = url !== undefined && url.username === "" && url.password === "";
  if (!isPlain || !/^https?:$/.test(url.protocol))
    throw new ConfigError(["TELEGRAM_BASE_URL is no origin: write it like https://telegram.example.com."]);
  return url.origin;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function kindOf(code: number): CallFailure["kind"] {
  if (code === 429) return "limited";
  return code >= 400 && code < 500 ? "refused" : "unknown";
}

function retryAfterMs(seconds: number | undefined): number {
  const ms = (seconds ?? 0) * 1000;
  return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : RETRY_AFTER_MS;
}

const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** The codes of a connection that is not trusted: nothing was written to it. */
const CERTIFICATE = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

function networkFailure(error: unknown): CallFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, syscall } = fieldsOf(cause);
  const reason = /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
  const isUnsent = NEVER_CONNECTED.has(code) || CERTIFICATE.test(code) || syscall === "connect";
  return { kind: isUnsent ? "not-sent" : "unknown", reason };
}

/** Of several addresses that were tried, the first one speaks for all. */
function fieldsOf(error: unknown): { code: string; syscall: string } {
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  const { code = "", syscall = "" } = (first ?? error ?? {}) as { code?: unknown; syscall?: unknown };
  return { code: String(code), syscall: String(syscall) };
}
