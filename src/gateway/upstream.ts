// One MCP server behind the gate, kept up: connected, listed, and connected again with longer and longer pauses when it ends.
import pRetry from "p-retry";
import type { Log } from "../core/ports/log.ts";
import { type CallOptions, type Connection, connect, wordsOf } from "./connection.ts";
import type { Definition } from "./definition.ts";
import type { GatewayEntry } from "./entry.ts";
import type { StdioDeps } from "./stdio-transport.ts";

/** Pauses between attempts, ms. Each is twice the one before. */
const BACK_OFF: BackOff = { minMs: 1_000, maxMs: 60_000 };
/** A server that has been up for so long starts with the shortest pause again, ms. */
const STABLE_MS = 60_000;

interface BackOff {
  readonly minMs: number;
  readonly maxMs: number;
}

export type UpstreamState =
  | { readonly kind: "starting" }
  | { readonly kind: "up"; readonly tools: ReadonlyMap<string, Definition> }
  /** `why`: words of ours, without foreign text. */
  | { readonly kind: "down"; readonly why: string };

export interface Upstream {
  readonly entry: GatewayEntry;
  state(): UpstreamState;
  /** Lists the tools anew. @throws Error with words of ours where it is down, or does not answer */
  list(): Promise<ReadonlyMap<string, Definition>>;
  /** @throws what the connection throws; where it is down, an Error with words of ours */
  call(
    name: string,
    input: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface UpstreamDeps extends StdioDeps {
  readonly version: string;
  readonly log: Log;
  /** Told whenever the state may read differently. */
  readonly onChange: () => void;
  /** Default: 1 s to 60 s. */
  readonly backOff?: BackOff | undefined;
}

export function openUpstream(entry: GatewayEntry, deps: UpstreamDeps): Upstream {
  const { clock, log, onChange, backOff = BACK_OFF } = deps;
  const server = entry.name;
  const closing = new AbortController();
  let state: UpstreamState = { kind: "starting" };
  let connection: Connection | undefined;
  let calls = 0;

  function set(next: UpstreamState): void {
    state = next;
    onChange();
  }

  /** One life of the server. @throws Error when it was short, or did not begin */
  async function live(): Promise<void> {
    const opened = await connect(entry, {
      ...deps,
      signal: closing.signal,
      onToolsChanged: () => void relist(),
    });
    connection = opened;
    const startedAt = clock.elapsed();
    try {
      set({ kind: "up", tools: await opened.tools() });
      log.info({ server }, "an MCP server behind the gate is up");
      const why = await opened.closed;
      if (closing.signal.aborted) return;
      down(why);
      if (clock.elapsed() - startedAt < STABLE_MS) throw new Error(why);
    } finally {
      connection = undefined;
      await opened.close().catch(() => {});
    }
  }

  function down(why: string): void {
    if (closing.signal.aborted) return;
    const isNews = state.kind !== "down" || state.why !== why;
    if (isNews) log.warn({ server, why }, "an MCP server behind the gate is down");
    set({ kind: "down", why });
  }

  let isRelisting = false;
  let isStale = false;

  /** One at a time, and one more for all that was said meanwhile: a server may say it as often as it likes. */
  async function relist(): Promise<void> {
    isStale = true;
    if (isRelisting) return;
    isRelisting = true;
    while (isStale && !closing.signal.aborted) {
      isStale = false;
      await list().catch((error: unknown) =>
        log.debug({ server, err: error }, "its tools could not be listed again"),
      );
    }
    isRelisting = false;
  }

  async function list(): Promise<ReadonlyMap<string, Definition>> {
    const listing = connection;
    if (listing === undefined) throw new Error(whyDown());
    try {
      const tools = await listing.tools();
      if (connection === listing) set({ kind: "up", tools });
      return tools;
    } catch (error) {
      // What does not answer is started anew, but not under a call that may be what keeps it busy.
      if (connection === listing && calls === 0) await listing.close().catch(() => {});
      throw new Error(wordsOf(error), { cause: error });
    }
  }

  function whyDown(): string {
    return state.kind === "down" ? state.why : "it has not started yet";
  }

  async function keepUp(): Promise<void> {
    while (!closing.signal.aborted) {
      await pRetry(live, {
        retries: Number.POSITIVE_INFINITY,
        factor: 2,
        minTimeout: backOff.minMs,
        maxTimeout: backOff.maxMs,
        randomize: false,
        signal: closing.signal,
        onFailedAttempt: ({ error }) => down(wordsOf(error)),
      });
    }
  }
  const kept = keepUp().catch((error: unknown) => {
    if (!closing.signal.aborted) {
      log.error({ server, err: error }, "an MCP server behind the gate is no longer started");
      down("it is no longer started, because of an error");
    }
  });

  return {
    entry,
    state: () => state,
    list,
    async call(name, input, options) {
      if (connection === undefined) throw new Error(whyDown());
      calls += 1;
      try {
        return await connection.call(name, input, options);
      } finally {
        calls -= 1;
      }
    },
    async close() {
      closing.abort(new Error("the approval server is shutting down"));
      await connection?.close().catch(() => {});
      await kept;
    },
  };
}
