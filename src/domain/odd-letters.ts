// Letters that may deceive whoever reads a call: those that run from right to left, and those of another alphabet that look
// like Latin ones. They are shown as they are where they can be; the person is told that they are there.
import { runsFromRight } from "./text-order.ts";
import type { ToolCall } from "./tool-call.ts";

/** By alphabet, letters that most fonts draw as a Latin one. Others of the same alphabet deceive nobody. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  Cyrillic: "аеорсухіјѕһԁԛԝӏѵѡАВЕЅІЈКМНОРСТУХԌԚԜѴҮ",
  Greek: "ονρικυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
  Armenian: "օոսցզհԱՍՏՕ",
  Cherokee: "ᎠᎡᎢᎥᎪᎬᎳᎷᎻᏀᏃᏒᏔᏚᏞᏟᏢᏦᏧ",
};
const ALPHABETS = Object.entries(LOOK_ALIKES).map(([name, letters]) => ({
  name,
  any: new RegExp(`[${letters}]`, "u"),
  all: new RegExp(`^[${letters}\\p{N}]+$`, "u"),
}));
/** Letters that computers, or only eyes, take for Latin ones: full width, mathematical, in circles. */
const STYLED = /[\uFF21-\uFF3A\uFF41-\uFF5A\u{1D400}-\u{1D7FF}\u24B6-\u24E9\u{1F130}-\u{1F189}]/u;
const LATIN = /[A-Za-z]/;
/** A word, or all that a host, a path or an option hangs together by. */
const TOKENS = /[^\s"'`()[\]{}<>|;&]+/gu;
const WORDS = /[\p{L}\p{M}\p{N}]+/gu;
/** UTF-16 units. A longer text is prose or a file: what is in it is read, not run or gone to. */
const MAX_NAME = 4_000;

/** What is odd about the letters of a call, in the person's words. */
export function oddLetters({ toolName, input }: ToolCall): string[] {
  const found = new Set<string>();
  let isFromRight = false;
  eachText([toolName, input], (text) => {
    if (text.length <= MAX_NAME) for (const name of lookAlikes(text)) found.add(name);
    isFromRight ||= runsFromRight(text);
  });
  return [
    ...(found.size > 0 ? [`contains ${[...found].join(", ")} letters that look like Latin ones`] : []),
    ...(isFromRight ? ["contains right-to-left letters: what you see may stand in another order"] : []),
  ];
}

/** Which alphabets' letters stand among Latin ones, in a word or in what hangs together with one. */
function lookAlikes(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything but ASCII
  if (/^[\x00-\x7F]*$/.test(text)) return [];
  const names: string[] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    if (STYLED.test(token)) names.push("special");
    if (!LATIN.test(token)) continue;
    for (const [word] of token.matchAll(WORDS)) {
      for (const { name, any, all } of ALPHABETS) {
        if (LATIN.test(word) ? any.test(word) : all.test(word) && /\p{L}/u.test(word)) names.push(name);
      }
    }
  }
  return names;
}

/** Every string in a JSON value, keys included. */
function eachText(value: unknown, visit: (text: string) => void): void {
  if (typeof value === "string") visit(value);
  if (value === null || typeof value !== "object") return;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value)) visit(key);
    eachText(item, visit);
  }
}
