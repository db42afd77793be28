// Whether messages get through to each approver now: WhatsApp's 24-hour window and the Sandbox's three days.
import { type Check, ok, warning } from "./check.ts";

export interface PhoneWindow {
  /** "…0006" */
  readonly phone: string;
  readonly isOpen: boolean;
  /** The window in words. */
  readonly window: string;
  /** The Sandbox membership in words; absent with a sender of one's own. */
  readonly sandbox?: string | undefined;
  readonly sandboxIsOver: boolean;
  /** Under which names its replies are recognised, beside the number as it is configured; absent: under no other. */
  readonly knownAs?: string | undefined;
}

export function sessionWindowsCheck(read: () => Promise<readonly PhoneWindow[]>): Check {
  return {
    description: "24-hour windows",
    async run() {
      const phones = await read();
      const detail = phones
        .map(({ phone, window, sandbox, knownAs }) =>
          [`${phone}: ${window}`, sandbox, knownAs].filter((part) => part !== undefined).join("; "),
        )
        .join("\n");
      const advice = [
        ...(phones.some(({ sandboxIsOver }) => sandboxIsOver)
          ? ["Send join <two words> from that phone to the Sandbox; Twilio Console shows the words."]
          : []),
        ...(phones.some(({ isOpen }) => !isOpen)
          ? ["In a closed window only templates that WhatsApp has approved get through."]
          : []),
      ];
      return advice.length === 0 ? ok(detail) : warning(detail, advice.join("\n"));
    },
  };
}
