// Step 3: the phone that approves.

import { approverList } from "../../config/approver-list.ts";
import { SANDBOX_SENDER } from "../../config/environment.ts";
import { isSameNumber } from "../../domain/phone-number.ts";
import { SetupProblem } from "./asker.ts";
import { settingOf, withAnswers } from "./draft.ts";
import { readPhone, wasRead } from "./read-phone.ts";
import type { SetupStep } from "./workshop.ts";

export const phoneStep: SetupStep = {
  name: "phone",
  async run({ asker, tell, flags }, progress) {
    const { draft } = progress;
    const sender = (settingOf(draft, "TWILIO_WHATSAPP_FROM") ?? SANDBOX_SENDER).replace("whatsapp:", "");
    tell.step("Your phone");
    let given = flags.phone ?? settingOf(draft, "APPROVAL_PHONE");
    for (;;) {
      given ??= await asker.text({
        key: "phone",
        message: "The number of your WhatsApp, with country code",
        example: "+1 500 555 0006",
      });
      const read = readPhones(given);
      const problem =
        typeof read === "string" ? read : read.numbers.find((each) => isSameNumber(each, sender));
      if (problem === undefined && typeof read !== "string") {
        const value = read.value;
        tell.good(wasRead(given, value) ? `Understood as ${value}: it approves.` : `${value} approves.`);
        return { ...progress, draft: withAnswers(draft, { APPROVAL_PHONE: value }) };
      }
      const words =
        typeof read === "string"
          ? read
          : `${problem} is the sender's number. Your own phone's number is needed.`;
      if (!asker.isPerson)
        throw new SetupProblem(
          `The phone's number cannot be used: ${words}`,
          "Correct --phone or APPROVAL_PHONE.",
        );
      tell.bad(words);
      given = undefined;
    }
  },
};

/** One number or several, as APPROVAL_PHONE takes them; a string says what is wrong. */
function readPhones(text: string): string | { readonly value: string; readonly numbers: readonly string[] } {
  if (text.includes("=")) {
    // WhatsApp's id of a user behind the number: the configuration's own form, kept as it is.
    const known = approverList.safeParse(text);
    if (!known.success) return `It ${known.error.issues[0]?.message ?? "cannot be read"}.`;
    return { value: text.trim(), numbers: known.data.map(({ phone }) => phone) };
  }
  const numbers: string[] = [];
  for (const part of text.split(",")) {
    const read = readPhone(part);
    if (read.kind === "problem") return read.problem;
    numbers.push(read.number);
  }
  return { value: numbers.join(","), numbers };
}
