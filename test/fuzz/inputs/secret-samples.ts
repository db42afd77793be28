// One made-up secret of each shape that is known, put together at run time so that no scanner stops at this file.
const ALNUM = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA";
const HEX = "0a1b2c3d4e5f67890718293a4b5c6d7e";
const chars = (length: number, alphabet = ALNUM) =>
  alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const UUID = [chars(8, HEX), chars(4, HEX), chars(4, HEX), chars(4, HEX), chars(12, HEX)].join("-");

/** The prefix and the rest apart. */
const PARTS: readonly (readonly [string, string])[] = [
  ["ghp", `_${chars(36)}`],
  ["github", `_pat_${chars(82)}`],
  ["ghs", `_${chars(36)}`],
  ["glpat", `-${chars(20)}`],
  ["AKIA", chars(16, "Q7XZ2MPL")],
  ["xoxb", `-123456789012-1234567890123-${chars(24)}`],
  ["npm", `_${chars(36)}`],
  ["sk", `-ant-api03-${chars(93)}AA`],
  ["AIza", `Sy${chars(33)}`],
  ["sk", `_live_${chars(24)}`],
  ["SG", `.${chars(22)}.${chars(43)}`],
  ["hf", `_${chars(34, "aBcDeFgHiJ")}`],
  ["hvs", `.${chars(95)}`],
  ["dckr", `_pat_${chars(27)}`],
  ["dapi", HEX],
  ["NRAK", `-${chars(27)}`],
  ["glsa", `_${chars(32)}_0a1b2c3d`],
  ["sntryu", `_${chars(64, HEX)}`],
  ["phx", `_${chars(43)}`],
  ["xaat", `-${UUID}`],
  ["whsec", `_${chars(32)}`],
  ["re", `_${chars(8)}_${chars(24)}`],
  ["xkeysib", `-${chars(64, HEX)}-${chars(16)}`],
];

export const SECRETS: readonly string[] = PARTS.map((parts) => parts.join(""));
