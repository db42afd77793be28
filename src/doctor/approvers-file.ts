// Whether the server would start with the people of the approvers' file, and whom it names.
import { type Check, failure, ok } from "./check.ts";

export interface ApproversFileDeps {
  readonly path: string;
  /** How many approve and how many are only told; the file's problems; undefined where there is none. */
  readonly read: () =>
    | { readonly approve: number; readonly notify: number }
    | { readonly problems: readonly string[] }
    | undefined;
}

export function approversFileCheck({ path, read }: ApproversFileDeps): Check {
  return {
    description: "approvers",
    async run() {
      const found = read();
      if (found === undefined) return failure(`${path} does not exist`, "Create it, or unset APPROVERS.");
      if ("problems" in found)
        return failure(
          `the server does not start with ${path}:\n${found.problems.join("\n")}`,
          "Correct it: see docs/approvers.md.",
        );
      const told = found.notify === 0 ? "" : `, ${peopleText(found.notify)} only told`;
      return ok(`${path}: ${peopleText(found.approve)} may approve${told}`);
    },
  };
}

const peopleText = (number: number) => (number === 1 ? "1 person" : `${number} people`);
