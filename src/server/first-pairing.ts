// The first approver of a channel that binds by a code: as long as nobody at all may approve, the server's own terminal shows one.
import { randomBytes, randomInt } from "node:crypto";
import type { Pairing } from "../core/pairing.ts";
import { hashOfCode, newPairingCode } from "../core/pairing-code.ts";
import { firstPerson } from "../core/pairing-person.ts";
import { codeText, endText } from "../core/pairing-words.ts";
import type { People } from "../core/people.ts";
import type { Log } from "../core/ports/log.ts";
import { CHANNEL_TITLES, type ChannelName, type PairedChannel } from "../domain/channel.ts";
import { ownCommand } from "../domain/own-command.ts";
import { personText } from "../domain/pairing-notice.ts";

export interface FirstPairing {
  /**
   * Does nothing where somebody may approve.
   * @param say prints lines on a terminal that a person reads; absent where there is none: then no code is made
   */
  begin(say: ((text: string) => void) | undefined): void;
}

export interface FirstPairingDeps {
  readonly people: Pick<People, "approving" | "all" | "whyNotTheirs">;
  readonly pairing: Pairing;
  /** The channels that are in use. */
  readonly channels: readonly { readonly name: ChannelName }[];
  readonly log: Log;
  /** Default: `crypto.randomInt` */
  readonly random?: ((max: number) => number) | undefined;
}

const SALT_BYTES = 16;

/** A new code and all that a server may know of it. */
export function makeCode(random: (max: number) => number = randomInt) {
  const code = newPairingCode(random);
  return { code, hash: hashOfCode(code, randomBytes(SALT_BYTES).toString("hex")) };
}

export function createFirstPairing(deps: FirstPairingDeps): FirstPairing {
  const { people, pairing, channels, log, random } = deps;

  function show(channel: PairedChannel, person: string, say: (text: string) => void): void {
    const { code, hash } = makeCode(random);
    const opening = { channel, person, code: hash, isFirst: true };
    void pairing.open(opening).then((end) => {
      const isEnd = end === "bound" || end === "taken" || end === "stopped";
      const more = isEnd ? "" : ` For another one, stop the server and start it again.`;
      const unknown =
        end === "bound" ? " If that was not you, stop the server now: see docs/pairing.md." : "";
      if (end !== "stopped") say(`${endText(channel, end)}${more}${unknown}\n`);
    });
    const whose = people.all().some(({ name }) => name === person) ? ` It is for ${personText(person)}.` : "";
    say(`${codeText(channel, code)}${whose}\n`);
  }

  return {
    begin(say) {
      const paired = channels
        .map(({ name }) => name)
        .filter((name) => name !== "whatsapp")
        .filter((name) => firstPerson(people, name) !== undefined);
      if (paired.length === 0 || people.approving().length > 0) return;
      if (say === undefined) {
        const titles = paired.map((name) => CHANNEL_TITLES[name]).join(", ");
        log.warn(
          { channels: titles },
          `nobody may approve yet: start the server in a terminal, or stop it and run ${paired.map((name) => ownCommand(`pair ${name}`)).join(" or ")}`,
        );
        return;
      }
      log.warn({}, "nobody may approve yet: the terminal shows a code that binds the first chat");
      say("Nobody may approve yet. Whoever writes a code first does from then on; it is shown here only.\n");
      for (const channel of paired) {
        const person = firstPerson(people, channel);
        if (person !== undefined) show(channel, person, say);
      }
    },
  };
}
