// What is known of each tool behind the gate: what its server said of it when it was first seen, or when a person last
// approved a call of it. A model is told that, and nothing newer, until a person has seen what is new.
import type { GatewayToolStore, KnownGatewayTool } from "../core/ports/gateway-tool-store.ts";
import { isSealed, sealOf } from "../core/seal.ts";
import {
  changesOf,
  type Definition,
  type DefinitionChange,
  fingerprintOf,
  readDefinition,
} from "./definition.ts";

export interface KnownTools {
  /** Takes a tool that was never seen as known. Never rejects: what cannot be kept is known until the next start. */
  meet(server: string, definition: Definition): Promise<void>;
  find(server: string, tool: string): Definition | undefined;
  /** What the server says differently now; nothing where it was never seen. */
  changes(server: string, definition: Definition): readonly DefinitionChange[];
  /** A person has approved a call with this in view. */
  accept(server: string, definition: Definition): Promise<void>;
}

export interface KnownToolsDeps {
  readonly store: GatewayToolStore;
  /** What only this server and its operator know; the first one seals. */
  readonly secrets: readonly string[];
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
  /** A row that this server has not written so: the tool is met anew. */
  readonly onForeign: (row: KnownGatewayTool) => void;
}

export async function openKnownTools(deps: KnownToolsDeps): Promise<KnownTools> {
  const { store, secrets, now, onFailure, onForeign } = deps;
  const known = new Map<string, Definition>();
  for (const row of await store.gatewayTools()) {
    const isOwn = isSealed(secrets, sealedText(row), row.seal ?? "");
    const read = isOwn ? readDefinition(parsed(row.definition)) : undefined;
    if (read !== undefined) known.set(keyOf(row.server, row.tool), read);
    else onForeign(row);
  }

  async function keep(server: string, definition: Definition): Promise<void> {
    known.set(keyOf(server, definition.name), definition);
    const row = {
      server,
      tool: definition.name,
      definition: JSON.stringify(definition),
      fingerprint: fingerprintOf(definition),
      at: now(),
    };
    const seal = sealOf(secrets, sealedText(row));
    await store.recordGatewayTool({ ...row, seal }).catch(onFailure);
  }

  return {
    find: (server, tool) => known.get(keyOf(server, tool)),
    async meet(server, definition) {
      if (!known.has(keyOf(server, definition.name))) await keep(server, definition);
    },
    changes(server, definition) {
      const before = known.get(keyOf(server, definition.name));
      return before === undefined ? [] : changesOf(before, definition);
    },
    accept: keep,
  };
}

function sealedText({ server, tool, definition }: Omit<KnownGatewayTool, "seal">): string {
  return JSON.stringify(["gateway tool", server, tool, definition]);
}

function keyOf(server: string, tool: string): string {
  return JSON.stringify([server, tool]);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
