// Says that the phone is the simulated one, so that nobody waits for a message on a real one.
import { ownCommand } from "../domain/own-command.ts";
import { type Check, ok } from "./check.ts";

export function simulatedPhoneCheck(): Check {
  return {
    description: "phone",
    run: async () =>
      ok(
        `simulated: no Twilio credentials are set, and nothing of Twilio was checked. For a real phone, run: ${ownCommand("setup")}`,
      ),
  };
}
