// Whether this machine's clock agrees with Twilio's. Nothing is decided by it, but what people read would be wrong.
import { agoText } from "../domain/time-words.ts";
import { type Check, ok, warning } from "./check.ts";

export interface ClockCheckDeps {
  /** How far this machine is ahead of Twilio, ms; undefined when Twilio did not answer. */
  readonly readSkew: () => Promise<number | undefined>;
  readonly toleratedMs: number;
}

export function clockCheck({ readSkew, toleratedMs }: ClockCheckDeps): Check {
  return {
    description: "clock",
    async run() {
      const skewMs = await readSkew();
      if (skewMs === undefined) return ok("not compared: Twilio did not answer");
      if (Math.abs(skewMs) <= toleratedMs) return ok("agrees with Twilio's");
      const side = skewMs > 0 ? "ahead of" : "behind";
      return warning(
        `this computer's clock is ${agoText(Math.abs(skewMs))} ${side} Twilio's`,
        "Let a time server set it. Until then the times in messages, in the log and in the records are wrong.",
      );
    },
  };
}
