// Breaks webhooks on their way from the simulated Twilio to our server: no or a wrong signature, twice, late, never.
import { AsyncLocalStorage } from "node:async_hooks";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import type { WebhookResult } from "../../src/simulator/contract.ts";
import type { FetchForm, FormRequest } from "../../src/simulator/webhook-post.ts";
import type { InboundFault } from "./faults.ts";

/** What a tap or a text came to; `late` while the webhook is held back. */
export type InboundResult = Omit<WebhookResult, "withheld"> & {
  readonly withheld?: WebhookResult["withheld"] | "late";
};

export type LateOrder = "oldest first" | "newest first";

interface Journey {
  readonly fault: InboundFault;
  /** Resolves when a late webhook may go on. */
  readonly hold: () => Promise<void>;
}

/** @param deps.isSilent whether no status callback of this message may leave. */
export function breakWebhooks(deps: {
  readonly authToken: string;
  readonly isSilent: (messageSid: string | undefined) => boolean;
}) {
  // Follows one gesture to the webhook that it causes, past everything that knows nothing of faults.
  const journeys = new AsyncLocalStorage<Journey>();
  const late: { readonly release: () => void; readonly result: Promise<WebhookResult> }[] = [];

  const carry: FetchForm = async (url, form) => {
    const params = Object.fromEntries(new URLSearchParams(form.body));
    if (deps.isSilent(params["MessageSid"])) return new Response(null, { status: 204 });
    const journey = journeys.getStore();
    switch (journey?.fault) {
      case "unsigned":
        return fetch(url, signed(form, undefined));
      case "bad-signature":
        return fetch(
          url,
          signed(form, getExpectedTwilioSignature(`${deps.authToken} of somebody else`, url, params)),
        );
      case "duplicate":
        // Twilio never learns the first answer: that is why it posts again.
        await fetch(url, form).then((response) => response.text());
        return fetch(url, form);
      case "late":
        await journey?.hold();
        // The simulator's time-out has run since the tap: a held webhook goes without.
        return fetch(url, { ...form, signal: null });
      case undefined:
        return fetch(url, form);
    }
  };

  return {
    fetch: carry,

    /** Does something on the phone; the webhook that it causes meets the fault. */
    async send(
      fault: InboundFault | undefined,
      gesture: () => Promise<WebhookResult>,
    ): Promise<InboundResult> {
      if (fault === undefined) return gesture();
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let reachedHold = () => {};
      const held = new Promise<void>((resolve) => {
        reachedHold = resolve;
      });
      const hold = () => {
        reachedHold();
        return released;
      };
      const result = journeys.run({ fault, hold }, gesture);
      // A gesture that causes no webhook ends by itself; a held one goes on in `releaseLate`.
      const whenHeld = held.then(() => {
        late.push({ release, result });
        return HELD;
      });
      return Promise.race([result, whenHeld]);
    },

    /** Posts what `late` holds back, one after the other. */
    async releaseLate(order: LateOrder = "oldest first"): Promise<readonly WebhookResult[]> {
      const results: WebhookResult[] = [];
      const held = late.splice(0);
      for (const { release, result } of order === "oldest first" ? held : held.reverse()) {
        release();
        results.push(await result);
      }
      return results;
    },
  };
}

const HELD: InboundResult = { status: 204, body: "", contentType: "", withheld: "late" };

function signed(form: FormRequest, signature: string | undefined): FormRequest {
  const headers = new Headers(form.headers);
  headers.delete("x-twilio-signature");
  if (signature !== undefined) headers.set("x-twilio-signature", signature);
  return { ...form, headers };
}
