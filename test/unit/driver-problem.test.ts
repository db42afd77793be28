// What an operator reads when the database's driver does not load.
import { describe, expect, it } from "vitest";
import { driverProblem } from "../../src/store/driver-problem.ts";
import { toConfigError } from "../../src/store/open-database.ts";

/** As better-sqlite3 12 throws them. */
const FOREIGN = Object.assign(
  new Error("The module '/x/better_sqlite3.node'\nwas compiled against NODE_MODULE_VERSION 108."),
  { code: "ERR_DLOPEN_FAILED" },
);
const MISSING = new Error("Could not locate the bindings file. Tried:\n → /x/build/better_sqlite3.node");

describe("a driver that does not load", () => {
  it.each([
    ["of another Node.js", FOREIGN, "does not run in this Node.js v20.20.0"],
    ["that was never built", MISSING, "installed without its native part"],
  ])("(%s) is told in one line, with the command that repairs it", (_which, error, words) => {
    const problem = driverProblem(error, "v20.20.0") ?? "";
    expect(problem).toContain(words);
    expect(problem).toMatch(/Run: cd \S+ && npm rebuild better-sqlite3$/);
    expect(problem).not.toContain("\n");
    expect(toConfigError("/data/approvals.db", error).problems).toEqual([driverProblem(error)]);
  });

  it("is not seen in an error about the file", () => {
    const error = Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });
    expect(driverProblem(error)).toBeUndefined();
    expect(driverProblem("text")).toBeUndefined();
    expect(toConfigError("/data/approvals.db", error).problems[0]).toMatch(/^APPROVAL_DB: /);
  });
});
