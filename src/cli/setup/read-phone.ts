// A phone number as people write it, read as WhatsApp wants it: +, country code, number. Pure. What cannot be told is refused in
// words, never guessed.
import { z } from "zod";

export type ReadPhone =
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "problem"; readonly problem: string };

const FORM = "Write it with + and the country code, for example +1 500 555 0006.";
/** Digits after the country code where every number has the same length. */
const FIXED_LENGTHS: readonly (readonly [code: string, digits: number, where: string])[] = [
  ["+1", 10, "the USA, Canada and the Caribbean"],
  ["+33", 9, "France"],
  ["+34", 9, "Spain"],
  ["+91", 10, "India"],
];

/** Reads blanks, dots, dashes, brackets, 00 for +, a "(0)" that is not dialled from abroad, and digits without +. */
export function readPhone(text: string): ReadPhone {
  const plain = text
    .normalize("NFKC")
    .trim()
    .replace(/^whatsapp:/i, "")
    .replace(/^tel:/i, "")
    .replace(/\(\s*0\s*\)/g, "")
    .replace(/[\s().\-/\p{Pd}\p{Cf}]/gu, "");
  if (plain === "") return problem(`That is no number. ${FORM}`);
  if (!/^\+?\d+$/.test(plain)) return problem(`There is more than digits in it. ${FORM}`);
  const number = plain.startsWith("+") ? plain : plain.startsWith("00") ? `+${plain.slice(2)}` : `+${plain}`;
  if (number.startsWith("+0")) {
    return problem(
      plain.startsWith("+") || plain.startsWith("00")
        ? `No country code begins with 0. ${FORM}`
        : `It begins with 0, as it is dialled inside a country: the country code is missing. ${FORM}`,
    );
  }
  if (number.length < 9) return problem(`It is too short: a number has at least 8 digits. ${FORM}`);
  if (!z.e164().safeParse(number).success) return problem(`It is too long: 15 digits are the most. ${FORM}`);
  const country = FIXED_LENGTHS.find(([code]) => number.startsWith(code));
  if (country !== undefined && number.length !== country[0].length + country[1]) {
    const [code, digits, where] = country;
    return problem(
      `A number in ${where} has ${digits} digits after ${code}, this one has ${number.length - code.length}.`,
    );
  }
  return { kind: "number", number };
}

/** Whether a text was written otherwise than it is understood: then that is said. */
export function wasRead(text: string, number: string): boolean {
  return text.trim() !== number;
}

function problem(words: string): ReadPhone {
  return { kind: "problem", problem: words };
}
