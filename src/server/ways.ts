// The ways to everybody: who is asked and told, the channels that reach them, what sends over all of these, and what is heard from them.
import type { Config } from "../config/config.ts";
import { openBindings } from "../core/bindings.ts";
import type { Gate } from "../core/gate-contract.ts";
import { createLostAddresses, type LostAddresses } from "../core/lost-addresses.ts";
import type { ModeKeeper } from "../core/mode.ts";
import { createPairing, type Pairing } from "../core/pairing.ts";
import { createPeople, type People } from "../core/people.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { BindingStore } from "../core/ports/binding-store.ts";
import type { ChannelStore } from "../core/ports/channel-store.ts";
import type { Journal } from "../core/ports/journal.ts";
import { projectsShortOf, shortText } from "../core/quorum.ts";
import type { ReplyHandler } from "../core/reply-contract.ts";
import { createWatchers } from "../core/watchers.ts";
import type { PairedChannel } from "../domain/channel.ts";
import { type Channels, type ChannelsDeps, openChannels } from "./channels.ts";
import { createFirstPairing, type FirstPairing } from "./first-pairing.ts";
import type { Guards } from "./guards.ts";
import { noteTaken } from "./record.ts";
import { openWayOut, type WayOut, type WayOutDeps } from "./way-out.ts";

/** How long a stop waits for what is told of a new approver, ms: the channels have to be closed within the same second. */
const TELL_GRACE_MS = 700;

/** For simulated channels: nobody is bound, and nothing is kept. */
const FORGETFUL: BindingStore & ChannelStore = {
  bindings: async () => [],
  keepUntold: async () => {},
  keepBinding: () => Promise.reject(new Error("nobody is bound to a simulated phone")),
  forgetBinding: async () => {},
  channelPosition: async () => undefined,
  keepChannelPosition: async () => {},
};

export interface WaysDeps
  extends Omit<
      WayOutDeps,
      | "channels"
      | "people"
      | "escalateAfterMs"
      | "events"
      | "onTaken"
      | "approvers"
      | "onChange"
      | "onEnded"
      | "onAsked"
    >,
    Omit<ChannelsDeps, "onTaken" | "store" | "rendererOf"> {
  readonly store: ApprovalStore;
  readonly mode: Pick<ModeKeeper, "onClose">;
  readonly policyView: Guards["policyView"];
}

export interface Ways extends WayOut {
  readonly people: People;
  readonly channels: Channels;
  readonly pairing: Pairing;
  readonly firstPairing: FirstPairing;
  readonly lostAddresses: LostAddresses;
  /** Follows requests for who is only told of them. */
  readonly journal: Journal;
  /** Begins to hear what is written to the channels beside Twilio's. */
  listen(to: { readonly replyHandler: ReplyHandler; readonly gate: Pick<Gate, "receipt" | "waiting"> }): void;
}

export async function openWays(given: Config, deps: WaysDeps): Promise<Ways> {
  const { store, clock, log, link, openChannel, rendererOf } = deps;
  // Made up for this run: whom they reach, and where they were read to, says nothing of a real account.
  const { pairedAccounts = given.pairedAccounts } = link;
  const config = { ...given, pairedAccounts };
  const forRun = link.pairedAccounts === undefined ? store : FORGETFUL;
  const people = createPeople(config);
  const secretOf = (channel: PairedChannel) => given.pairedAccounts.get(channel)?.secret;
  const bindings = await openBindings({ ...deps, store: forRun, people, secretOf });
  const { quorum } = deps.policyView();
  const short = quorum === undefined ? undefined : shortText(projectsShortOf(people, quorum), quorum);
  if (short !== undefined) log.warn({}, short);
  const onTaken = noteTaken(store, log);
  const channels = await openChannels(config, {
    store: forRun,
    clock,
    log,
    onTaken,
    openChannel,
    rendererOf,
  });
  const { approvers, escalateAfterMs } = config;
  const { changed: onChange, ended: onEnded } = channels;
  const routing = { channels: channels.all, people, escalateAfterMs, events: store, onChange, onEnded };
  const sending = { ...routing, approvers, onTaken };
  const watchers = createWatchers({ people, tell: (...what) => wayOut.messenger.tell(...what), log });
  const wayOut = openWayOut({ ...deps, ...sending, onAsked: watchers.asked });
  const telling = { ...deps, people, bindings, messenger: wayOut.messenger };
  const pairing = createPairing(telling);
  // Whoever stops everything for what they were asked stops a code as well.
  deps.mode.onClose(() => pairing.stop());
  const lostAddresses = createLostAddresses(telling);
  return {
    ...wayOut,
    pairing,
    firstPairing: createFirstPairing({ people, pairing, channels: channels.all, log }),
    lostAddresses,
    journal: watchers.journal,
    people,
    channels: {
      ...channels,
      async close() {
        pairing.stop();
        await pairing.idle(TELL_GRACE_MS);
        await channels.close();
      },
    },
    listen({ replyHandler, gate }) {
      channels.start({
        reply: (inbound) => replyHandler.receive(inbound),
        receipt: (receipt) => gate.receipt(receipt),
        isBound: (address) => people.personOf(address) !== undefined,
        isWaiting: (id) => gate.waiting().some((request) => request.id === id),
        stranger: (message) => pairing.hear(message),
        lost: lostAddresses.lose,
      });
      pairing.tellLeft();
    },
  };
}
