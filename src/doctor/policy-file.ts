// Whether the policy's file would be in force.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, failure, ok } from "./check.ts";

export interface PolicyFileDeps {
  readonly path: string;
  /** Whether the configuration names it: then it must be there. */
  readonly isNamed: boolean;
  /** What the file holds, in a few words; its problems; undefined when there is none. */
  readonly read: () => { readonly summary: string } | { readonly problems: readonly string[] } | undefined;
}

export function policyFileCheck({ path, isNamed, read }: PolicyFileDeps): Check {
  return {
    description: "policy",
    async run() {
      const found = read();
      if (found === undefined) {
        return isNamed
          ? failure(`${path} does not exist`, "Create it, or unset APPROVAL_POLICY.")
          : ok("no policy.json: everything asks");
      }
      if ("summary" in found) return ok(`${path}: ${found.summary}`);
      return failure(
        `${path} is not in force:\n${found.problems.join("\n")}`,
        `Correct it. Until then a running server allows nothing by it; see it again with: ${ownCommand("policy check")}`,
      );
    },
  };
}
