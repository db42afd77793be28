// Which replies count only once the channel itself has confirmed them. A webhook can be written by somebody else: whoever
// reads the auth token can sign one, and the signature does not say where a parameter ends. What denies counts at once.

import type { ApprovalRequest } from "../domain/approval.ts";
import { phoneText } from "../domain/names.ts";
import type { PhoneCommand } from "../domain/phone-command.ts";
import { isUserId } from "../domain/phone-number.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Approvers } from "./approvers.ts";
import type { Inbound } from "./inbound.ts";
import type { Clock } from "./ports/clock.ts";
import type { EventLog } from "./ports/event-log.ts";
import type { Log } from "./ports/log.ts";
import type { ReplyVerifier, Verdict } from "./ports/reply-verifier.ts";
import { type Intent, isDenial } from "./reply-intent.ts";

/** Which replies of a webhook are verified. */
export type VerifiedReplies = "approvals" | "all" | "off";

/** A command is about no message of ours; one that is older than this is an old one that somebody sends again, ms. */
const COMMAND_AGE_MS = 5 * 60_000;
/** How many replies are remembered, to notice a second one under the same id. */
const MAX_HEARD = 500;

/** Commands that let something run again. */
const ALLOWING: ReadonlySet<PhoneCommand["kind"]> = new Set(["resume", "run"]);
/** Commands that only tell something, and only to the approver. */
const TELLING: ReadonlySet<PhoneCommand["kind"]> = new Set([
  ...(["help", "pending", "status", "grants", "more", "tasks"] as const),
]);

export interface ReplyProofDeps {
  readonly verifier: ReplyVerifier;
  readonly verified: VerifiedReplies;
  readonly approvers: Approvers;
  readonly waiting: () => readonly ApprovalRequest[];
  readonly ageOf: (id: ApprovalId) => number | undefined;
  /** Where a proof is noted that decides nothing; a decision says itself how it was proven. Default: nowhere. */
  readonly events?: Pick<EventLog, "note"> | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ReplyProof {
  isNeeded(inbound: Inbound, intent: Intent): boolean;
  /** Asks the channel. Never rejects. */
  prove(inbound: Inbound, from: Phone, intent: Intent): Promise<Verdict["kind"] | "given up">;
  /**
   * Remembers a reply. A `clash`: another one came under the same id before, so one of them is forged; `alarming` when that
   * one would have let something run.
   */
  compare(inbound: Inbound, from: Phone): Promise<"new" | "same" | "clash" | "alarming clash">;
  /** Ends what is being asked. */
  stop(): void;
}

export function createReplyProof(deps: ReplyProofDeps): ReplyProof {
  const { verifier, verified, approvers, waiting, ageOf, events, clock, log } = deps;
  const heard = new Map<string, string>();
  const asking = new Map<string, AbortController>();
  const asked = new Set<string>();
  const ended = new Error("the reply is no longer checked");

  const waitingFor = (intent: Intent) => {
    const ids = idsOf(intent);
    return waiting().filter(({ id }) => ids.includes(id));
  };

  function note(result: Verdict["kind"], message: string, from: Phone, { kind: about }: Intent): void {
    // Not before a decision: it would wait for that.
    if (result === "genuine" && (about === "decide" || about === "several")) return;
    events
      ?.note({ kind: "verified", data: { result, about, from, message } })
      .catch((error: unknown) => log.warn({ err: error }, "a proof could not be noted in the event log"));
  }

  return {
    isNeeded(inbound, intent) {
      if (verified === "off" || inbound.verified === true) return false;
      // Words that make Claude go on, or a task: they count like an approval.
      if (intent.kind === "addressed") return true;
      if (intent.kind === "command") {
        const { kind } = intent.command;
        return verified === "all" ? !TELLING.has(kind) : ALLOWING.has(kind);
      }
      if (intent.kind !== "decide" && intent.kind !== "several") return false;
      if (verified !== "all" && isDenial(intent)) return false;
      // A request that no longer waits is only told about.
      return idsOf(intent) === "all" || waitingFor(intent).length > 0;
    },
    async prove({ id, text, buttonId, from: sender, userId }, from, intent) {
      const requests = waitingFor(intent);
      const isAbout = requests.length > 0;
      // Of several the youngest: nobody can have answered it before it was there.
      const ageAtFirst = isAbout ? Math.min(...requests.map(({ id }) => ageOf(id) ?? 0)) : COMMAND_AGE_MS;
      const askedAt = clock.elapsed();
      const ageMs = () => ageAtFirst + (isAbout ? clock.elapsed() - askedAt : 0);
      const controller = new AbortController();
      asking.set(id, controller);
      asked.add(id);
      const verdict = await verifier.verify({ id, from, text, buttonId, ageMs }, controller.signal);
      if (asking.get(id) === controller) asking.delete(id);
      if (controller.signal.aborted) return "given up";
      note(verdict.kind, id, from, intent);
      if (verdict.kind === "genuine") {
        // Only the webhook names both, and only a message that shows the number says whose the id is.
        if (userId !== undefined && !isUserId(sender) && !isUserId(verdict.sender)) {
          await approvers.learn(from, userId);
        }
        return verdict.kind;
      }
      const isForged = verdict.kind === "false";
      log[isForged ? "error" : "warn"](
        { from: phoneText(from), inbound: id, problem: verdict.problem },
        isForged
          ? "refused: a signed reply is not what Twilio has; if nobody has tampered, report it. If somebody has, they know TWILIO_AUTH_TOKEN"
          : "a reply could not be checked with Twilio: it approved nothing",
      );
      return verdict.kind;
    },
    async compare(inbound, from) {
      if (inbound.verified === true) return "new";
      const { id, text, buttonId, quotedMessageId, userId } = inbound;
      const said = JSON.stringify([inbound.from, text, buttonId, quotedMessageId, userId]);
      const before = heard.get(id);
      if (before === undefined) {
        heard.set(id, said);
        const [oldest] = heard.keys();
        if (heard.size > MAX_HEARD && oldest !== undefined) {
          heard.delete(oldest);
          asked.delete(oldest);
        }
      }
      if (before === undefined) return "new";
      if (before === said) return "same";
      log.error(
        { from: phoneText(from), inbound: id },
        "two different replies came under one message's id: somebody else may know TWILIO_AUTH_TOKEN",
      );
      asking.get(id)?.abort(ended);
      await approvers.forget(from);
      return asked.has(id) ? "alarming clash" : "clash";
    },
    stop() {
      for (const controller of asking.values()) controller.abort(ended);
    },
  };
}

/** The requests that an intent names. */
function idsOf(intent: Intent): readonly ApprovalId[] | "all" {
  if (intent.kind === "several") return intent.reply.ids;
  return intent.kind === "decide" ? [intent.reply.id] : [];
}
