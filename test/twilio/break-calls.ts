// Breaks REST calls to the simulated Twilio, and what becomes of the messages that they create.
import type { Request, RequestHandler, Response } from "express";
import type { DeliveryStep, Fate } from "../../src/simulator/delivery.ts";
import { TwilioError } from "../../src/simulator/rest/twilio-error.ts";
import type { Fault, Faults, FaultTarget } from "./faults.ts";

type Kind<K extends Fault["kind"]> = Extract<Fault, { readonly kind: K }>;

/** Applies the queued faults to the calls that they are meant for. */
export function breakCalls(faults: Faults) {
  /** Faults that take effect after the answer, by the SID of the message. */
  const later = new Map<string, Kind<"callback" | "silent">>();

  const intercept: RequestHandler = (req, res, next) => {
    const target = targetOf(req);
    const fault = target === undefined ? undefined : faults.take(target);
    switch (fault?.kind) {
      case "hang":
        return;
      case "reject":
        if (fault.retryAfter !== undefined) res.setHeader("Retry-After", fault.retryAfter);
        throw rejection(fault);
      case "lost":
        loseAnswer(res);
        break;
      case "callback":
      case "silent":
        onCreated(res, (sid) => later.set(sid, fault));
        break;
      case undefined:
        break;
    }
    next();
  };

  const fate: Fate = ({ message }, usual) => {
    const fault = later.get(message.sid);
    return fault === undefined ? usual : fateOf(fault);
  };

  return {
    intercept,
    fate,
    /** Whether no callback of this message may leave. */
    isSilent: (sid: string | undefined): boolean => later.get(sid ?? "")?.kind === "silent",
  };
}

function targetOf(req: Request): FaultTarget | undefined {
  const path = req.baseUrl + req.path;
  if (/^\/v[12]\/Content(?:\/|$)/.test(path)) return "content";
  if (!/^\/2010-04-01\/Accounts\/[^/]+\/Messages(?:\/|\.json$)/.test(path)) return undefined;
  return req.method === "POST" ? "messages" : "message-list";
}

function rejection(fault: Kind<"reject">): TwilioError {
  const code = fault.code ?? (fault.httpStatus === 429 ? 20429 : undefined);
  return new TwilioError(fault.httpStatus, code, fault.message);
}

/** The call is handled, but its connection breaks where the answer would be written. */
function loseAnswer(res: Response): void {
  res.end = () => {
    res.socket?.destroy();
    return res;
  };
}

/** Calls back with the SID that the answer names, before it is written. */
function onCreated(res: Response, created: (sid: string) => void): void {
  const json = res.json.bind(res);
  res.json = (body: { readonly sid?: string }) => {
    if (body.sid !== undefined) created(body.sid);
    return json(body);
  };
}

function fateOf(fault: Kind<"callback" | "silent">): readonly DeliveryStep[] {
  const sent: DeliveryStep = { status: "sent" };
  if (fault.kind === "silent") return [sent];
  const last: DeliveryStep = { status: fault.status, code: fault.code };
  return fault.status === "failed" ? [last] : [sent, last];
}
