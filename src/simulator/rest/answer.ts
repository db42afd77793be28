// How the simulated API answers, and how queued faults keep it from answering.
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import type { Fault } from "../contract.ts";
import type { Faults, FaultTarget } from "../faults.ts";
import { errorBody, TwilioError } from "./twilio-error.ts";

/** Applies the next queued fault of this kind of call before the call is handled. */
export function applyFaults(faults: Faults, on: FaultTarget): RequestHandler {
  return (_req, res, next) => {
    const fault = faults.take(on);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "reject") throw rejection(fault);
    res.locals["fault"] = fault;
    next();
  };
}

/** The fault that was applied to this call and takes effect later. */
export function faultOf(res: Response): Fault | undefined {
  return res.locals["fault"] as Fault | undefined;
}

/** Sends a JSON answer (none with 204), or breaks the connection when the fault says so. */
export function answer(res: Response, status: number, body?: unknown): void {
  if (faultOf(res)?.kind === "lost") res.socket?.destroy();
  else if (body === undefined) res.status(status).end();
  else res.status(status).json(body);
}

/** Every refusal of the API, a body that cannot be parsed included, in Twilio's JSON. */
export const answerError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const refused = error instanceof TwilioError ? error : unreadable(error);
  if (refused.httpStatus === 401) res.setHeader("WWW-Authenticate", 'Basic realm="Twilio API"');
  answer(res, refused.httpStatus, errorBody(refused));
};

function rejection(fault: Fault & { kind: "reject" }): TwilioError {
  const code = fault.code ?? (fault.httpStatus === 429 ? 20429 : undefined);
  return new TwilioError(fault.httpStatus, code, fault.message);
}

// Body parsers throw errors with a 4xx status; anything else is our own mistake.
function unreadable(error: unknown): TwilioError {
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : 500;
  return typeof status === "number" && status >= 400 && status < 500
    ? new TwilioError(status, 20001)
    : new TwilioError(500, 20500);
}
