// Reads the record without the server: the file is opened read-only, and nothing in it is changed, its schema least of all.
import { existsSync } from "node:fs";
import type { KnownGatewayTool } from "../core/ports/gateway-tool-store.ts";
import type { HistoryStore } from "../core/ports/history-store.ts";
import { ConfigError } from "../domain/errors.ts";
import type { EventWriter } from "./events.ts";
import { createHistory } from "./history.ts";
import { prepareHistoryStatements } from "./history-statements.ts";
import { MIGRATIONS } from "./migrations.ts";
import { BUSY_TIMEOUT_MS, connect, keep, toConfigError } from "./open-database.ts";
import { GATEWAY_TOOLS } from "./statements.ts";

export type RecordReader = HistoryStore & {
  /** As `GatewayToolStore` has them. */
  gatewayTools(): readonly KnownGatewayTool[];
  close(): void;
};

/** It only reads. */
const NO_EVENTS: EventWriter = {
  append() {
    throw new Error("nothing is written by a reader");
  },
  check: () => undefined,
};

/** @throws ConfigError when it is not there, cannot be read, or is of another version */
export function openRecordReader(path: string): RecordReader {
  // SQLite's own words would be about the files beside it.
  if (!existsSync(path))
    throw new ConfigError([`APPROVAL_DB: ${path} does not exist: the server makes it when it first starts.`]);
  try {
    const db = connect(path, BUSY_TIMEOUT_MS, { isReader: true });
    try {
      const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
      if (version !== MIGRATIONS.length) {
        const which = version > MIGRATIONS.length ? "a newer version" : "an earlier version";
        throw new ConfigError([`APPROVAL_DB: ${path} was written by ${which}: start the server to read it.`]);
      }
      const sql = prepareHistoryStatements(db);
      const { browse, story, countSent } = createHistory(
        async (work) => work(sql, db, NO_EVENTS),
        async (work) => work(sql),
      );
      const gatewayTools = keep(db.prepare<[], KnownGatewayTool>(GATEWAY_TOOLS));
      return {
        ...{ browse, story, countSent },
        gatewayTools: () => gatewayTools.all(),
        close: () => void db.close(),
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw toConfigError(path, error);
  }
}
