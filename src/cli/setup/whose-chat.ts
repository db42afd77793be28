// Whose chat is bound, where the settings know several people.
import { personFor } from "../../core/pairing-person.ts";
import type { People } from "../../core/people.ts";
import type { PairedChannel } from "../../domain/channel.ts";
import { personText } from "../../domain/pairing-notice.ts";
import { SetupProblem } from "./asker.ts";
import type { Workshop } from "./workshop.ts";

/** Who is named, or who goes without saying; otherwise a person is asked. @throws SetupProblem where nobody can be */
export async function whoseChat(
  { asker, flags }: Workshop,
  people: Pick<People, "all" | "whyNotTheirs">,
  channel: PairedChannel,
): Promise<string> {
  const found = personFor(people, flags.as, channel);
  if ("person" in found) return found.person;
  const names = people
    .all()
    .filter(({ role, name }) => role === "approve" && people.whyNotTheirs(name, channel) === undefined)
    .map(({ name }) => name);
  if (!asker.isPerson || flags.as !== undefined || names[0] === undefined)
    throw new SetupProblem(found.problem, "Give the name with --as.");
  const choices = names.map((value) => ({ value, label: personText(value) }));
  return asker.choose({ message: "Whose chat is it?", initial: names[0], choices });
}
