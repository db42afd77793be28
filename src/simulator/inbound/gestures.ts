// What a person does on the phone, tapping and typing, with the checks that a real screen makes on its own.
import type { Chat, ChatEntry } from "../chat.ts";
import type { InboundOptions, SimButton, WebhookResult } from "../contract.ts";
import { NotOnPhoneError } from "../not-on-phone.ts";
import type { InboundSender } from "./inbound.ts";

export type Gestures = ReturnType<typeof createGestures>;

/** @param deps.defaultPhone types when nobody else is named. */
export function createGestures(deps: {
  readonly chat: Chat;
  readonly inbound: InboundSender;
  readonly defaultPhone: string;
}) {
  function shown(sid: string): ChatEntry {
    const entry = deps.chat.find(sid);
    if (entry === undefined) throw new NotOnPhoneError(`message ${sid}`);
    return entry;
  }

  return {
    /**
     * Taps a button by its id, or by the part of it before the first colon. Buttons can be tapped again and again.
     * @throws NotOnPhoneError
     */
    async tap(sid: string, buttonId: string, options: InboundOptions = {}): Promise<WebhookResult> {
      const quoted = shown(sid);
      const button = findButton(quoted.message.buttons, buttonId);
      if (button === undefined) throw new NotOnPhoneError(`button ${buttonId}`);
      return deps.inbound.send({
        phone: options.from ?? quoted.message.phone,
        text: button.title,
        quoted,
        button,
        options,
      });
    },

    /** Types a text. @throws NotOnPhoneError when the quoted message is not there. */
    async type(
      text: string,
      options: InboundOptions & { readonly quote?: string | undefined } = {},
    ): Promise<WebhookResult> {
      const quoted = options.quote === undefined ? undefined : shown(options.quote);
      return deps.inbound.send({
        phone: options.from ?? quoted?.message.phone ?? deps.defaultPhone,
        text,
        quoted,
        options,
      });
    },
  };
}

function findButton(buttons: readonly SimButton[], wanted: string): SimButton | undefined {
  return (
    buttons.find((button) => button.id === wanted) ??
    buttons.find((button) => button.id.split(":")[0] === wanted)
  );
}
