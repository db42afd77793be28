// The checks of the approvers' file, and of the channels that bind by a code, where there are some.
import type { Config } from "../../config/config.ts";
import { approversFileCheck } from "../../doctor/approvers-file.ts";
import type { Check } from "../../doctor/check.ts";
import { pairedChannelsCheck } from "../../doctor/paired-channels.ts";
import { channelOf } from "../../domain/channel.ts";
import type { Person } from "../../domain/person.ts";
import { visibleLine } from "../../domain/visible.ts";
import { readApproversFile } from "../../server/approvers/with-approvers.ts";
import type { CommandContext } from "../command.ts";
import { readPeople } from "../pair/known.ts";
import type { ServerProbe } from "./server-probe.ts";

export function channelChecks(
  config: Config,
  { home, clock }: Pick<CommandContext, "home" | "clock">,
  probe: Pick<ServerProbe, "channels">,
): Check[] {
  const named = approversChecks(config);
  // Nobody is bound to a simulated one: rows of real accounts say nothing here.
  const isSimulated = config.simulation !== undefined;
  const channels = isSimulated ? [] : config.channels.filter((name) => name !== "whatsapp");
  if (channels.length === 0) return named;
  return [
    ...named,
    pairedChannelsCheck({
      channels,
      async bound() {
        const { people, uncounted } = await readPeople(config, home, clock);
        const all = people.all().flatMap(({ addresses }) => addresses);
        const on = channels.map(
          (name) => [name, all.filter((address) => channelOf(address) === name).length] as const,
        );
        const unnamed = channels.filter(
          (name) => people.isClosed && people.all().every((each) => people.whyNotTheirs(each.name, name)),
        );
        return { on: new Map(on), mayAny: people.approving().length > 0, unnamed, uncounted };
      },
      running: probe.channels,
    }),
  ];
}

/** The file that names the people, where one is named. */
function approversChecks(config: Config): Check[] {
  const { approversPath: path } = config;
  if (path === undefined) return [];
  const withRole = (people: readonly Person[], role: Person["role"]) =>
    people.filter((person) => person.role === role).length;
  return [
    approversFileCheck({
      path,
      read() {
        const file = readApproversFile(path, config);
        if (file === undefined) return undefined;
        if (!file.ok) return { problems: file.problems.map(visibleLine) };
        const { people } = file;
        return { approve: withRole(people, "approve"), notify: withRole(people, "notify") };
      },
    }),
  ];
}
