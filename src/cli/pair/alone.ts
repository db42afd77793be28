// Pairing while the server is stopped: only where nobody at all may approve. This process is the server of the database meanwhile.
import { type Config, secretsOf } from "../../config/config.ts";
import { PAIRING_MS, type PairingEnd } from "../../core/pairing.ts";
import { personFor } from "../../core/pairing-person.ts";
import { codeText } from "../../core/pairing-words.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { duration } from "../../domain/time-words.ts";
import type { OpenChannel } from "../../server/channels.ts";
import { makeCode } from "../../server/first-pairing.ts";
import { createLog } from "../../server/log.ts";
import { openPairing } from "../../server/pairing-alone.ts";
import type { CommandContext } from "../command.ts";
import { ServerError } from "../local-client.ts";
import type { WantedPair } from "./screen.ts";

const BEAT_MS = 15_000;

/**
 * @param openChannel makes the channel. Default: the real one
 * @throws ServerError where somebody may approve; ConfigError where a server has the database
 */
export async function pairAlone(
  config: Config,
  { channel, person, screen }: WantedPair,
  { home, clock, signal, openLog, isTerminal, colours }: CommandContext,
  openChannel?: OpenChannel,
): Promise<PairingEnd> {
  const log = createLog({
    level: "warn",
    terminal: isTerminal,
    colours: colours.err,
    secrets: secretsOf(config),
    send: openLog(),
  });
  const open = await openPairing(config, { home, clock, log, openChannel });
  let stopBeat = () => {};
  let leftMs = PAIRING_MS;
  const beat = () =>
    clock.after(BEAT_MS, () => {
      leftMs -= BEAT_MS;
      const problem = open.health(channel)?.problem;
      screen.say(problem ?? `… waits for the code, ${duration(leftMs)} left`);
      stopBeat = beat();
    });
  try {
    if (open.people.approving().length > 0)
      throw new ServerError(
        "Somebody may approve already, and must be asked. The server is not running.",
        `Start it with ${ownCommand("start")}, then run this again.`,
      );
    const found = personFor(open.people, person, channel);
    if ("problem" in found) throw new ServerError(found.problem);
    const { code, hash } = makeCode();
    const opening = { channel, person: found.person, code: hash, isFirst: true };
    const ended = open.pairing.open({ ...opening, signal });
    open.listen();
    screen.say(codeText(channel, code));
    stopBeat = beat();
    return await ended;
  } finally {
    stopBeat();
    await open.close();
  }
}
