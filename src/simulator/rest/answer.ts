// How the simulated API answers: always in JSON, a refusal in the words of Twilio.
import type { ErrorRequestHandler, Response } from "express";
import { errorBody, TwilioError } from "./twilio-error.ts";

/** Sends a JSON answer (none with 204). */
export function answer(res: Response, status: number, body?: unknown): void {
  if (body === undefined) res.status(status).end();
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

// Body parsers throw errors with a 4xx status; anything else is our own mistake.
function unreadable(error: unknown): TwilioError {
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : 500;
  return typeof status === "number" && status >= 400 && status < 500
    ? new TwilioError(status, 20001)
    : new TwilioError(500, 20500);
}
