// What a reply from a phone sets in motion: who may speak, what it means, and the one confirmation it gets.
// Knows no channel: a webhook, a poller or a test hands it the reply once the sender has been verified.
import { channelOf } from "../domain/channel.ts";
import { phoneText } from "../domain/names.ts";
import type { PhoneCommand } from "../domain/phone-command.ts";
import type { ReplyVia } from "../domain/reply-via.ts";
import type { Phone } from "../domain/tool-call.ts";
import { type Inbound, viaOf } from "./inbound.ts";
import { createInboundNotes } from "./inbound-notes.ts";
import { createLaterClosings } from "./later-closings.ts";
import type { ReplyHandler, ReplyHandlerDeps } from "./reply-contract.ts";
import { type DecidingReply, type Intent, isDenial, tappedBy } from "./reply-intent.ts";
import { overtakenNotice, replyNotice } from "./reply-notice.ts";
import { createSeveralReplies } from "./several-replies.ts";
import { createTelling, type Wish } from "./telling.ts";
import { tooLateNotice } from "./too-late.ts";
import { unclearNotice } from "./unclear-notice.ts";
import { createUnderWay } from "./under-way.ts";
import { createWhose } from "./whose.ts";

type Unclear = Extract<Intent, { readonly kind: "unclear" }>;

interface Acting {
  readonly from: Phone;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
  readonly wish: Wish;
  readonly via: ReplyVia;
}

export function createReplyHandler(deps: ReplyHandlerDeps): ReplyHandler {
  const { gate, messenger, clock, log, approvers, readIntent, proof, run, receipt, addressed } = deps;
  const { track, follow, idle } = createUnderWay(clock, log);
  const later = createLaterClosings();
  const notes = createInboundNotes(deps);

  const { theirs, isSomebodyElses, whoHas } = createWhose(gate, approvers);
  const hasWaiting = () => gate.waiting().length > 0;
  const { tell, tellSeldom } = createTelling({ messenger, clock, hasWaiting, receipt, track });
  const several = createSeveralReplies({ ...deps, tell, track });

  /** Nothing changed. While something waits that is always said, with the ids; else now and then, with a help. */
  function unclear(to: Phone, text: string, wish: Wish, intent: Unclear = { kind: "unclear" }): void {
    const hint = deps.hint?.(text, intent.isForgotten === true);
    if (hint !== undefined) tell(to, hint, wish);
    else tellSeldom("help", to, unclearNotice(theirs(to), text, intent.quoted), wish);
  }

  async function decide(
    from: Phone,
    { id, ...reply }: DecidingReply,
    text: string,
    at: number,
    wish: Wish,
    via: ReplyVia,
  ): Promise<void> {
    const when = reply.kind === "answer" ? { at } : {};
    const result = await gate.resolve(id, { ...reply, ...when, by: from, via });
    // Five letters and more words need not be an answer: "could you wait".
    const isNoAnswer = result.kind === "no-question" || result.kind === "unknown";
    if (reply.kind === "answer" && isNoAnswer) return unclear(from, text, wish);
    const notice = replyNotice(id, result, clock.now());
    if (notice !== undefined) tell(from, notice, wish);
    const others = whoHas(result).filter((address) => address !== from);
    if (result.kind === "next") {
      const { place, asked } = result;
      if (asked !== undefined) wish.told.push(asked);
      const who = { by: from, name: approvers.nameOf(from) };
      for (const other of others) tell(other, { kind: "question-answered", id, place, ...who });
    }
    if (result.kind === "counted") {
      const { by, name, answers, have, needed } = result;
      const counted = { kind: "counted", id, by, name, answers, have, needed, isOwn: false } as const;
      for (const other of others) tell(other, counted);
    }
    if (result.kind !== "decided" || notice === undefined) return;
    const forOthers = Promise.resolve(notice).then((each) => ({ ...each, by: from }));
    for (const other of others) tell(other, forOthers);
  }

  /** @param proven what it was meant to be before it was proven, where it was */
  async function carryOut(
    intent: Intent,
    from: Phone,
    inbound: Inbound,
    at: number,
    proven?: Intent,
  ): Promise<void> {
    // Somebody else's id may have been taken for this phone's: then the phone is told what it has not tapped.
    const tapped = approvers.isCertain(inbound.from) ? tappedBy(proven ?? intent) : undefined;
    const wish = {
      inboundId: inbound.id,
      tapped,
      told: [],
      beforeSaid: notes.beforeSaid(inbound.id, intent),
    };
    const via = viaOf(inbound, proven !== undefined);
    later.carriedOut(intent);
    await act(intent, { from, text: inbound.text, at, wish, via });
    track(notes.finished(inbound.id, wish.told), "a reply could not be finished");
  }

  async function act(intent: Intent, { from, text, at, wish, via }: Acting): Promise<void> {
    const tooLate = tooLateNotice(intent, at, clock.now());
    if (tooLate !== undefined) return tell(from, tooLate, wish);
    switch (intent.kind) {
      case "decide":
        return decide(from, intent.reply, text, at, wish, via);
      case "several":
        return several.carryOut(intent.reply, from, at, wish, via);
      case "command":
        // Not awaited: its messages keep the sender's pace, and its answer comes after them.
        if (intent.command.kind === "more") {
          const { id } = intent.command;
          if (isSomebodyElses(id, from)) return tell(from, { kind: "not-yours", id }, wish);
          const more = answer(intent.command, from, at, wish);
          wish.told.push(more);
          return track(more, "more could not be sent");
        }
        return answer(intent.command, from, at, wish);
      case "addressed": {
        const { kind, subject } = intent.about;
        const notice = await addressed?.receive(kind, { subject, text, from, at });
        return notice === undefined ? undefined : tell(from, notice, wish);
      }
      case "keep-open":
        return tellSeldom("kept", from, { kind: "kept-open" }, wish);
      case "edited":
      case "forwarded":
        return tellSeldom("help", from, { kind: intent.kind }, wish);
      case "unclear":
        return unclear(from, text, wish, intent);
    }
  }

  async function answer(command: PhoneCommand, from: Phone, at: number, wish: Wish): Promise<void> {
    const notice = await run(command, from, at, (told) => void wish.told.push(told));
    if (notice !== undefined) tell(from, notice, wish);
  }

  async function proveFirst(intent: Intent, from: Phone, inbound: Inbound, at: number): Promise<void> {
    const proven = later.watch(intent);
    const verdict = await proof.prove(inbound, from, intent);
    const id = intent.kind === "decide" ? intent.reply.id : undefined;
    if (verdict === "genuine") await carryOut(proven(), from, inbound, at, intent);
    if (verdict === "genuine" || verdict === "given up") return;
    const wish = { inboundId: inbound.id, tapped: undefined, told: [] };
    if (verdict === "unchecked") tell(from, { kind: "unchecked", id }, wish);
    else tellSeldom("alarm", from, { kind: "forged", id }, wish);
    await notes.finished(inbound.id, wish.told);
  }

  async function take(inbound: Inbound): Promise<void> {
    // An address of another channel is proven by that channel alone: whoever can sign a webhook must not speak for it.
    const isProven = inbound.verified === true || channelOf(inbound.from) === "whatsapp";
    const from = isProven ? approvers.find(inbound.from) : undefined;
    const onlyTold = isProven && from === undefined ? approvers.onlyTold(inbound.from) : undefined;
    if (onlyTold !== undefined && inbound.gesture === undefined && inbound.stopsOnly !== true) {
      void notes.contact(onlyTold, inbound.at ?? clock.now(), inbound.joined ?? false);
      return tellSeldom("help", onlyTold, { kind: "only-told" });
    }
    if (from === undefined)
      return log.refused(
        { from: phoneText(inbound.from), advice: approvers.adviceFor(inbound.from) },
        "refused: a reply from a number that may not approve",
      );
    if (inbound.gesture === "reaction") return log.info({ inbound: inbound.id }, "ignored: a reaction");
    const earlier = await proof.compare(inbound, from);
    if (earlier === "alarming clash") tellSeldom("alarm", from, { kind: "clash" });
    const clashes = earlier === "clash" || earlier === "alarming clash";
    const intent = await readIntent(inbound);
    if (await notes.stopsNothing(inbound, intent))
      return log.info({ inbound: inbound.id }, "ignored: it is from before, and stops nothing");
    if ((await notes.isRepeat(inbound, intent)) && !clashes) {
      return log.info({ inbound: inbound.id }, "ignored: this reply came in before");
    }
    const at = inbound.at ?? clock.now();
    // No decision waits for it: both are written at once.
    track(notes.contact(from, at, inbound.joined ?? false), "a contact could not be noted");
    // Of two that came under one id, one is forged; whichever it is, a denial does no harm.
    if (clashes && !isDenial(intent)) return notes.finished(inbound.id, []);
    if (!proof.isNeeded(inbound, intent)) return carryOut(intent, from, inbound, at);
    track(proveFirst(intent, from, inbound, at), "a reply that was checked could not be carried out");
  }

  return {
    // A stop waits for it, or what it says would be said again by the next start.
    receive: (inbound) => follow(take(inbound), "a reply could not be taken"),
    ended(ended) {
      const notice = overtakenNotice(ended);
      if (notice !== undefined) for (const address of ended.askedAt) tell(address, notice);
    },
    async idle(limitMs) {
      await idle(limitMs);
      proof.stop();
    },
  };
}
