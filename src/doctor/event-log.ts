// Whether the event log holds, and the record agrees with it.
import { SEAL_SECRET } from "../core/event-chain.ts";
import { type Check, failure, ok } from "./check.ts";

export interface EventLogDeps {
  /** What is wrong, the first first; undefined where there is no record that can be read: another check says why. */
  readonly verify: () => EventLogVerdict | undefined;
}

interface EventLogVerdict {
  /** Of the chain and the record, whatever it is sealed with. */
  readonly problems: readonly string[];
  readonly entries: number;
  /** Whether the seals are made with the present token. A wrong token is for another check to find. */
  readonly isOwnSeal: boolean;
}

export function eventLogCheck({ verify }: EventLogDeps): Check {
  return {
    description: "event log",
    async run() {
      const verdict = verify();
      if (verdict === undefined) return ok("there is none yet, or it cannot be read");
      const { problems, entries, isOwnSeal } = verdict;
      const [first] = problems;
      const inOrder = `${entries.toLocaleString("en-US")} entries in order`;
      if (first === undefined && isOwnSeal) return ok(inOrder);
      if (first === undefined)
        return ok(`${inOrder}, sealed with another ${SEAL_SECRET}: approval-server audit --verify says more`);
      const more = problems.length > 1 ? `, and ${problems.length - 1} more` : "";
      return failure(
        `${first}${more}`,
        "Somebody has changed the record beside the server, or a part of it was lost. approval-server audit --verify names all; docs/audit.md says what it means.",
      );
    },
  };
}
