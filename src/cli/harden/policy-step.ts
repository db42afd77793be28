// What policy.json allows without a person: the linter refuses what is broader than its author can mean; the rest is counted.
import type { Config } from "../../config/config.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { PolicyContext } from "../../policy/policy-context.ts";
import { readPolicyFile } from "../../policy/read-policy-file.ts";
import { policyFilePath } from "../../server/guards.ts";
import { countText } from "../policy/check.ts";
import { done, type HardenStep, notPossible, toDo } from "./step.ts";

export function policyStep(
  config: Config | undefined,
  folder: string,
  context: PolicyContext | undefined,
): HardenStep {
  return {
    id: "policy",
    title: "The policy allows nothing broad",
    why: "each rule that allows is an approval given in advance",
    async look() {
      if (config === undefined || context === undefined)
        return notPossible("the settings cannot be read by you");
      const path = policyFilePath(config, folder);
      const file = readPolicyFile(path, context);
      if (file.kind === "none") return done("no policy: everything asks");
      if (file.kind === "good") return done(`${path}: ${countText(file.policy)}`);
      return toDo(
        file.problems.map((problem) => `${path}: ${visibleLine(problem)}`),
        [
          "Correct what is named: until then nothing is allowed by it. Begin with: approval-server policy init --like careful",
        ],
      );
    },
  };
}
