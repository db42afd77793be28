// The first chat of all: a code on this terminal, written to the channel from the phone. Nobody is told that they are bound, and nothing
// outside the trial is written: both come once the person has agreed.
import { PAIRING_MS, type PairingEnd } from "../../core/pairing.ts";
import { codeText, endText } from "../../core/pairing-words.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { CHANNEL_TITLES, channelOf } from "../../domain/channel.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { makeCode } from "../../server/first-pairing.ts";
import { type OpenPairing, openPairing } from "../../server/pairing-alone.ts";
import { silentLog } from "../silent-log.ts";
import { openNamed } from "./named-channel.ts";
import { shownChat } from "./shown-chat.ts";
import type { Trial } from "./trial.ts";
import { type ProvenChat, pairedChannel, type SetupProgress, type Workshop } from "./workshop.ts";

/** Between two looks at the channel, ms. */
const LOOK_EVERY_MS = 1_000;
/** The code's own end comes first, ms. */
const GRACE_MS = 2_000;

/** Why nobody was bound: sentences. */
export interface Unbound {
  readonly why: string;
}

/** @param person whose chat it will be */
export async function firstChat(
  workshop: Workshop,
  progress: SetupProgress,
  { trial, person }: { readonly trial: Trial; readonly person: string },
): Promise<ProvenChat | Unbound> {
  const { asker, tell, context, flags } = workshop;
  const { clock } = context;
  const channel = pairedChannel(progress);
  const names = new Map<Phone, string>();
  const open = await openPairing(trial.config, {
    ...{ home: trial.home, clock, log: silentLog, isSilent: true },
    openChannel: openNamed(names),
  });
  try {
    const { code, hash } = makeCode();
    const opening = { channel, person, code: hash, isFirst: true };
    open.listen();
    tell.say(codeText(channel, code));
    const limitMs = PAIRING_MS + GRACE_MS;
    const waited = await asker.wait({
      limitMs: asker.isPerson ? limitMs : Math.min(limitMs, flags.waitMs),
      line: (left) =>
        `${left}${asker.isPerson ? " (S: skip)" : ""}  ${open.health(channel)?.problem ?? "Waiting for the code"}`,
      work: (signal) => codeUsed(open, { ...opening, signal }, clock),
    });
    const end = waited.kind === "done" ? waited.value : waited.kind === "timeout" ? "late" : "skipped";
    if (end !== "bound") {
      const { state, problem = `${CHANNEL_TITLES[channel]} cannot be read.` } = open.health(channel) ?? {};
      if (state === "refused") return { why: problem };
      return { why: end === "skipped" ? "Skipped: nobody was bound." : endText(channel, end) };
    }
    const all = open.people.all().flatMap(({ addresses }) => addresses);
    const address = all.find((each) => channelOf(each) === channel);
    if (address === undefined) throw new Error("the code was used, and nobody is bound");
    return { address, person, shown: shownChat(address, names.get(address)) };
  } finally {
    await open.close();
  }
}

/** Waits for the code, and not on where the channel will not work until somebody does something. */
async function codeUsed(
  open: OpenPairing,
  opening: Parameters<OpenPairing["pairing"]["open"]>[0] & { readonly signal: AbortSignal },
  clock: Clock,
): Promise<PairingEnd> {
  const ended = new AbortController();
  const end = () => ended.abort();
  opening.signal.addEventListener("abort", end, { once: true });
  let stopLooking = () => {};
  const look = () => {
    if (open.health(opening.channel)?.state === "refused") end();
    else stopLooking = clock.after(LOOK_EVERY_MS, look);
  };
  look();
  try {
    return await open.pairing.open({ ...opening, signal: ended.signal });
  } finally {
    stopLooking();
    opening.signal.removeEventListener("abort", end);
  }
}
