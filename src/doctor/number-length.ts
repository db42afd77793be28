// Whether a number can be one of its country, by the numbering plans of libphonenumber. Nothing is decided by it: it only
// helps to find the digit that is missing in a number that has never written.
import { parsePhoneNumber } from "awesome-phonenumber";
import { numberForms } from "../domain/phone-number.ts";

/** What is wrong with the digits, as an end of a sentence; undefined where nothing is. @param number E.164 */
export function numberProblem(number: string): string | undefined {
  // WhatsApp writes some numbers in a form that no plan has.
  const forms = numberForms(number).map((form) => parsePhoneNumber(form));
  if (forms.some(({ possible }) => possible)) return undefined;
  const [first] = forms;
  const country =
    first?.regionCode ?? (first?.countryCode === undefined ? undefined : `+${first.countryCode}`);
  switch (first?.possibility) {
    case "too-short":
      return `it has too few digits${country === undefined ? "" : ` for a number of ${country}`}`;
    case "too-long":
      return `it has too many digits${country === undefined ? "" : ` for a number of ${country}`}`;
    case "invalid-country-code":
      return "its country code does not exist";
    default:
      return "no country has such a number";
  }
}

/** Whether the digits fit a number that is in use; a plan may lag behind, so it is a hint only. */
export function looksUsual(number: string): boolean {
  return numberForms(number).some((form) => parsePhoneNumber(form).valid);
}
