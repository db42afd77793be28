// Whose address a code binds: who is named, or who goes without saying.
import { personText } from "../domain/pairing-notice.ts";
import type { People } from "./people.ts";

/** Who is bound first where the settings name nobody. */
const FIRST_NAME = "owner";
const MAX_NAME = 40;
/** What a message and a list can show as it is, and a command line can take. */
const NAME = /^[\p{L}\p{N}+](?:[\p{L}\p{N} ._@+-]*[\p{L}\p{N}])?$/u;

export type PersonFound = { readonly person: string } | { readonly problem: string };

/** Whether a new person may be called so. */
function isPersonName(text: string): boolean {
  return text.length <= MAX_NAME && NAME.test(text);
}

/** @param named on the command line. @returns `problem`: a sentence, with what to do */
export function personFor({ all }: Pick<People, "all">, named: string | undefined): PersonFound {
  const people = all();
  if (named !== undefined) {
    if (people.some(({ name }) => name === named)) return { person: named };
    if (isPersonName(named)) return { person: named };
    return {
      problem: `That cannot be a name: ${MAX_NAME} letters, digits, blanks and . _ @ + - at most, letters or digits at both ends.`,
    };
  }
  const names = people.filter(({ role }) => role === "approve").map(({ name }) => name);
  const [only = FIRST_NAME, ...more] = names;
  if (more.length === 0) return { person: only };
  return {
    problem: `Several people may approve: say whose it is with --as (${names.map(personText).join(", ")}).`,
  };
}

/** For a first code, which nobody is asked about: whoever the settings name first. */
export function firstPerson({ all }: Pick<People, "all">): string {
  return all().find(({ role }) => role === "approve")?.name ?? FIRST_NAME;
}
