// Who is asked, and where: a person has one or more addresses, those of the settings and those that were bound by a code. Who may
// only be told decides nothing from any of them.
import type { Outcome } from "../domain/approval.ts";
import { type ChannelName, channelOf, type PairedChannel } from "../domain/channel.ts";
import { isAbout, type Person } from "../domain/person.ts";
import type { Phone } from "../domain/tool-call.ts";

export interface People {
  /** A file has named everybody. */
  readonly isClosed: boolean;
  /** Everybody, with every address; in the order of the settings. */
  all(): readonly Person[];
  personOf(address: Phone): Person | undefined;
  /** Whether a reply from there may decide anything at all. */
  mayApprove(address: Phone): boolean;
  /** Whether a reply from there may decide about a request of that project: only who is asked about it. */
  mayDecide(address: Phone, project: string | undefined): boolean;
  /** As a message may call whose address it is; undefined where nobody has named them. */
  nameOf(address: Phone): string | undefined;
  /** Every address that may approve. */
  approving(): readonly Phone[];
  /** Who is asked about a request. @param project where it comes from, where that is known */
  askedFor(project: string | undefined): readonly Person[];
  /** Where everybody is told what concerns all of them: one address each, the first that there is. */
  toTell(): readonly Phone[];
  /** The same for what concerns one project. */
  toTellOf(project: string | undefined): readonly Phone[];
  /** Who is only told about a request of that project. */
  watching(project: string | undefined): readonly Person[];
  /** Why a chat there cannot become theirs, a sentence; undefined where it can. */
  whyNotTheirs(name: string, channel: PairedChannel): string | undefined;
  /** Adds an address to a person. A name that nobody has makes a new one. @throws where it cannot become theirs */
  bind(address: Phone, name: string): void;
  unbind(address: Phone): void;
}

export interface PeopleDeps {
  /** As they are configured; the addresses are those of the settings. */
  readonly people: readonly Person[];
  /** The channels in the order in which they are tried. An address on another one is not used. */
  readonly channels: readonly ChannelName[];
  /** Nobody else can be bound: a file has named everybody. Default: a name that nobody has makes a new person. */
  readonly isClosed?: boolean | undefined;
}

/** Who is bound first where the settings name nobody: no name that a message shows. */
export const FIRST_NAME = "owner";

export function createPeople({ people: configured, channels, isClosed = false }: PeopleDeps): People {
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
  const hasAddress = ({ addresses }: Person) => addresses.length > 0;
  const isShown = (name: string) => isClosed || !(name === FIRST_NAME || /^\+\d+$/.test(name));

  function whyNotTheirs(name: string, channel: PairedChannel): string | undefined {
    const person = people.find((each) => each.name === name);
    if (person === undefined)
      return isClosed ? "The file of APPROVERS names nobody who is called so." : undefined;
    return (person.pairs?.includes(channel) ?? true)
      ? undefined
      : `The file of APPROVERS does not name ${channel} among that person's addresses.`;
  }

  const unbind = (address: Phone) => {
    people = people
      .map((person) => ({ ...person, addresses: person.addresses.filter((each) => each !== address) }))
      .filter(({ name, addresses }) => addresses.length > 0 || configured.some((each) => each.name === name));
  };

  return {
    isClosed,
    all: () => people,
    personOf,
    mayApprove: (address) => personOf(address)?.role === "approve",
    approving: () => approvers().flatMap(({ addresses }) => addresses),
    mayDecide(address, project) {
      const person = personOf(address);
      return person?.role === "approve" && isAbout(person, project);
    },
    nameOf(address) {
      const name = personOf(address)?.name;
      return name !== undefined && isShown(name) ? name : undefined;
    },
    askedFor: (project) => approvers().filter((person) => hasAddress(person) && isAbout(person, project)),
    toTell: () => firstOf(people),
    toTellOf: (project) => firstOf(people.filter((person) => isAbout(person, project))),
    watching: (project) =>
      people.filter((person) => person.role === "notify" && hasAddress(person) && isAbout(person, project)),
    whyNotTheirs,
    bind(address, name) {
      const channel = channelOf(address);
      const problem = channel === "whatsapp" ? undefined : whyNotTheirs(name, channel);
      if (problem !== undefined) throw new Error(problem);
      unbind(address);
      const known = people.find((person) => person.name === name);
      const bound: Person = known ?? { name, role: "approve", addresses: [] };
      const next = ordered({ ...bound, addresses: [...bound.addresses, address] });
      people = known === undefined ? [...people, next] : people.map((each) => (each === known ? next : each));
    },
    unbind,
  };
}

const firstOf = (people: readonly Person[]) => people.flatMap(({ addresses }) => addresses.slice(0, 1));

/** Whether a person has approved it, not the policy, nor a grant: only then was a phone told that it is approved. */
export function isByPerson(outcome: Outcome, people: Pick<People, "mayApprove">): boolean {
  return outcome.status === "approved" && people.mayApprove(outcome.by as Phone);
}
