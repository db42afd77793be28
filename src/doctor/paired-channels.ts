// Whether somebody is bound to each channel that binds by a code, and whether the running server gets through to it.
import { CHANNEL_TITLES, type PairedChannel } from "../domain/channel.ts";
import { count } from "../domain/names.ts";
import { ownCommand } from "../domain/own-command.ts";
import { type Check, type Concern, skipped, together } from "./check.ts";

/** How the running server finds a channel. */
export interface RunningChannel {
  readonly channel: string;
  readonly state: string;
  readonly problem?: string | undefined;
  /** Why addresses were lost since it was started. */
  readonly lost: readonly string[];
}

interface Bound {
  /** How many addresses each channel has. */
  readonly on: ReadonlyMap<PairedChannel, number>;
  /** Whether anybody may approve, on whichever channel. */
  readonly mayAny: boolean;
  /** The channels on which nobody may have a chat: the file of approvers names them for nobody. */
  readonly unnamed: readonly PairedChannel[];
  /** Rows that count for nothing. */
  readonly uncounted: number;
}

export interface PairedChannelsDeps {
  /** Those in use. */
  readonly channels: readonly PairedChannel[];
  /** @throws where the database cannot be read, which another check names */
  readonly bound: () => Promise<Bound>;
  /** Undefined where the server does not run. */
  readonly running: () => Promise<readonly RunningChannel[] | undefined>;
}

export function pairedChannelsCheck({ channels, bound, running }: PairedChannelsDeps): Check {
  return {
    description: "channels",
    async run() {
      const [known, now] = await Promise.all([bound().catch(() => undefined), running()]);
      if (known === undefined) return skipped("who is bound cannot be read");
      const concerns = channels.flatMap((channel) => [...concernsOf(channel, known, now)]);
      return together([...concerns, ...leftOver(known)]);
    },
  };
}

function* concernsOf(
  channel: PairedChannel,
  { on, mayAny, unnamed }: Bound,
  now: readonly RunningChannel[] | undefined,
): Generator<Concern> {
  const title = CHANNEL_TITLES[channel];
  const health = now?.find((each) => each.channel === channel);
  const bound = on.get(channel) ?? 0;
  if (health?.state === "down" || health?.state === "refused") {
    yield {
      text: `${title}: ${health.problem ?? "it cannot be reached"}`,
      advice: "Mend what is named here; the server's log says more.",
      isError: health.state === "refused",
    };
  }
  for (const why of health?.lost ?? [])
    yield { text: `${title}: a chat was lost: ${why}`, advice: `Run: ${ownCommand(`pair ${channel}`)}` };
  if (bound > 0) {
    yield {
      text: `${title}: ${count(bound, "chat")} bound${health === undefined ? "" : `, ${health.state}`}`,
    };
    return;
  }
  if (unnamed.includes(channel)) {
    yield {
      text: `${title}: nobody is bound, and the file of APPROVERS names it for nobody`,
      advice: `Name ${channel} among somebody's addresses there, or leave it out of CHANNELS.`,
    };
    return;
  }
  yield mayAny
    ? { text: `${title}: nobody is bound`, advice: `Run: ${ownCommand(`pair ${channel}`)}` }
    : {
        text: `${title}: nobody is bound, and nobody may approve at all`,
        advice: `Start the server in a terminal, which shows a code; or stop it, and run: ${ownCommand(`pair ${channel}`)}`,
        isError: true,
      };
}

function* leftOver({ uncounted }: Bound): Generator<Concern> {
  if (uncounted > 0)
    yield {
      text: `${count(uncounted, "binding")} in the database ${uncounted === 1 ? "counts" : "count"} for nothing: made with another key, or by somebody else`,
      advice: "Pair again, if it was you who has changed the key.",
    };
}
