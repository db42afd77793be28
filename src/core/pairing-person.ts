// Whose address a code binds: who is named, or who goes without saying.

import type { PairedChannel } from "../domain/channel.ts";
import { personText } from "../domain/pairing-notice.ts";
import { isReservedName, nameKey } from "../domain/person-name.ts";
import { FIRST_NAME, type People } from "./people.ts";

const MAX_NAME = 40;
/** What a message and a list can show as it is, and a command line can take. */
const NAME = /^[\p{L}\p{N}+](?:[\p{L}\p{N} ._@+-]*[\p{L}\p{N}])?$/u;

export type PersonFound = { readonly person: string } | { readonly problem: string };

/** Whether a new person may be called so. */
function isPersonName(text: string): boolean {
  return text.length <= MAX_NAME && NAME.test(text);
}

/** @param named on the command line. @returns `problem`: a sentence, with what to do */
export function personFor(
  people: Pick<People, "all" | "whyNotTheirs">,
  named: string | undefined,
  channel: PairedChannel,
): PersonFound {
  const found = personAmong(people, named);
  if ("problem" in found) return found;
  const problem = people.whyNotTheirs(found.person, channel);
  if (problem === undefined) return found;
  const names = people.all().filter(({ name }) => people.whyNotTheirs(name, channel) === undefined);
  const who = names.map(({ name }) => personText(name)).join(", ");
  return { problem: `${problem}${who === "" ? "" : ` Say whose it is with --as (${who}).`}` };
}

function personAmong({ all }: Pick<People, "all">, named: string | undefined): PersonFound {
  const people = all();
  if (named !== undefined) {
    if (people.some(({ name }) => name === named)) return { person: named };
    const alike = people.find(({ name }) => nameKey(name) === nameKey(named));
    if (alike !== undefined)
      return {
        problem: `${personText(alike.name)} is called nearly so: write the name exactly so, or another one.`,
      };
    if (isReservedName(named)) return { problem: "That is a word that messages use for something else." };
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

/** For a first code, which nobody is asked about: whoever the settings name first; undefined where nobody may have a chat there. */
export function firstPerson(
  { all, whyNotTheirs }: Pick<People, "all" | "whyNotTheirs">,
  channel: PairedChannel,
): string | undefined {
  const named = all().filter(({ role }) => role === "approve");
  const first = named.find(({ name }) => whyNotTheirs(name, channel) === undefined);
  if (first !== undefined) return first.name;
  return whyNotTheirs(FIRST_NAME, channel) === undefined ? FIRST_NAME : undefined;
}
