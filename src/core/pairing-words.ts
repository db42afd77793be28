// What a person at the machine reads of a code: where to write it, and how it ended.
import { CHANNEL_TITLES, type PairedChannel } from "../domain/channel.ts";
import { ownCommand } from "../domain/own-command.ts";
import { duration } from "../domain/time-words.ts";
import { MAX_WRONG, PAIRING_MS, type PairingEnd } from "./pairing.ts";

/** Whom the code is written to. */
const TO: Readonly<Record<PairedChannel, string>> = {
  telegram: "your bot in Telegram",
  "whatsapp-agent": "your agent in WhatsApp",
};

/** Only for a terminal that a person reads: never for a log, a file or a port. */
export function codeText(channel: PairedChannel, code: string): string {
  return `Write this code to ${TO[channel]} within ${duration(PAIRING_MS)}: ${code.toUpperCase()}`;
}

/** A sentence on how a code ended. */
export function endText(channel: PairedChannel, end: PairingEnd): string {
  const title = CHANNEL_TITLES[channel];
  switch (end) {
    case "bound":
      return `The code was used: a chat in ${title} is bound from now on.`;
    case "wrong":
      return `${MAX_WRONG} wrong codes were written to ${TO[channel]}: the code is worth nothing any more, and nobody was bound.`;
    case "late":
      return `The code for ${title} was not used in time: nobody was bound.`;
    case "replaced":
      return `Another code has taken the place of this one for ${title}: nobody was bound by it.`;
    case "taken":
      return `Somebody may approve by now: the code for ${title} is worth nothing any more. The next one wants their approval: ${ownCommand(`pair ${channel}`)}`;
    case "stopped":
      return `The code for ${title} is worth nothing any more: nobody waits for it.`;
    case "failed":
      return `The code for ${title} was right, but the binding could not be recorded: nobody was bound. See the log.`;
  }
}
