// Counts what is refused, by why: whoever is refused can try again a million times, and the event log gets a number.
import type { Log } from "../core/ports/log.ts";

/** Different sentences that are counted; they are ours, and there are few. */
const MAX_REASONS = 30;
/** Of a sentence, UTF-16 units. */
const MAX_REASON = 120;

export interface RefusalCounts {
  readonly log: Log;
  /** What was refused since the last time; undefined where nothing was. */
  takeCounts(): Readonly<Record<string, number>> | undefined;
}

export function countRefusals(log: Log): RefusalCounts {
  let counts = new Map<string, number>();
  return {
    log: {
      debug: (fields, message) => log.debug(fields, message),
      info: (fields, message) => log.info(fields, message),
      warn: (fields, message) => log.warn(fields, message),
      error: (fields, message) => log.error(fields, message),
      refused(fields, message) {
        const reason = message.slice(0, MAX_REASON);
        const known = counts.get(reason);
        if (known !== undefined || counts.size < MAX_REASONS) counts.set(reason, (known ?? 0) + 1);
        log.refused(fields, message);
      },
    },
    takeCounts() {
      if (counts.size === 0) return undefined;
      const taken = Object.fromEntries(counts);
      counts = new Map();
      return taken;
    },
  };
}
