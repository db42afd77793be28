// Whether the event log holds, and the record agrees with it.
import { type Check, failure, ok } from "./check.ts";

export interface EventLogDeps {
  /** What is wrong, the first first; undefined where there is no record that can be read: another check says why. */
  readonly verify: () => { readonly problems: readonly string[]; readonly entries: number } | undefined;
}

export function eventLogCheck({ verify }: EventLogDeps): Check {
  return {
    description: "event log",
    async run() {
      const verdict = verify();
      if (verdict === undefined) return ok("there is none yet, or it cannot be read");
      const { problems, entries } = verdict;
      const [first] = problems;
      if (first === undefined) return ok(`${entries.toLocaleString("en-US")} entries in order`);
      const more = problems.length > 1 ? `, and ${problems.length - 1} more` : "";
      return failure(
        `${first}${more}`,
        "Somebody has changed the record beside the server, or a part of it was lost. approval-server audit --verify names all; docs/audit.md says what it means.",
      );
    },
  };
}
