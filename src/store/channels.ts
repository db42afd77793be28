// Who was bound to a channel, and where each channel has read to.
import type Database from "better-sqlite3";
import type { Binding, BindingStore } from "../core/ports/binding-store.ts";
import type { ChannelStore } from "../core/ports/channel-store.ts";
import { channelOf } from "../domain/channel.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { EventWriter } from "./events.ts";
import { keep } from "./open-database.ts";

interface BindingRow extends Omit<Binding, "untold"> {
  /** In JSON; null: nobody. */
  readonly untold: string | null;
}

export function prepareChannelStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    bindings: prepared<[], BindingRow>(
      "SELECT address, person, seal, bound_at AS boundAt, untold FROM bindings ORDER BY bound_at, address",
    ),
    keepBinding: prepared<[BindingRow]>(
      `INSERT INTO bindings (address, person, seal, bound_at, untold) VALUES (@address, @person, @seal, @boundAt, @untold)
       ON CONFLICT (address) DO UPDATE SET person = excluded.person, seal = excluded.seal, bound_at = excluded.bound_at,
         untold = excluded.untold`,
    ),
    keepUntold: prepared<[string | null, string]>("UPDATE bindings SET untold = ? WHERE address = ?"),
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
    bindings: () =>
      read((sql) => sql.bindings.all().map((row) => ({ ...row, untold: addressesIn(row.untold) }))),
    keepUntold: (address, untold) => run((sql) => void sql.keepUntold.run(untoldText(untold), address)),
    keepBinding: (binding) =>
      run((sql, db, events) =>
        db.transaction(() => {
          sql.keepBinding.run({ ...binding, untold: untoldText(binding.untold) });
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

function untoldText(untold: readonly Phone[] = []): string | null {
  return untold.length === 0 ? null : JSON.stringify(untold);
}

/** What another hand has written names nobody, and keeps nobody from being bound. */
function addressesIn(text: string | null): readonly Phone[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((each): each is Phone => typeof each === "string") : [];
  } catch {
    return [];
  }
}
