// Why nobody can be asked about a request, and what to do about it: by who is named, who has a chat, and which channels are used.
import { firstCodeAdvice, numbersIn, pairCommands } from "../domain/approver-places.ts";
import { type ChannelName, PAIRED_CHANNELS } from "../domain/channel.ts";
import { DeliveryError } from "../domain/errors.ts";
import { isAbout } from "../domain/person.ts";
import { firstPerson } from "./pairing-person.ts";
import type { People } from "./people.ts";

type Roster = Pick<People, "all" | "approving" | "whyNotTheirs" | "isClosed">;

/** @param channels those in use @returns undefined where somebody may approve, only not about that project */
export function nobodyAtAll(people: Roster, channels: readonly ChannelName[]): DeliveryError | undefined {
  if (people.approving().length > 0) return undefined;
  const withCode = PAIRED_CHANNELS.filter(
    (name) => channels.includes(name) && firstPerson(people, name) !== undefined,
  );
  const advice =
    withCode.length > 0
      ? firstCodeAdvice(withCode)
      : `Name somebody who approves, with an address on a channel that is in use, in ${numbersIn(people)}.`;
  return new DeliveryError("Nobody can be asked.", advice);
}

/** Somebody may approve, and nobody of them is asked about that project. */
export function nobodyForProject(
  people: Roster,
  project: string | undefined,
  channels: readonly ChannelName[],
): DeliveryError {
  const named = people.all().filter((each) => each.role === "approve" && isAbout(each, project));
  const theirs = PAIRED_CHANNELS.filter(
    (name) =>
      channels.includes(name) && named.some((each) => people.whyNotTheirs(each.name, name) === undefined),
  );
  if (theirs.length > 0)
    return new DeliveryError(
      "Whoever is asked about requests of that project has no chat yet.",
      `Bind one with ${pairCommands(theirs)}.`,
    );
  return new DeliveryError(
    "Nobody is asked about requests of that project.",
    "Name its project among somebody's projects in the file of APPROVERS, or let somebody be asked about all: leave projects out.",
  );
}
