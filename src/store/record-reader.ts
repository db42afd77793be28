// Reads the record without the server: the file is opened read-only, and nothing in it is changed, its schema least of all.
import type { KnownGatewayTool } from "../core/ports/gateway-tool-store.ts";
import type { HistoryStore } from "../core/ports/history-store.ts";
import type { EventWriter } from "./events.ts";
import { createHistory } from "./history.ts";
import { prepareHistoryStatements } from "./history-statements.ts";
import { keep } from "./open-database.ts";
import { openForReading } from "./open-for-reading.ts";
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
  sound: () => undefined,
  known: () => undefined,
};

/** @throws ConfigError when it is not there, cannot be read, or is of another version */
export function openRecordReader(path: string): RecordReader {
  return openForReading(path, (db) => {
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
  });
}
