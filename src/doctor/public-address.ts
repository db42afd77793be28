// Whether the address that Twilio posts to leads to this server. Tried from here, which is not where Twilio is.

import { withDeadline } from "../core/timing.ts";
import { ownCommand } from "../domain/own-command.ts";
import { type Check, failure, ok, warning } from "./check.ts";

export interface PublicAddressDeps {
  /** With the path of the webhook, without a `#` part. */
  readonly webhookUrl: string;
  /** Whether an answer's text is the one of our webhook. */
  readonly isOurs: (text: string) => boolean;
  /** Whether the server runs on this machine: without it nothing can answer. */
  readonly isRunning: () => Promise<boolean>;
  readonly fetch: typeof globalThis.fetch;
}

const LIMIT_MS = 10_000;

export function publicAddressCheck({ webhookUrl, isOurs, isRunning, fetch }: PublicAddressDeps): Check {
  return {
    description: "public address",
    async run() {
      const problem = await problemOf(webhookUrl, isOurs, fetch);
      if (problem === undefined) {
        return ok(`${webhookUrl} leads here (tried from this machine; Twilio's way may differ)`);
      }
      if (!(await isRunning())) {
        return warning(
          `${problem}; the server is not running`,
          `Start it with ${ownCommand("start")}, then try again.`,
        );
      }
      return failure(problem, "Point the tunnel or proxy of PUBLIC_URL to WEBHOOK_PORT on this machine.");
    },
  };
}

/** The same line for when there is no address to try. */
export function noAddressCheck(detail: string): Check {
  return { description: "public address", run: async () => ok(detail) };
}

async function problemOf(
  url: string,
  isOurs: PublicAddressDeps["isOurs"],
  fetch: PublicAddressDeps["fetch"],
): Promise<string | undefined> {
  try {
    return await withDeadline(LIMIT_MS, async (signal) => {
      const response = await fetch(url, {
        redirect: "manual",
        signal,
        // ngrok shows browsers a page of its own before it lets them through.
        headers: { "ngrok-skip-browser-warning": "1" },
      });
      if (response.status >= 300 && response.status < 400) {
        return `${url} redirects, which Twilio does not follow with its signature`;
      }
      if (response.status !== 200) return `${url} answers with HTTP ${response.status}`;
      return isOurs(await response.text()) ? undefined : `${url} leads to something else`;
    });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no answer";
    return `${url} cannot be reached (${code})`;
  }
}
