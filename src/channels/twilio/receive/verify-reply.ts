// Whether a reply that came by webhook is a message that Twilio has: inbound, to us, from that approver, with those words,
// sent after what it is about. The signature alone does not tell: it can be cut apart differently, and who knows the auth
// token can make one.

import type { Clock } from "../../../core/ports/clock.ts";
import type { ReplyClaim, ReplyVerifier, Verdict } from "../../../core/ports/reply-verifier.ts";
import { pause, withDeadline } from "../../../core/timing.ts";
import { isSameNumber } from "../../../domain/phone-number.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import { type ButtonTitles, buttonOf } from "../templates/button-title.ts";
import type { FetchedMessage, FetchMessage, FetchResult } from "./fetch-message.ts";

/** How long a message may take to appear at Twilio, all pauses together, ms. */
const APPEARS_WITHIN_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 1_000;
/** One call, ms: somebody waits on the phone. */
const CALL_LIMIT_MS = 5_000;
/** Twilio's machines may differ among themselves, and say whole seconds only, ms. */
const SKEW_MS = 5_000;
/** It becomes a part of an address. Twilio's are two letters and 32 hexadecimal digits; whatever it is, Twilio must have it. */
const SID = /^[a-z]{2}[\w-]{1,62}$/i;

export interface VerifyDeps {
  readonly fetchMessage: FetchMessage;
  readonly accountSid: string;
  /** Our sender with its `whatsapp:` prefix. */
  readonly sender: string;
  /** Whose number or user id a sender is. */
  readonly findApprover: (sender: string) => Phone | undefined;
  readonly titles: ButtonTitles;
  readonly clock: Clock;
}

export function createReplyVerifier(deps: VerifyDeps): ReplyVerifier {
  const { fetchMessage, clock } = deps;

  async function ask(sid: string, signal: AbortSignal): Promise<FetchResult> {
    const silent = new Error("Twilio did not answer in time.");
    const reason = () => silent;
    return withDeadline(CALL_LIMIT_MS, () => fetchMessage(sid), { clock, signal, reason }).catch(
      (error: unknown) => {
        if (error !== silent) throw error;
        return { kind: "failed", problem: silent.message, again: false };
      },
    );
  }

  async function verify(claim: ReplyClaim, signal: AbortSignal): Promise<Verdict> {
    if (!SID.test(claim.id)) return { kind: "false", problem: "its id is not a message's" };
    let waited = 0;
    for (let next = FIRST_PAUSE_MS; ; next = Math.min(MAX_PAUSE_MS, next * 2)) {
      const answer = await ask(claim.id, signal);
      if (answer.kind === "found") {
        const { message, servedAt = clock.now() } = answer;
        // What is missing may still come.
        if (message.sentAt !== undefined) return judge(message, message.sentAt, servedAt, claim);
      }
      const waitMs = (answer.kind === "failed" ? answer.waitMs : undefined) ?? next;
      if ((answer.kind === "failed" && !answer.again) || waited + waitMs > APPEARS_WITHIN_MS)
        return gaveUp(answer);
      waited += waitMs;
      await pause(waitMs, clock, signal);
    }
  }

  function judge(message: FetchedMessage, sentAt: number, servedAt: number, claim: ReplyClaim): Verdict {
    const { from } = message;
    // By Twilio's clock: of ours only how long ago that was.
    const notBefore = servedAt - claim.ageMs();
    const problem =
      differenceTo(message, claim, deps) ??
      (sentAt < notBefore - SKEW_MS ? "it was sent before what it is about was there" : undefined);
    return problem === undefined
      ? { kind: "genuine", sender: withoutPrefix(from) }
      : { kind: "false", problem };
  }

  return {
    verify: (claim, signal) =>
      verify(claim, signal).catch((error: unknown) => ({
        kind: "unchecked",
        problem: error instanceof Error ? error.message : "the check failed",
      })),
  };
}

function gaveUp(answer: FetchResult): Verdict {
  switch (answer.kind) {
    case "missing":
      return { kind: "false", problem: "Twilio has no such message" };
    case "found":
      return { kind: "unchecked", problem: "Twilio does not say when it was sent" };
    case "failed":
      return { kind: "unchecked", problem: answer.problem };
  }
}

/** What makes it another message than the webhook says; undefined when it is that one. */
function differenceTo(
  { sid, accountSid, direction, from, to, body }: FetchedMessage,
  claim: ReplyClaim,
  deps: VerifyDeps,
): string | undefined {
  if (sid !== claim.id) return "Twilio answered with another message";
  if (accountSid !== deps.accountSid) return "it is another account's";
  if (direction !== "inbound") return "it is not inbound";
  if (!isWhatsApp(to) || !isSameNumber(withoutPrefix(to), withoutPrefix(deps.sender)))
    return "it is to another sender";
  if (!isWhatsApp(from) || deps.findApprover(withoutPrefix(from)) !== claim.from)
    return "it is from somebody else";
  if (body !== claim.text) return "it has another text";
  return claim.buttonId === undefined || isButtonOf(body, claim.buttonId, deps.titles)
    ? undefined
    : "its text is not that button's title";
}

/** The API knows a tap's title only: an id must be one that a button with this title can have. */
function isButtonOf(body: string, buttonId: string, titles: ButtonTitles): boolean {
  const [verb = "", id = "", , option = ""] = buttonId.split(":");
  if (verb === "answer") return body === buttonId || body.startsWith(`${option}. `);
  const button = buttonOf(titles, body);
  return button?.verb === verb && (button.id === undefined || button.id === id);
}

function isWhatsApp(address: string): boolean {
  return address.startsWith("whatsapp:");
}

function withoutPrefix(address: string): string {
  return address.replace(/^whatsapp:/, "");
}
