// gateway.json as it is now: looked at every few seconds, one `stat` each time, so that a change needs no restart. A file that
// is wrong changes nothing about the servers that run, but its problems are told.
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { GatewayEntry } from "./entry.ts";
import type { GatewayFile } from "./read-gateway-file.ts";

/** ms. */
const LOOK_INTERVAL_MS = 2_000;

export interface WatchedGatewayFileDeps {
  readonly read: () => GatewayFile;
  /** Differs whenever the file may have changed. */
  readonly stamp: () => string;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of the entries at once, and again when they have changed. */
  readonly onEntries: (entries: readonly GatewayEntry[]) => void;
}

/** @returns ends the watching */
export function watchGatewayFile({ read, stamp, clock, log, onEntries }: WatchedGatewayFileDeps): () => void {
  let seen: string | undefined;
  let stopLooking = () => {};

  function look(): void {
    stopLooking = clock.after(LOOK_INTERVAL_MS, look);
    const stamped = stamp();
    if (stamped === seen) return;
    const isFirst = seen === undefined;
    // The stamp was taken before reading: a change in between is read again next time.
    seen = stamped;
    const file = read();
    if (file.kind === "bad") {
      log.error({ problems: file.problems }, "gateway.json is wrong: what was read of it before still holds");
      return;
    }
    const entries = file.kind === "good" ? file.entries : [];
    if (file.kind === "good" && file.openMode !== undefined)
      log.warn(
        { mode: file.openMode.toString(8) },
        "gateway.json can be read by other users of this machine",
      );
    if (!isFirst) log.info({ servers: entries.map(({ name }) => name) }, "gateway.json was read again");
    onEntries(entries);
  }

  look();
  return () => stopLooking();
}
