// WhatsApp channel addresses: `whatsapp:` and an E.164 number.

const ADDRESS = /^whatsapp:(\+[1-9]\d{6,14})$/;

/** Whether `text` is a complete WhatsApp address. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** The number of an address, `+…`; "" when it is not one. */
export function phoneOf(address: string): string {
  return ADDRESS.exec(address)?.[1] ?? "";
}

/** The address of a number in E.164 form. */
export function addressOf(phone: string): string {
  return `whatsapp:${phone}`;
}
