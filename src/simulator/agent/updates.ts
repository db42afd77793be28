// What the simulated agent has heard: messages and receipts in one sequence, and the one poll that waits for more.
import type { Clock } from "../../core/ports/clock.ts";
import type { PlatformSwitches } from "./contract.ts";
import { refusals } from "./refusal.ts";

interface HeardEntry {
  readonly number: bigint;
  readonly kind: "message" | "status";
  readonly value: Readonly<Record<string, unknown>>;
}

/** An answer to a poll. */
interface PollAnswer {
  readonly status: 200 | 204;
  readonly body: string;
}

export interface HeldUpdates {
  add(kind: HeardEntry["kind"], value: HeardEntry["value"]): void;
  /** A message is not brought any more. */
  forget(messageId: string): void;
  /**
   * Waits for news from a place on. @param signal ends it: the caller has gone
   * @throws PlatformRefusal where it is not a poll, or another one took its place
   */
  poll(query: URLSearchParams, signal: AbortSignal): Promise<PollAnswer>;
  open(): number;
  /** Ends every poll. */
  close(): void;
}

interface HeardDeps {
  readonly clock: Clock;
  readonly switches: PlatformSwitches;
  readonly agentId: string;
  readonly firstOffset: bigint;
}

const INTEGER = /^-?\d{1,19}$/;

export function createHeldUpdates({ clock, switches, agentId, firstOffset }: HeardDeps): HeldUpdates {
  let entries: readonly HeardEntry[] = [];
  let next = firstOffset;
  /** Ends the poll that waits: with news, without, or because another one came. */
  let waiting: { wake(): void; replace(): void } | undefined;

  function answer(offset: bigint, limit: number): PollAnswer | undefined {
    const found = entries.filter(({ number }) => number >= offset).slice(0, limit);
    const last = found.at(-1);
    if (last === undefined) return undefined;
    const of = (kind: HeardEntry["kind"]) =>
      found.filter((each) => each.kind === kind).map(({ value }) => value);
    const [messages, statuses] = [of("message"), of("status")];
    const value = { messaging_product: "whatsapp", ...contacts(messages), messages, statuses };
    const json = JSON.stringify({
      object: "whatsapp_agent_platform",
      entry: [{ id: agentId, changes: [{ field: "messages", value }] }],
    });
    // An integer of 64 bits, as the real one writes it.
    return { status: 200, body: `${json.slice(0, -1)},"next_offset":${last.number + 1n}}` };
  }

  function contacts(messages: readonly HeardEntry["value"][]) {
    if (switches.contacts === "absent") return {};
    const ids = [...new Set(messages.map(({ from }) => from))];
    const profile = switches.contacts === "named" ? { profile: { name: "Ada" } } : {};
    return { contacts: ids.map((id) => ({ wa_id: id, ...profile })) };
  }

  function idle(): PollAnswer {
    return { status: switches.idleStatus, body: "" };
  }

  /** Resolves at news, at the end of the time, or when the caller has gone. @throws where another poll came */
  function wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        cancel();
        signal.removeEventListener("abort", wake);
        if (waiting === own) waiting = undefined;
        settle();
      };
      const wake = end(resolve);
      const own = { wake, replace: end(() => reject(refusals.replaced())) };
      const cancel = clock.after(ms, wake);
      signal.addEventListener("abort", wake, { once: true });
      waiting = own;
    });
  }

  return {
    add(kind, value) {
      entries = [...entries, { number: next, kind, value }];
      next += 1n;
      waiting?.wake();
    },
    forget(messageId) {
      entries = entries.filter(({ kind, value }) => kind !== "message" || value["id"] !== messageId);
    },
    async poll(query, signal) {
      waiting?.replace();
      const offset = query.get("offset");
      const [limit, timeout] = [query.get("limit") ?? "50", query.get("timeout") ?? "15"];
      if (![offset ?? "0", limit, timeout].every((text) => INTEGER.test(text)))
        throw refusals.field("offset, limit and timeout are integers");
      const from = offset === null ? next : BigInt(offset) < 0n ? 0n : BigInt(offset);
      const most = Number(limit) <= 0 ? 50 : Math.min(Number(limit), 100);
      const ready = answer(from, most);
      if (ready !== undefined) return ready;
      const seconds = Math.min(Math.max(Number(timeout), 0), 25);
      if (seconds > 0) await wait(seconds * 1000, signal);
      return answer(from, most) ?? idle();
    },
    open: () => (waiting === undefined ? 0 : 1),
    close: () => waiting?.wake(),
  };
}
