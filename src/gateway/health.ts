// What is wrong with the servers behind the gate, for who looks after them.
import type { KnownTools } from "./known-tools.ts";
import type { Upstream } from "./upstream.ts";

export interface GatewayHealth {
  readonly servers: number;
  readonly problems: readonly string[];
}

/** Words of ours, and names of gateway.json. */
export function problemsOf({ entry, state }: Upstream, known: KnownTools): readonly string[] {
  const now = state();
  if (now.kind === "starting") return [];
  if (now.kind === "down") return [`${entry.name} is down: ${now.why}`];
  return entry.tools.flatMap((tool) => {
    const definition = now.tools.get(tool);
    if (definition === undefined) return [`${entry.name} has no tool ${tool}, which gateway.json lists`];
    const parts = known.changes(entry.name, definition).map(({ part }) => part);
    return parts.length === 0
      ? []
      : [`${entry.name} has changed the ${parts.join(", ")} of ${tool}: the next call asks a person`];
  });
}
