// The errors of the simulated Agent Platform, in the real one's form.
import type { PlatformEndpoint } from "./contract.ts";

/** Thrown where a call is refused. */
export class PlatformRefusal extends Error {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;

  /** @param details absent: the real one leaves them out for some */
  constructor(status: number, code: number, said: string, details?: string, retryAfterSeconds?: number) {
    super(said);
    this.status = status;
    this.headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
    const data = details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } };
    this.body = JSON.stringify({
      error: { message: said, type: "OAuthException", code, ...data, fbtrace_id: "Asimulated" },
    });
  }
}

export const refusals = {
  noKey: () => new PlatformRefusal(401, 190, "Invalid OAuth access token."),
  wrongKey: () => new PlatformRefusal(400, 100, "(#100) Invalid parameter"),
  field: (details: string) =>
    new PlatformRefusal(400, 131_009, "(#131009) Parameter value is not valid", details),
  tooLong: (name: string) => new PlatformRefusal(400, 100, name),
  notThePerson: () =>
    new PlatformRefusal(403, 131_005, "(#131005) Access denied", "Not the agent's creator."),
  rate: (endpoint: PlatformEndpoint, retryAfterSeconds: number | undefined) =>
    new PlatformRefusal(
      429,
      130_429,
      "(#130429) Rate limit hit",
      `Too many calls: ${endpoint}.`,
      retryAfterSeconds,
    ),
  upload: (details: string) => new PlatformRefusal(400, 131_053, "(#131053) Media upload error", details),
  replaced: () => new PlatformRefusal(409, 1_752_041, "(#1752041) Replaced", "A newer poll has taken over."),
  unknownPath: () => new PlatformRefusal(404, 100, "(#100) Unknown path"),
};
