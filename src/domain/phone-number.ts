// Numbers that WhatsApp writes otherwise than people do: the same person in two forms. A table of data; a number that is
// not in it has one form only, and two different numbers never become one.

interface Form {
  /** Its groups are the parts that both forms share. */
  readonly pattern: RegExp;
  write(shared: readonly string[]): string;
}

const TWO_FORMS: Readonly<Record<string, readonly [Form, Form]>> = {
  // A 1 used to be dialled before mobile numbers; WhatsApp keeps it.
  Mexico: [
    { pattern: /^\+52([2-9]\d{9})$/, write: ([number]) => `+52${number}` },
    { pattern: /^\+521([2-9]\d{9})$/, write: ([number]) => `+521${number}` },
  ],
  // The 9 marks a mobile number that is called from abroad.
  Argentina: [
    { pattern: /^\+54([1-3]\d{9})$/, write: ([number]) => `+54${number}` },
    { pattern: /^\+549([1-3]\d{9})$/, write: ([number]) => `+549${number}` },
  ],
  // Mobile numbers got a ninth digit in front. Eight digits that begin with 2 to 5 are a landline: somebody else.
  Brazil: [
    { pattern: /^\+55([1-9][1-9])([016-9]\d{7})$/, write: ([area, number]) => `+55${area}${number}` },
    { pattern: /^\+55([1-9][1-9])9([016-9]\d{7})$/, write: ([area, number]) => `+55${area}9${number}` },
  ],
};

/** Every form of a number in E.164 form: as it is given first, then the other one where there is one. */
export function numberForms(number: string): readonly string[] {
  for (const [one, other] of Object.values(TWO_FORMS)) {
    const rewritten = rewrite(number, one, other) ?? rewrite(number, other, one);
    if (rewritten !== undefined) return [number, rewritten];
  }
  return [number];
}

function rewrite(number: string, from: Form, to: Form): string | undefined {
  const shared = from.pattern.exec(number)?.slice(1);
  return shared && to.write(shared);
}

/** Whether two texts are the same number, in whichever form. */
export function isSameNumber(one: string, other: string): boolean {
  return numberForms(one).includes(other);
}

const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

/**
 * Whether a text is WhatsApp's id of a user towards one business (BSUID): `US.13491208655302741918`. It stands for a
 * number that the user hides; a new number means a new id.
 */
export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}
