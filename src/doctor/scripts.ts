// Whether the scripts that are to be tools are offered, and whether whoever asks could change them.
import { type Check, type Concern, failure, ok, together } from "./check.ts";

export interface ScriptsCheckDeps {
  readonly path: string;
  /** Whether the configuration names the folder: then it must be there. */
  readonly isNamed: boolean;
  /** `bad`: nothing in it counts. The problems are sentences. */
  readonly find: () => {
    readonly state: "none" | "good" | "bad";
    readonly names: readonly string[];
    readonly problems: readonly string[];
  };
  /** Folders in which an agent may work, and in which the scripts lie. */
  readonly projects: () => readonly string[];
}

export function scriptsCheck({ path, isNamed, find, projects }: ScriptsCheckDeps): Check {
  return {
    description: "scripts",
    async run() {
      const { state, names, problems } = find();
      if (state === "none")
        return isNamed
          ? failure(`${path} does not exist`, "Create it, or unset TOOLS_DIR.")
          : ok("no folder for tools: no scripts are offered");
      if (state === "bad")
        return failure(
          `no script is offered: ${problems.join("; ")}`,
          "Only you and root may own it, and write it or a folder above it.",
        );
      const count =
        names.length === 0 ? "no scripts are" : `${names.join(", ")} ${names.length === 1 ? "is" : "are"}`;
      return together([
        { text: `${path}: ${count} offered` },
        ...problems.map(
          (text): Concern => ({ text, advice: "Correct what is named here: it is not offered." }),
        ),
        ...projects().map(
          (project): Concern => ({
            text: `it lies in the project ${project}: who works there can change a script`,
            advice: "Move it out of every project, and name it with TOOLS_DIR.",
          }),
        ),
      ]);
    },
  };
}
