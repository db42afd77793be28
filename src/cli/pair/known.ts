// Who is asked now, read from the settings and the database, beside a server or without one. Changes nothing.
import { resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import type { Home } from "../../config/home.ts";
import { openBindings } from "../../core/bindings.ts";
import { createPeople, type People } from "../../core/people.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { withApprovers } from "../../server/approvers/with-approvers.ts";
import { readBindings } from "../../store/examine.ts";
import { silentLog } from "../silent-log.ts";

export interface KnownPeople {
  readonly people: People;
  /** Rows of the database that count for nothing: of another key, or of somebody else's making. */
  readonly uncounted: number;
}

/** @throws ConfigError where the database cannot be read */
export async function readPeople(config: Config, home: Home, clock: Clock): Promise<KnownPeople> {
  const rows = readBindings(resolve(home.folder, config.databasePath));
  const people = createPeople(withApprovers(config));
  const refuse = () => Promise.reject(new Error("only read here"));
  await openBindings({
    people,
    store: { bindings: async () => rows, keepBinding: refuse, keepUntold: refuse, forgetBinding: refuse },
    secretOf: (channel) => config.pairedAccounts.get(channel)?.secret,
    clock,
    log: silentLog,
  });
  // With the simulated phone none of them is asked about.
  if (config.simulation !== undefined) return { people, uncounted: 0 };
  const uncounted = rows.filter(({ address }) => people.personOf(address) === undefined).length;
  return { people, uncounted };
}
