import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSameNumber, isUserId, numberForms } from "../../src/domain/phone-number.ts";

describe("a number that WhatsApp writes otherwise", () => {
  it.each([
    ["Mexico", "+525512345678", "+5215512345678"],
    ["Argentina", "+541123456789", "+5491123456789"],
    ["Argentina, another area", "+543511234567", "+5493511234567"],
    ["Brazil", "+551187654321", "+5511987654321"],
    ["Brazil, another area", "+558899998888", "+5588999998888"],
  ])("is the same person in both forms: %s", (_, people, whatsapp) => {
    expect(numberForms(people)).toEqual([people, whatsapp]);
    expect(numberForms(whatsapp)).toEqual([whatsapp, people]);
    expect(isSameNumber(people, whatsapp) && isSameNumber(whatsapp, people)).toBe(true);
  });

  it.each([
    ["a Brazilian landline and the mobile number with a 9 before it", "+551134567890", "+5511934567890"],
    ["another area of Brazil", "+551187654321", "+5521987654321"],
    ["a Brazilian number without its area", "+55987654321", "+5587654321"],
    ["a Mexican number that is too short", "+52551234567", "+521551234567"],
    ["a Mexican number with the 1 twice", "+5215512345678", "+52115512345678"],
    ["an Argentinian number with another 9", "+5491123456789", "+54991123456789"],
    ["the countries' prefixes swapped", "+5215512345678", "+5495512345678"],
    ["a 1 elsewhere", "+15005550006", "+115005550006"],
    ["a 9 elsewhere", "+491701234567", "+4991701234567"],
    ["one that only ends alike", "+525512345678", "+15512345678"],
    ["a number with something behind it", "+525512345678", "+5215512345678\n"],
  ])("is not somebody else: %s", (_, one, other) => {
    expect(isSameNumber(one, other)).toBe(false);
    expect(isSameNumber(other, one)).toBe(false);
  });

  it("is one of at most two, and both say the same of each other", () => {
    const number = fc
      .tuple(
        fc.constantFrom("+52", "+521", "+54", "+549", "+55", "+5511", "+55119", "+1", "+49"),
        fc.nat(10 ** 10),
      )
      .map(([prefix, rest]) => `${prefix}${rest}`);
    fc.assert(
      fc.property(number, (one) => {
        const forms = numberForms(one);
        expect(forms[0]).toBe(one);
        expect(forms.length).toBeLessThanOrEqual(2);
        for (const form of forms) expect([...numberForms(form)].sort()).toEqual([...forms].sort());
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the id of a user who hides the number", () => {
  it.each(["US.13491208655302741918", "DE.1", "ID.abcDEF123", "US.ENT.11815799212886844830"])(
    "%s is one",
    (text) => {
      expect(isUserId(text)).toBe(true);
    },
  );

  it.each([
    "",
    "US.",
    "us.1349",
    "USA.1349",
    "U.1349",
    "US1349",
    "US.13 49",
    "US.13.49",
    "US.1349\n",
    "+15005550006",
    `US.${"1".repeat(129)}`,
    "ＵＳ.1349",
  ])("%j is none", (text) => {
    expect(isUserId(text)).toBe(false);
  });
});
