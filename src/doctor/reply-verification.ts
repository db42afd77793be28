// Whether approvals that come by webhook are checked with Twilio.
import { type Check, ok, warning } from "./check.ts";

/** @param verified `VERIFY_REPLIES` */
export function replyVerificationCheck(verified: "approvals" | "all" | "off"): Check {
  return {
    description: "replies",
    async run() {
      if (verified === "off") {
        return warning(
          "VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve",
          "Remove VERIFY_REPLIES, or set it to approvals.",
        );
      }
      const which = verified === "all" ? "every reply" : "an approval";
      return ok(`${which} by webhook counts once Twilio has the message`);
    },
  };
}
