// The phone of a person on another channel than Twilio's, as the scenarios and the invariants look at one: what was first shown of each
// message, and what was tapped.

import type { AgentPlatform } from "../../src/simulator/agent/contract.ts";
import type { SimMessage } from "../../src/simulator/contract.ts";
import type { TelegramSimulator } from "../../src/simulator/telegram/contract.ts";
import { waitForMessage } from "../twilio/wait-for-message.ts";

/** What `TestTwilio` offers of it. */
export interface FaultPhone {
  messages(): readonly SimMessage[];
  waitForMessage(match: (message: SimMessage) => boolean, signal?: AbortSignal): Promise<SimMessage>;
  tap(sid: string, button: string): Promise<unknown>;
  type(text: string, options?: { readonly quote?: string }): Promise<unknown>;
}

/** A message as it is there now, oldest first. */
type Shown = Pick<SimMessage, "sid" | "direction" | "body" | "buttons">;

interface Chat {
  shown(): readonly Shown[];
  onChange(listener: () => void): void;
  tap(sid: string, button: string): void;
  type(text: string, quote: string | undefined): void;
}

export function telegramPhone(telegram: TelegramSimulator): FaultPhone {
  return createPhone({
    shown: () =>
      telegram.chat().map(({ id, author, text, keyboard }) => ({
        sid: String(id),
        direction: author === "bot" ? "to-phone" : "from-phone",
        body: text,
        buttons: keyboard.flat().map(({ text: title, callback_data }) => ({ id: callback_data, title })),
      })),
    onChange: (listener) => void telegram.onChange(listener),
    // Its buttons are taken off once it has ended: a finger may have been on one of them.
    tap: (sid, button) => void telegram.forgeTap(Number(sid), button),
    type: (text, quote) => void telegram.write(text, quote === undefined ? {} : { quote: Number(quote) }),
  });
}

/** There are no buttons there: a tap is a word in reply to the message. */
export function agentPhone(platform: AgentPlatform): FaultPhone {
  return createPhone({
    shown: () =>
      platform.chat().map(({ id, by, text }) => {
        const asked = by === "agent" ? /Request ID:\*? ?([a-z]{5})/.exec(text)?.[1] : undefined;
        const buttons = asked === undefined ? [] : ["approve", "deny"].map((verb) => `${verb}:${asked}`);
        return {
          sid: id,
          direction: by === "agent" ? "to-phone" : "from-phone",
          body: text,
          buttons: buttons.map((button) => ({ id: button, title: button })),
        };
      }),
    onChange: (listener) => void platform.onChange(listener),
    tap: (sid, button) => void platform.write(button.startsWith("deny:") ? "no" : "yes", { quote: sid }),
    type: (text, quote) => void platform.write(text, quote === undefined ? {} : { quote }),
  });
}

function createPhone(chat: Chat): FaultPhone {
  const seen = new Map<string, SimMessage>();
  const listeners = new Set<(message: SimMessage) => void>();
  /** The button of the tap that is being made. */
  let tapped: string | undefined;
  let taps = 0;

  function add(shown: Shown): void {
    const more = { phone: "", status: shown.direction === "to-phone" ? "sent" : "received" } as const;
    const message = {
      ...shown,
      ...more,
      at: Date.now(),
      ...(tapped === undefined ? {} : { buttonId: tapped }),
    };
    seen.set(message.sid, message);
    for (const listener of [...listeners]) listener(message);
  }

  function look(): void {
    for (const shown of chat.shown()) if (!seen.has(shown.sid)) add(shown);
  }

  chat.onChange(look);
  const phone = {
    messages: () => [...seen.values()],
    onMessage(listener: (message: SimMessage) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    messages: phone.messages,
    waitForMessage: (match, signal) => waitForMessage(phone, match, signal === undefined ? [] : [signal]),
    async tap(sid, button) {
      const before = seen.size;
      const { buttons = [] } = seen.get(sid) ?? {};
      // By its id, or by the part of it before the first colon, as on Twilio's phone.
      tapped = buttons.find(({ id }) => id === button || id.startsWith(`${button}:`))?.id;
      if (tapped === undefined) throw new Error(`the message has no button ${button}`);
      chat.tap(sid, tapped);
      look();
      // Where a tap is no message of its own.
      taps += 1;
      if (seen.size === before) add({ sid: `tap-${taps}`, direction: "from-phone", body: "", buttons: [] });
      tapped = undefined;
    },
    async type(text, { quote } = {}) {
      chat.type(text, quote);
    },
  };
}
