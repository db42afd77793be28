// Who is asked, and where: a person has one or more addresses, those of the settings and those that were bound by a code. Who may
// only be told decides nothing from any of them.
import type { Outcome } from "../domain/approval.ts";
import { type ChannelName, channelOf } from "../domain/channel.ts";
import type { Person } from "../domain/person.ts";
import type { Phone } from "../domain/tool-call.ts";

export interface People {
  /** Everybody, with every address; in the order of the settings. */
  all(): readonly Person[];
  personOf(address: Phone): Person | undefined;
  /** Whether a reply from there may decide. */
  mayApprove(address: Phone): boolean;
  /** Every address that may approve. */
  approving(): readonly Phone[];
  /** Who is asked about a request. @param project where it comes from, where that is known */
  askedFor(project: string | undefined): readonly Person[];
  /** Where everybody is told what concerns all of them: one address each, the first that there is. */
  toTell(): readonly Phone[];
  /** Adds an address to a person. A name that nobody has makes a new one. */
  bind(address: Phone, name: string): void;
  unbind(address: Phone): void;
}

export interface PeopleDeps {
  /** As they are configured; the addresses are those of the settings. */
  readonly people: readonly Person[];
  /** The channels in the order in which they are tried. An address on another one is not used. */
  readonly channels: readonly ChannelName[];
}

export function createPeople({ people: configured, channels }: PeopleDeps): People {
  const rank = (address: Phone) => channels.indexOf(channelOf(address));
  const ordered = (person: Person): Person => ({
    ...person,
    addresses: person.addresses
      .filter((address) => rank(address) >= 0)
      .toSorted((one, other) => rank(one) - rank(other)),
  });
  let people = configured.map(ordered);
  const approvers = () => people.filter(({ role }) => role === "approve");

  const personOf = (address: Phone) => people.find(({ addresses }) => addresses.includes(address));
  const unbind = (address: Phone) => {
    people = people
      .map((person) => ({ ...person, addresses: person.addresses.filter((each) => each !== address) }))
      .filter(({ name, addresses }) => addresses.length > 0 || configured.some((each) => each.name === name));
  };

  return {
    all: () => people,
    personOf,
    mayApprove: (address) => personOf(address)?.role === "approve",
    approving: () => approvers().flatMap(({ addresses }) => addresses),
    askedFor: (project) =>
      approvers().filter(
        ({ addresses, projects }) =>
          addresses.length > 0 &&
          (projects === undefined || (project !== undefined && projects.includes(project))),
      ),
    toTell: () => people.flatMap(({ addresses }) => addresses.slice(0, 1)),
    bind(address, name) {
      unbind(address);
      const known = people.find((person) => person.name === name);
      const bound: Person = known ?? { name, role: "approve", addresses: [] };
      const next = ordered({ ...bound, addresses: [...bound.addresses, address] });
      people = known === undefined ? [...people, next] : people.map((each) => (each === known ? next : each));
    },
    unbind,
  };
}

/** Whether a person has approved it, not the policy, nor a grant: only then was a phone told that it is approved. */
export function isByPerson(outcome: Outcome, people: Pick<People, "mayApprove">): boolean {
  return outcome.status === "approved" && people.mayApprove(outcome.by as Phone);
}
