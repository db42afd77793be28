// Twilio's errors and the JSON in which its API reports them. Refusals of the simulated API are thrown as TwilioError.

// The words of Twilio's own error list, shortened to what the simulator or a test that stands in its way can raise.
const TEXTS: Readonly<Record<number, string>> = {
  20001: "Invalid parameter",
  20003: "Authenticate",
  20404: "The requested resource was not found",
  20429: "Too Many Requests",
  20500: "Internal Server Error",
  21211: "Invalid 'To' Phone Number",
  21603: "A 'From' phone number is required",
  21604: "A 'To' phone number is required",
  21609: "The 'StatusCallback' URL is not a valid URL",
  21610: "Attempt to send to unsubscribed recipient",
  21614: "'To' number is not a valid mobile number",
  21617: "The concatenated message body exceeds the 1600 character limit",
  21619: "A text message body or media urls must be specified",
  21654: "ContentSid Required",
  21655: "The ContentSid is Invalid",
  21656: "The Content Variables parameter is invalid",
  21658: "Parameter exceeded character limit",
  63003: "Channel could not find To address",
  63007: "Twilio could not find a Channel with the specified From address",
  63015: "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
  63016:
    "Failed to send freeform message because you are outside the allowed window. If you are using WhatsApp, please use a Message Template.",
  63018: "Rate limit exceeded for Channel",
  63021: "Channel invalid content error",
  63024: "Invalid message recipient",
  63038: "Account exceeded the daily messages limit",
};

/** What the code means, in Twilio's words where the simulator knows them. */
export function errorText(code: number): string {
  return TEXTS[code] ?? `Error ${code}`;
}

/** A refused REST call. `code` may be missing, as in a bare 5xx. */
export class TwilioError extends Error {
  readonly httpStatus: number;
  readonly code: number | undefined;
  constructor(httpStatus: number, code: number | undefined, message?: string) {
    super(message ?? (code === undefined ? "The server could not handle the request" : errorText(code)));
    this.name = "TwilioError";
    this.httpStatus = httpStatus;
    this.code = code;
  }
}

/** The body of the answer to a refused call. */
export function errorBody(error: TwilioError): Readonly<Record<string, string | number>> {
  const { code, httpStatus, message } = error;
  if (code === undefined) return { message, status: httpStatus };
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status: httpStatus };
}
