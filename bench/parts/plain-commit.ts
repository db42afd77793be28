// One commit of SQLite as the server makes it: WAL, synchronous=FULL, in the folder that its database is in.
import { join } from "node:path";
import { openDatabase } from "../../src/store/open-database.ts";

const ROW_BYTES = 600;

/** @returns makes one commit and says how long it took, ms */
export function openPlainCommit(folder: string): { commit(): number; close(): void } {
  const db = openDatabase(join(folder, "floor.db"));
  db.exec("CREATE TABLE floor (id INTEGER PRIMARY KEY, text TEXT)");
  const insert = db.prepare("INSERT INTO floor (text) VALUES (?)");
  const text = "x".repeat(ROW_BYTES);
  return {
    commit() {
      const start = performance.now();
      insert.run(text);
      return performance.now() - start;
    },
    close: () => void db.close(),
  };
}
