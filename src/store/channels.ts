// Who was bound to a channel, and where each channel has read to.
import type Database from "better-sqlite3";
import type { Binding, BindingStore } from "../core/ports/binding-store.ts";
import type { ChannelStore } from "../core/ports/channel-store.ts";
import { channelOf } from "../domain/channel.ts";
import type { EventWriter } from "./events.ts";
import { keep } from "./open-database.ts";

export function prepareChannelStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    bindings: prepared<[], Binding>(
      "SELECT address, person, seal, bound_at AS boundAt FROM bindings ORDER BY bound_at, address",
    ),
    keepBinding: prepared<[Binding]>(
      `INSERT INTO bindings (address, person, seal, bound_at) VALUES (@address, @person, @seal, @boundAt)
       ON CONFLICT (address) DO UPDATE SET person = excluded.person, seal = excluded.seal, bound_at = excluded.bound_at`,
    ),
    forgetBinding: prepared<[string]>("DELETE FROM bindings WHERE address = ?"),
    position: prepared<[string], { value: string }>(
      "SELECT value FROM settings WHERE name = 'position:' || ?",
    ),
    keepPosition: prepared<[string, string]>(
      `INSERT INTO settings (name, value) VALUES ('position:' || ?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    ),
  };
}

type ChannelSql = ReturnType<typeof prepareChannelStatements>;

/** @param run runs what writes on the database that is open @param read runs what only reads */
export function createChannelStore(
  run: <T>(work: (sql: ChannelSql, db: Database.Database, events: EventWriter) => T) => Promise<T>,
  read: <T>(work: (sql: ChannelSql) => T) => Promise<T>,
): BindingStore & ChannelStore {
  return {
    bindings: () => read((sql) => sql.bindings.all()),
    keepBinding: (binding) =>
      run((sql, db, events) =>
        db.transaction(() => {
          sql.keepBinding.run(binding);
          const { address, person } = binding;
          events.append({ kind: "bound", data: { channel: channelOf(address), to: address, person } });
        })(),
      ),
    forgetBinding: (address, why) =>
      run((sql, db, events) =>
        db.transaction(() => {
          if (sql.forgetBinding.run(address).changes === 1)
            events.append({ kind: "unbound", data: { channel: channelOf(address), from: address, why } });
        })(),
      ),
    channelPosition: (channel) => read((sql) => sql.position.get(channel)?.value),
    keepChannelPosition: (channel, position) => run((sql) => void sql.keepPosition.run(channel, position)),
  };
}
