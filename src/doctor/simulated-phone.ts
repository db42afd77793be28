// Says that the phone is the simulated one, so that nobody waits for a message on a real one.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, ok } from "./check.ts";

/** @param channels what people call those that are simulated */
export function simulatedPhoneCheck(channels: readonly string[]): Check {
  return {
    description: "phone",
    run: async () =>
      ok(
        `simulated (${channels.join(", ")}): no account is used, and none was checked. For a real phone, run: ${ownCommand("setup")}`,
      ),
  };
}
