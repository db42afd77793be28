// MORE: what was too long to be sent with a request goes to the phone that asks for it, a few parts at a time.
import type { ApprovalRequest } from "../domain/approval.ts";
import type { Notice } from "../domain/notice.ts";
import { isQuestion } from "../domain/question.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Gate } from "./gate-contract.ts";
import type { Log } from "./ports/log.ts";
import type { PartSender } from "./ports/part-sender.ts";

export interface ShowMoreDeps {
  readonly gate: Pick<Gate, "waiting" | "alsoSent">;
  readonly messenger: PartSender;
  readonly log: Log;
}

/** Sends the next parts, and resolves with what to say after them. Never rejects. */
export type ShowMoreRunner = (id: ApprovalId, to: Phone) => Promise<Notice>;

/** How far one phone has come with one request. */
interface PhoneReading {
  sent: number;
  /** The last MORE: two in a row come one after the other, and no part twice. */
  last: Promise<unknown>;
}

/** What was sent is forgotten with its request. */
export function createShowMore({ gate, messenger, log }: ShowMoreDeps): ShowMoreRunner {
  const readings = new WeakMap<ApprovalRequest, Map<Phone, PhoneReading>>();

  function readingOf(request: ApprovalRequest, phone: Phone): PhoneReading {
    const ofRequest = readings.get(request) ?? new Map<Phone, PhoneReading>();
    readings.set(request, ofRequest);
    const reading = ofRequest.get(phone) ?? { sent: 0, last: Promise.resolve() };
    ofRequest.set(phone, reading);
    return reading;
  }

  async function send(request: ApprovalRequest, to: Phone, reading: PhoneReading): Promise<Notice> {
    const { id } = request;
    const before = reading.sent;
    const isWanted = () => gate.waiting().includes(request);
    const told = (kept: number, stopped?: "ended" | "failed"): Notice => ({
      kind: "more",
      id,
      sent: reading.sent - before,
      left: Math.max(0, kept - reading.sent),
      stopped,
    });
    if (!isWanted()) return told(0, "ended");
    // Its questions are sent one by one, each in full.
    if (isQuestion(request.call)) return { kind: "more", id, sent: 0, left: 0, isQuestion: true };
    try {
      const kept = await messenger.more(request, {
        to,
        skip: before,
        isWanted,
        onSent(message) {
          reading.sent += 1;
          gate.alsoSent(id, message);
        },
      });
      return told(kept, isWanted() ? undefined : "ended");
    } catch (error) {
      log.warn({ id, err: error }, "more of a request could not be sent");
      return told(0, isWanted() ? "failed" : "ended");
    }
  }

  return (id, to) => {
    const request = gate.waiting().find((each) => each.id === id);
    if (request === undefined)
      return Promise.resolve({ kind: "more", id, sent: 0, left: 0, stopped: "ended" });
    const reading = readingOf(request, to);
    const turn = reading.last.then(() => send(request, to, reading));
    reading.last = turn;
    return turn;
  };
}
