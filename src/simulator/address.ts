// WhatsApp channel addresses: `whatsapp:` and an E.164 number.

import { numberForms } from "../domain/phone-number.ts";

const ADDRESS = /^whatsapp:(\+[1-9]\d{6,14})$/;

/** Whether `text` is a complete WhatsApp address. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** The number of an address, `+…`; "" when it is not one. */
export function phoneOf(address: string): string {
  return ADDRESS.exec(address)?.[1] ?? "";
}

/** A number as WhatsApp writes it in what comes from the phone: some countries' otherwise than people do. */
export function whatsAppForm(phone: string): string {
  const byLength = numberForms(phone).toSorted((one, other) => other.length - one.length);
  // Mexico and Argentina have a digit more there, Brazil one less.
  return (phone.startsWith("+55") ? byLength.at(-1) : byLength[0]) ?? phone;
}

/** The address of a number in E.164 form, or of a user id. */
export function addressOf(phone: string): string {
  return `whatsapp:${phone}`;
}
