// People who are reached at one address each.
import { createPeople, type People } from "../../src/core/people.ts";
import { channelOf } from "../../src/domain/channel.ts";
import type { Phone } from "../../src/domain/tool-call.ts";

export function peopleAt(...addresses: readonly string[]): People {
  const people = addresses.map((address) => ({
    name: address,
    role: "approve" as const,
    addresses: [address as Phone],
  }));
  return createPeople({ people, channels: [...new Set(addresses.map(channelOf))] });
}
