// What a phone may say and set in motion: replies, commands, words for Claude and for tasks, and what runs by them.
import type { Config } from "../config/config.ts";
import { type Addressed, createAddressed } from "../core/addressed.ts";
import type { Gate } from "../core/gate-contract.ts";
import { createGatedCalls, type GatedCalls } from "../core/gated-call.ts";
import type { Grants } from "../core/grants.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { OwnTools } from "../core/own-tools.ts";
import type { People } from "../core/people.ts";
import { createPhoneCommandRunner } from "../core/phone-commands.ts";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { PartSender } from "../core/ports/part-sender.ts";
import type { ReplyReceipt } from "../core/ports/reply-receipt.ts";
import type { TaskRunner } from "../core/ports/task-runner.ts";
import { createShowMore } from "../core/show-more.ts";
import type { ChannelName } from "../domain/channel.ts";
import type { PhoneLink } from "./phone-link-contract.ts";
import { openReplies, type Replies } from "./replies.ts";
import { openTaskPhone, type TaskPhone } from "./task-phone.ts";

export interface ConversationDeps {
  readonly config: Config;
  readonly link: PhoneLink;
  readonly gate: Gate;
  readonly ownTools: OwnTools;
  readonly grants: Grants;
  readonly mode: ModeKeeper;
  readonly store: ApprovalStore;
  readonly messenger: Messenger & PartSender;
  readonly people: People;
  /** Signs beside replies, of the channels beside Twilio's. */
  readonly signs: ReadonlyMap<ChannelName, ReplyReceipt>;
  /** Whether each channel tells what a reply quotes: one that Twilio's list shows does not. */
  readonly hearsQuotes: boolean;
  /** Who runs tasks; absent as long as nobody was served. */
  readonly taskRunner: TaskRunner | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Conversation extends Replies {
  readonly addressed: Addressed;
  /** The only way to run anything for a caller. */
  readonly gatedCalls: GatedCalls;
  readonly tasks: TaskPhone;
}

export async function openConversation(deps: ConversationDeps): Promise<Conversation> {
  const { gate, messenger, people, clock, log } = deps;
  const showMore = createShowMore({ gate, messenger, log });
  const addressed = createAddressed();
  const gatedCalls = createGatedCalls(deps);
  const telling = { messenger, people, hearsQuotes: deps.hearsQuotes, clock, log };
  const tasks = openTaskPhone({ ...telling, gatedCalls, addressed }, deps.taskRunner);
  const run = createPhoneCommandRunner({ ...deps, showMore, tasks });
  const replies = await openReplies({ ...deps, run, addressed, gatedCalls, hint: tasks.hint });
  return { ...replies, addressed, gatedCalls, tasks };
}
