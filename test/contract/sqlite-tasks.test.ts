// SQLite as a store of tasks.
import { join } from "node:path";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { describeTaskStore } from "./task-store.ts";

describeTaskStore("the SQLite store", () => {
  const path = join(temporaryFolder(), "approvals.db");
  return { open: () => createSqliteStore(path) };
});
