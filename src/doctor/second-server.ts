// Whether another approval server has this database: then no start from here succeeds.
import { type Check, failure, ok } from "./check.ts";

export interface SecondServerDeps {
  readonly path: string;
  /** The process that has the database's lock; `unknown` where it has not left its number. */
  readonly holder: () => number | "unknown" | undefined;
  /** The process that answers as the server of this database on the configured port. */
  readonly serverProcess: () => Promise<number | "unknown" | undefined>;
}

export function secondServerCheck({ path, holder, serverProcess }: SecondServerDeps): Check {
  return {
    description: "second server",
    async run() {
      const held = holder();
      if (held === undefined) return ok("no server has the database open");
      const who = held === "unknown" ? "" : `, process ${held}`;
      const answering = await serverProcess();
      if (answering !== undefined && (answering === held || [answering, held].includes("unknown"))) {
        return ok(`none beside the one that is running${who}`);
      }
      return failure(
        `${path} is in use by an approval server that does not answer on SERVER_PORT${who}`,
        "Stop that one, set SERVER_PORT as it has it, or set APPROVAL_DB to another file.",
      );
    },
  };
}
