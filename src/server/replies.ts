// Puts together who may reply, what a reply means, and how it is checked with Twilio.

import { createFetchMessage } from "../channels/twilio/receive/fetch-message.ts";
import { createReplyVerifier } from "../channels/twilio/receive/verify-reply.ts";
import { createTypingIndicator } from "../channels/twilio/send/typing-indicator.ts";
import { buttonOf, buttonTitles } from "../channels/twilio/templates/button-title.ts";
import type { Config } from "../config/config.ts";
import type { Addressed } from "../core/addressed.ts";
import { type Approvers, createApprovers } from "../core/approvers.ts";
import type { Gate } from "../core/gate-contract.ts";
import type { GatedCalls } from "../core/gated-call.ts";
import { overAllChannels } from "../core/known-senders.ts";
import { takeUpReplies } from "../core/left-replies.ts";
import { noteReplies } from "../core/noted-replies.ts";
import type { People } from "../core/people.ts";
import type { PhoneCommandRunner } from "../core/phone-commands.ts";
import type { PhoneTasks } from "../core/phone-tasks.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { ReplyReceipt } from "../core/ports/reply-receipt.ts";
import type { UserIdStore } from "../core/ports/user-id-store.ts";
import type { ReplyHandler } from "../core/reply-contract.ts";
import { createReplyHandler } from "../core/reply-handler.ts";
import { createIntentReader } from "../core/reply-intent.ts";
import { createReplyProof } from "../core/reply-proof.ts";
import { type ChannelName, channelOf } from "../domain/channel.ts";
import { isVerb } from "../domain/reply-words.ts";
import type { PhoneLink } from "./phone-link-contract.ts";

export interface RepliesDeps {
  readonly config: Pick<
    Config,
    "approvers" | "userIds" | "isClosed" | "verifyReplies" | "confirm" | "channels"
  >;
  readonly link: PhoneLink;
  readonly people: People;
  /** Signs beside replies, of the channels beside Twilio's. */
  readonly signs: ReadonlyMap<ChannelName, ReplyReceipt>;
  readonly gate: Gate;
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly run: PhoneCommandRunner;
  readonly addressed: Addressed;
  readonly gatedCalls: GatedCalls;
  readonly hint: PhoneTasks["hint"];
  readonly clock: Clock;
  readonly log: Log;
}

export interface Replies {
  readonly replyHandler: ReplyHandler;
  readonly approvers: Approvers;
  /** Answers what the last run had left. */
  takeUp(): Promise<void>;
}

const nothing = async () => {};
const FORGETFUL: UserIdStore = { userIds: async () => [], recordUserId: nothing, forgetUserId: nothing };

export async function openReplies(deps: RepliesDeps): Promise<Replies> {
  const { config, link, gate, store, clock, log } = deps;
  const { accountSid, authTokens, from: sender, client } = link;
  const { approvers: phones, userIds, isClosed, verifyReplies: verified } = config;
  // The simulated account and its secrets last for one run: what is learned under them is not worth keeping.
  const userIdStore = link.simulator === undefined ? store : FORGETFUL;
  const common = { phones, userIds, isClosed, secrets: authTokens, clock, log };
  const approvers = overAllChannels(await createApprovers({ ...common, store: userIdStore }), deps.people);
  const titles = buttonTitles(link.templates.templates);
  const verifier = createReplyVerifier({
    fetchMessage: createFetchMessage(client, accountSid),
    accountSid,
    sender,
    findApprover: approvers.find,
    titles,
    clock,
  });
  if (verified === "off" && config.channels.includes("whatsapp")) {
    log.warn(
      {},
      "VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve; nothing is checked with Twilio",
    );
  }
  const readIntent = createIntentReader({
    gate,
    store,
    addressed: deps.addressed,
    verbOfTitle: (text) => {
      const verb = buttonOf(titles, text)?.verb;
      return verb !== undefined && isVerb(verb) ? verb : undefined;
    },
  });
  const proof = createReplyProof({
    verifier,
    verified,
    approvers,
    waiting: gate.waiting,
    ageOf: gate.ageOf,
    events: store,
    clock,
    log,
  });
  const receipt =
    config.confirm === "problems" ? byChannel(createTypingIndicator(client, log), deps.signs) : undefined;
  const noted = noteReplies(gate, deps);
  const replyHandler = createReplyHandler({ ...deps, gate: noted, approvers, readIntent, proof, receipt });
  return {
    replyHandler,
    approvers,
    takeUp: () => takeUpReplies({ ...deps, approvers, readIntent, replyHandler }),
  };
}

/** Each channel shows signs beside its own replies only. */
function byChannel(whatsapp: ReplyReceipt, signs: RepliesDeps["signs"]): ReplyReceipt {
  return { show: (inboundId, to) => (signs.get(channelOf(to)) ?? whatsapp).show(inboundId, to) };
}
