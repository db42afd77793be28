// When to remind a person that something ends: early enough, and not at night. Pure. A phone's time zone is not known: the
// machine's counts. Hours are read from the zone at each moment, so that a change of the clocks is no special case.

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_QUARTERS = 96;
/** Civil hours: from 9:00 until 21:00. */
const FIRST_HOUR = 9;
const LAST_HOUR = 20;
/** How long before the end a reminder is planned, ms. */
const LEAD_MS = 2 * 60 * MINUTE_MS;
/** The latest that still leaves time to react, ms before the end. */
export const LAST_CALL_MS = 30 * MINUTE_MS;

/**
 * The moment at which to remind, epoch ms, never before `now`; undefined once it has ended. Two hours before, or at 9:00 where
 * that is in time, or else on the evening before. Whoever comes too late for that waits for the morning; where the end comes
 * sooner, half an hour before it, whatever the hour.
 * @param zone IANA name
 */
export function reminderAt(endsAt: number, now: number, zone: string): number | undefined {
  if (now >= endsAt) return undefined;
  const planned = plannedAt(endsAt, zone);
  if (now < planned) return planned;
  if (isCivil(now, zone)) return now;
  return morningBefore(endsAt, now, zone) ?? Math.max(now, endsAt - LAST_CALL_MS);
}

/** The day in that zone: "2026-03-29". */
export function dayIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
}

function plannedAt(endsAt: number, zone: string): number {
  const latest = endsAt - LEAD_MS;
  if (isCivil(latest, zone)) return latest;
  return morningBefore(endsAt, latest, zone) ?? eveningBefore(latest, zone);
}

/** The first civil moment, where it leaves time to react. */
function morningBefore(endsAt: number, from: number, zone: string): number | undefined {
  const start = Math.ceil(from / QUARTER_MS) * QUARTER_MS;
  for (let at = start; at <= endsAt - LAST_CALL_MS; at += QUARTER_MS) if (isCivil(at, zone)) return at;
  return undefined;
}

/** An hour before the last civil hours end. */
function eveningBefore(from: number, zone: string): number {
  const start = Math.floor(from / QUARTER_MS) * QUARTER_MS;
  for (let step = 0; step < DAY_QUARTERS; step += 1) {
    const at = start - step * QUARTER_MS;
    if (isCivil(at, zone)) return at - 3 * QUARTER_MS;
  }
  return start;
}

/** Whether nobody minds a message. @param zone IANA name */
export function isCivil(at: number, zone: string): boolean {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" });
  const hour = Number(format.format(at));
  return hour >= FIRST_HOUR && hour <= LAST_HOUR;
}
