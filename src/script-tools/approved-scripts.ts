// Which scripts a person has approved, as they were: what is not among them is shown with its whole text. A row of the database
// counts only under this server's seal: whoever can merely write there must not make a changed script look known.
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { ApprovedScript, ScriptStore } from "../core/ports/script-store.ts";
import { isSealed, sealOf } from "../core/seal.ts";
import type { LoadedScript } from "./script-file.ts";

export interface ApprovedScriptsDeps {
  readonly store: ScriptStore;
  /** What only this server and its operator know; the first one seals. */
  readonly secrets: readonly string[];
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

export interface ApprovedScripts {
  /** `same`: as it was last approved. `changed`: it was another one then. `new`: never approved. */
  state(script: LoadedScript): "same" | "changed" | "new";
  /** Never rejects: what cannot be written down is known until the server stops. */
  remember(script: LoadedScript): Promise<void>;
}

type Sealed = Pick<ApprovedScript, "name" | "identity">;

/** Reads what earlier runs have approved. Never rejects: without it, everything is new. */
export async function openApprovedScripts(deps: ApprovedScriptsDeps): Promise<ApprovedScripts> {
  const { store, secrets, clock, log } = deps;
  const rows = await store.approvedScripts().catch((error: unknown) => {
    log.error(
      { err: error },
      "the scripts that were approved could not be read: each is shown in full again",
    );
    return [];
  });
  const known = new Map(rows.map((row) => [row.name, row]));
  const told = new Set<string>();

  function sealed({ name, folder }: LoadedScript): ApprovedScript | undefined {
    const row = known.get(name);
    if (row === undefined) return undefined;
    if (isSealed(secrets, sealedText(folder, row), row.seal)) return row;
    if (!told.has(name))
      log.warn(
        { name },
        "an approved script in the database was not written with this auth token and does not count",
      );
    told.add(name);
    return undefined;
  }

  return {
    state(script) {
      const row = sealed(script);
      if (row === undefined) return "new";
      return row.identity === script.identity ? "same" : "changed";
    },
    async remember(script) {
      const { name, folder, identity } = script;
      const seal = sealOf(secrets, sealedText(folder, { name, identity }));
      const row = { name, identity, seal, approvedAt: clock.now() };
      known.set(name, row);
      await store.recordApprovedScript(row).catch((error: unknown) => {
        log.error(
          { err: error, name },
          "that a script was approved could not be recorded; it is known until the stop",
        );
      });
    },
  };
}

function sealedText(folder: string, { name, identity }: Sealed): string {
  return JSON.stringify(["approved script", folder, name, identity]);
}
