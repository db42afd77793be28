// Whether enough people are there for what the policy asks of them, read from the settings, the approvers' file and the database.
import type { Config } from "../../config/config.ts";
import { projectsShortOf, shortText } from "../../core/quorum.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { CommandContext } from "../command.ts";

/** @returns a sentence; undefined where enough are there. @throws ConfigError where it cannot be told */
export async function shortOfPeople(
  config: Config,
  { quorum }: { readonly quorum?: number | undefined },
  { home, clock }: Pick<CommandContext, "home" | "clock">,
): Promise<string | undefined> {
  if (quorum === undefined) return undefined;
  // Loaded only here: the record's driver is large.
  const { readPeople } = await import("../pair/known.ts");
  const { people } = await readPeople(config, home, clock);
  const text = shortText(projectsShortOf(people, quorum), quorum);
  return text === undefined ? undefined : visibleLine(text);
}
