// The text of the approvers' file as people, or every problem in it at once, each with its place. Pure.
import { readAs } from "../../core/read-as.ts";
import { type ChannelName, channelOf } from "../../domain/channel.ts";
import type { Person } from "../../domain/person.ts";
import { nameKey } from "../../domain/person-name.ts";
import { isSameNumber } from "../../domain/phone-number.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { duplicateKeys } from "../../policy/duplicate-keys.ts";
import { pathText } from "../../policy/schema.ts";
import { approversSchema, type WrittenAddress, type WrittenPerson } from "./schema.ts";

interface NamedPeople {
  readonly people: readonly Person[];
  /** WhatsApp's ids of those who hide their numbers, where they are named. */
  readonly userIds: ReadonlyMap<Phone, string>;
}

export type ReadApprovers =
  | ({ readonly ok: true } & NamedPeople)
  | { readonly ok: false; readonly problems: readonly string[] };

/** Never throws, whatever the text is. @param channels those that are used */
export function readApprovers(text: string, channels: readonly ChannelName[]): ReadApprovers {
  let json: unknown;
  try {
    // Some editors put a byte order mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // The parser's own words quote the file, which has people's numbers.
    return bad(["is not valid JSON"]);
  }
  const twice = duplicateKeys(text);
  if (twice.length > 0)
    return bad(
      twice.map((key) => `has the key ${JSON.stringify(key)} twice in one place: put them together`),
    );
  const parsed = readAs(approversSchema, json);
  if (!parsed.success)
    return bad(
      parsed.error.issues.map(({ path, message }) =>
        [pathText(path), message].filter((part) => part !== "").join(": "),
      ),
    );
  const written = parsed.data.people;
  const problems = [
    ...sameNames(written),
    ...sameAddresses(written),
    ...unreachable(written, channels),
    ...nobodyWhoApproves(written),
  ];
  return problems.length > 0 ? bad(problems) : { ok: true, ...peopleOf(written) };
}

function bad(problems: readonly string[]): ReadApprovers {
  return { ok: false, problems };
}

function peopleOf(written: readonly WrittenPerson[]): NamedPeople {
  const numbers = written.flatMap(({ addresses }) => addresses.filter(isNumber));
  return {
    people: written.map(({ name, role, projects, addresses }) => ({
      name,
      role,
      ...(projects === undefined ? {} : { projects }),
      addresses: addresses.filter(isNumber).map(({ phone }) => phone),
      pairs: addresses.flatMap((each) => (each.kind === "paired" ? [each.channel] : [])),
    })),
    userIds: new Map(
      numbers.flatMap(({ phone, userId }) => (userId === undefined ? [] : [[phone, userId] as const])),
    ),
  };
}

type WrittenNumber = Extract<WrittenAddress, { readonly kind: "number" }>;

function isNumber(address: WrittenAddress): address is WrittenNumber {
  return address.kind === "number";
}

function* sameNames(people: readonly WrittenPerson[]): Generator<string> {
  for (const [at, { name }] of people.entries()) {
    const first = people.findIndex((other) => nameKey(other.name) === nameKey(name));
    if (first < at) yield `people[${at}].name: is the name of people[${first}] already`;
  }
}

function* sameAddresses(people: readonly WrittenPerson[]): Generator<string> {
  const seen: { readonly place: string; readonly address: WrittenAddress; readonly person: number }[] = [];
  for (const [person, { addresses }] of people.entries()) {
    for (const [at, address] of addresses.entries()) {
      const place = `people[${person}].addresses[${at}]`;
      const first = seen.find((other) => isSame(address, other.address, other.person === person));
      if (first !== undefined) yield `${place}: is the same as ${first.place}`;
      seen.push({ place, address, person });
    }
  }
}

/** Two people may be paired on one channel; a number, and WhatsApp's id of a user, are one person's. */
function isSame(one: WrittenAddress, other: WrittenAddress, ofOnePerson: boolean): boolean {
  if (one.kind === "paired") return ofOnePerson && other.kind === "paired" && one.channel === other.channel;
  if (other.kind === "paired") return false;
  const isSameId = one.userId !== undefined && one.userId === other.userId;
  return isSameId || isSameNumber(one.phone, other.phone);
}

/** Somebody who could never be asked: more likely a slip than a wish. */
function* unreachable(people: readonly WrittenPerson[], channels: readonly ChannelName[]): Generator<string> {
  const channelsUsed = (address: WrittenAddress) =>
    channels.includes(address.kind === "paired" ? address.channel : channelOf(address.phone));
  for (const [at, { addresses }] of people.entries())
    if (!addresses.some(channelsUsed))
      yield `people[${at}].addresses: none is on a channel that is in use (${channels.join(", ")})`;
}

function* nobodyWhoApproves(people: readonly WrittenPerson[]): Generator<string> {
  const approvers = people.filter(({ role }) => role === "approve");
  if (approvers.length === 0) {
    yield "people: nobody approves: give at least one of them the role approve";
    return;
  }
  for (const [person, { projects = [] }] of people.entries()) {
    for (const [at, project] of projects.entries()) {
      const isApproved = approvers.some((each) => each.projects?.includes(project) ?? true);
      if (!isApproved)
        yield `people[${person}].projects[${at}]: nobody approves for ${JSON.stringify(project)}`;
    }
  }
}
