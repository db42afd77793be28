// The kinds of entries in the event log, and how each is said in a list. A new kind is a line here.

/** What an entry may be about. The names are fixed: exports and filters use them. */
export const EVENT_KINDS = [
  "log-begun",
  "sealed",
  "broken",
  "purged",
  "backup",
  "head-sent",
  "server-started",
  "server-stopped",
  "mode",
  "policy",
  "refused",
  "requested",
  "sent",
  "delivered",
  "read",
  "failed",
  "rerouted",
  "replied",
  "verified",
  "endorsed",
  "decided",
  "written",
  "ran",
  "grant-given",
  "grant-ended",
  "parked",
  "task",
  "trusted",
  "bound",
  "unbound",
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

export function isEventKind(value: string): value is EventKind {
  return EVENT_KINDS.some((kind) => kind === value);
}
