// Whether enough people may approve what the policy wants several people for.
import { type ApproverPlaces, anotherApprover } from "../domain/approver-places.ts";
import { type Check, ok, skipped, warning } from "./check.ts";

export interface QuorumDeps {
  /** What is short of people, a sentence; undefined where nothing is. @throws where it cannot be told, which another check names */
  readonly short: () => Promise<string | undefined>;
  readonly places: ApproverPlaces;
}

export function quorumCheck({ short, places }: QuorumDeps): Check {
  return {
    description: "quorum",
    async run() {
      try {
        const text = await short();
        return text === undefined
          ? ok("enough people may approve")
          : warning(text, `${anotherApprover(places)} See docs/approvers.md.`);
      } catch {
        return skipped("who may approve cannot be read");
      }
    },
  };
}
