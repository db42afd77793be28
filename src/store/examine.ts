// Looks at a database without changing it: whether the server could use it, and which server has it now.
import { accessSync, constants, existsSync, statSync } from "node:fs";
import type { Binding } from "../core/ports/binding-store.ts";
import type { Contact } from "../core/ports/contact-store.ts";
import type { KnownUserId } from "../core/ports/user-id-store.ts";
import type { ChannelName } from "../domain/channel.ts";
import { ConfigError } from "../domain/errors.ts";
import { isSameNumber } from "../domain/phone-number.ts";
import type { Phone } from "../domain/tool-call.ts";
import { MIGRATIONS } from "./migrations.ts";
import { BUSY_TIMEOUT_MS, connect, keep, newerSchema, toConfigError } from "./open-database.ts";

/**
 * Reads the whole file for damage, and takes and leaves the right to write. Makes nothing, migrates nothing, and leaves the
 * file's mode alone; only what a crash has left in `-wal` may be brought in by SQLite, as at each opening.
 * @throws ConfigError when the server could not use it: locked, damaged, newer, not writable
 */
export function examineDatabase(path: string): void {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      const code = stats.isDirectory() ? "EISDIR" : "ENOTFILE";
      throw Object.assign(new Error(`${code}: not a file`), { code });
    }
    accessSync(path, constants.R_OK | constants.W_OK);
    const db = connect(path, BUSY_TIMEOUT_MS);
    try {
      const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
      if (version > MIGRATIONS.length) throw newerSchema(path, version);
      const damage = keep(db.prepare<[], string>("PRAGMA quick_check(1)").pluck()).get();
      if (damage !== "ok") throw Object.assign(new Error("quick_check failed"), { code: "SQLITE_CORRUPT" });
      db.exec("BEGIN IMMEDIATE; ROLLBACK");
    } finally {
      db.close();
    }
  } catch (error) {
    throw error instanceof ConfigError ? error : toConfigError(path, error);
  }
}

/** What is known of the phones, read beside whatever has the database. */
export interface KnownPhones {
  contact(phone: Phone): Contact;
  readonly userIds: readonly KnownUserId[];
}

const NOTHING_KNOWN: KnownPhones = { contact: () => ({}), userIds: [] };

/** Never throws: nothing is known from a file that is not there, cannot be read, or has an older schema. Changes nothing. */
export function readKnownPhones(path: string): KnownPhones {
  if (!existsSync(path)) return NOTHING_KNOWN;
  try {
    const db = connect(path, BUSY_TIMEOUT_MS, { isReader: true });
    try {
      const contacts = keep(
        db.prepare<[], ContactRow>("SELECT phone, last_inbound_at, joined_at FROM contacts"),
      ).all();
      const userIds = keep(
        db.prepare<[], KnownUserId>(
          "SELECT phone, user_id AS userId, seal, learned_at AS learnedAt FROM user_ids",
        ),
      ).all();
      return {
        userIds,
        contact: (phone) => latest(contacts.filter((row) => isSameNumber(phone, row.phone))),
      };
    } finally {
      db.close();
    }
  } catch {
    return NOTHING_KNOWN;
  }
}

/** Read beside whatever has the database; none from a file that is not there or has an older schema. @throws where it cannot be read */
export function readBindings(path: string): readonly Binding[] {
  if (!existsSync(path)) return [];
  const db = connect(path, BUSY_TIMEOUT_MS, { isReader: true });
  try {
    const isThere = keep(
      db.prepare<[], number>("SELECT count(*) FROM sqlite_master WHERE name = 'bindings'").pluck(),
    ).get();
    if (isThere !== 1) return [];
    return keep(
      db.prepare<[], Binding>("SELECT address, person, seal, bound_at AS boundAt FROM bindings"),
    ).all();
  } catch (error) {
    throw toConfigError(path, error);
  } finally {
    db.close();
  }
}

/** Where a channel was read to; undefined where nothing is known. Changes nothing. @throws where the file cannot be read */
export function readChannelPosition(path: string, channel: ChannelName): string | undefined {
  if (!existsSync(path)) return undefined;
  const db = connect(path, BUSY_TIMEOUT_MS, { isReader: true });
  try {
    const value = keep(
      db.prepare<[string], string>("SELECT value FROM settings WHERE name = 'position:' || ?").pluck(),
    );
    return value.get(channel);
  } catch (error) {
    throw toConfigError(path, error);
  } finally {
    db.close();
  }
}

interface ContactRow {
  readonly phone: string;
  readonly last_inbound_at: number;
  readonly joined_at: number | null;
}

function latest(rows: readonly ContactRow[]): Contact {
  const of = (times: readonly (number | null)[]) => {
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    lastInboundAt: of(rows.map((row) => row.last_inbound_at)),
    joinedAt: of(rows.map((row) => row.joined_at)),
  };
}
