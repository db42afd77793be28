// Whether the environment and .env make a configuration that the server would start with.
import { type Check, failure, ok } from "./check.ts";

/**
 * @param problems what the server would refuse to start for, each naming its variable; no values.
 * @param envFile where the settings are, beside the environment
 */
export function configurationCheck(problems: readonly string[], summary: string, envFile: string): Check {
  return {
    description: "configuration",
    run: async () =>
      problems.length === 0
        ? ok(summary)
        : failure(
            problems.join("\n"),
            `Set these in ${envFile} or in the environment; .env.example explains each.`,
          ),
  };
}
