// Replies that a run before was carrying out when it ended: whoever sent one is told what became of it. Nothing is approved by them any
// more; what only keeps something from running is carried out now.
import { channelOf } from "../domain/channel.ts";
import type { Notice } from "../domain/notice.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Approvers } from "./approvers.ts";
import type { Gate } from "./gate-contract.ts";
import type { Clock } from "./ports/clock.ts";
import type { ContactStore, LeftDenial, UnfinishedReply } from "./ports/contact-store.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { RequestStore } from "./ports/request-store.ts";
import type { ReplyHandler } from "./reply-contract.ts";
import { isDenial, type ReadIntent } from "./reply-intent.ts";

export interface LeftRepliesDeps {
  readonly store: Pick<ContactStore, "unfinishedReplies" | "finishReply"> & Pick<RequestStore, "find">;
  readonly approvers: Pick<Approvers, "find">;
  readonly gate: Pick<Gate, "waiting">;
  readonly messenger: Pick<Messenger, "tell">;
  readonly readIntent: ReadIntent;
  readonly replyHandler: Pick<ReplyHandler, "receive">;
  readonly clock: Clock;
  readonly log: Log;
}

/** What another hand has written into the record is no command of many. */
const MAX_LEFT = 20;
/** Ids of a list: more do not stand in one message. */
const MAX_LISTED = 300;
/** Lines of one message, as of other lists. */
const MAX_LINES = 10;

/** Resolves once they are known; what is told of them goes on. Never rejects. */
export async function takeUpReplies(deps: LeftRepliesDeps): Promise<void> {
  const { store, approvers, log } = deps;
  const failed = (error: unknown) =>
    log.warn({ err: error }, "a reply of the last run could not be answered");
  const left = await store.unfinishedReplies().catch((error: unknown) => {
    failed(error);
    return [];
  });
  if (left.length > 0)
    log.warn({ replies: left.length }, "replies of the last run had not been carried out to their end");
  for (const reply of left.slice(0, MAX_LEFT)) {
    const phone = approvers.find(reply.from);
    const answered = phone === undefined ? Promise.resolve() : answer(reply, phone, deps);
    // Told again where this run ends before: better twice than never.
    void answered.then(() => store.finishReply(reply.inboundId)).catch(failed);
  }
}

async function answer(reply: UnfinishedReply, phone: Phone, deps: LeftRepliesDeps): Promise<void> {
  const { gate, messenger, clock } = deps;
  const { inboundId, from, at, request, denial, done } = reply;
  const carryOut = (said: LeftDenial) => {
    // Under a name of its own: under its first one it came before.
    const again = { id: `${inboundId}:again`, from, at, ...said };
    // Its channel had proven it; Twilio, which proves the others, knows nothing of it.
    return deps.replyHandler.receive(channelOf(from) === "whatsapp" ? again : { ...again, verified: true });
  };
  if (denial?.ids !== undefined) {
    const waiting = gate.waiting().flatMap(({ id }) => (denial.ids?.includes(id) ? [id] : []));
    const ended = denial.ids.filter((id) => !waiting.includes(id)).slice(0, MAX_LISTED);
    // What it said is no list any more where some of it has ended.
    if (waiting.length > 0) await carryOut({ text: `DENY ${waiting.join(" ")}` });
    const lines = await Promise.all(ended.map((id) => interrupted(id, deps)));
    for (let first = 0; first < lines.length; first += MAX_LINES)
      await messenger.tell(phone, { kind: "several", lines: lines.slice(first, first + MAX_LINES) });
    if (lines.length + waiting.length > 0) return;
  }
  if (denial !== undefined && isDenial(await deps.readIntent({ id: inboundId, from, ...denial })))
    return carryOut(denial);
  const now = clock.now();
  const notice = done && ({ kind: "interrupted", isWaiting: false, done, now } as const);
  await messenger.tell(phone, notice ?? (await interrupted(request, deps)));
}

async function interrupted(
  id: ApprovalId | undefined,
  { gate, store, clock }: LeftRepliesDeps,
): Promise<Notice> {
  const isWaiting = gate.waiting().some((request) => request.id === id);
  const request = id === undefined || isWaiting ? undefined : await store.find(id);
  const ended = request?.status === "pending" ? undefined : request;
  const about = id === undefined ? {} : { id };
  return { kind: "interrupted", ...about, isWaiting, request: ended, now: clock.now() };
}
