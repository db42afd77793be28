// Which words of a person approve, deny or allow for the session, and which only lean towards yes. Marks, quotes, emphasis
// and a friendly emoji around a word do not count; anything else does. What is not in these tables never approves.

export type Verb = "approve" | "deny" | "session";

/** What a text comes to without the marks around it. */
export interface VerbReading {
  readonly verb: Verb;
  /** In lower case; empty where an emoji says it. */
  readonly word: string;
}

const WORDS: Readonly<Record<Verb, readonly string[]>> = {
  approve: ["approve", "yes", "y", "ok", "okay", "yep", "yeah", "yup", "sure", "allow"],
  deny: ["deny", "no", "n", "nope", "nah"],
  session: ["session"],
};
const VERBS = new Map<string, Verb>(
  Object.entries(WORDS).flatMap(([verb, words]) => words.map((word) => [word, verb as Verb] as const)),
);
/** The words that decide about a question too; the others can be somebody's answer. */
const PLAIN_VERBS = new Set(["approve", "yes", "y", "deny", "no", "n", "session"]);

const YES_EMOJI = new Set(["👍", "✅", "✔", "👌"]);
/** Friendly, and no yes by themselves: as the first sign of a text they change nothing. */
const LEANING_EMOJI = new Set(["☑", "💯", "🆗", "🙏", "🎉", "🚀"]);
const NO_EMOJI = new Set(["👎", "❌"]);
/** Say nothing against a yes beside them. Whatever is not here makes it uncertain. */
const FRIENDLY_EMOJI = new Set([
  ...YES_EMOJI,
  ...["🔁", "☑", "🙏", "👏", "🙌", "🤝", "💪", "🎉", "🚀", "🔥", "💯", "⭐", "✨", "❤", "💚"],
  ...["🙂", "😀", "😃", "😄", "😁", "😊", "😉", "😎", "🤗", "🥳", "😍"],
]);

/** Words and phrases that begin an approval in somebody's own words. They change nothing, and are never a denial. */
const LEANING_WORDS = new Set(
  [
    ...WORDS.approve,
    ...WORDS.session,
    ...["approved", "approving", "approves", "accept", "accepted", "agree", "agreed", "allowed", "confirm"],
    ...[
      "absolutely",
      "certainly",
      "definitely",
      "exactly",
      "perfect",
      "great",
      "okie",
      "roger",
      "affirmative",
    ],
    ...["confirmed", "lgtm", "proceed", "fine", "okey", "ya", "yea", "aye", "k", "kk"],
    ...["ja", "oui", "sí", "sim", "да", "はい", "好", "好的", "是"],
  ].map(withoutRepeats),
);
const LEANING_PHRASE =
  /^\P{L}*(?:go(?: ahead| for it| on|\P{L}*$)|do it|all good|(?:sounds|looks) good|of course(?! not)|(?:i|we|please|pls|you can|you may) (?:also )?(?:approve|allow|accept|agree|confirm|proceed|do it|go ahead))(?!\p{L})/u;

/** No word that decides is longer, with all its marks. */
const MAX_LENGTH = 200;
// No question mark, no dash and no exclamation mark in front: "yes?" and "!yes" are not certain. No tilde either: see isMaybeStruck.
const MARKS_BEFORE = /^[\s"'“”„‟‘’‚«»‹›`´*_([{¡]+/u;
const AFTER = String.raw`[\s"'“”„‟‘’‚«»‹›\x60´*_~)\]}.,;:!…。！]+$`;
const MARKS_AFTER = new RegExp(AFTER, "u");
const ONLY_MARKS = new RegExp(`^${AFTER}`, "u");
const EMOJI = String.raw`\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*`;
const NO_SIGN_BEFORE = /^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u;
const EMOJI_BEFORE = new RegExp(`^${EMOJI}`, "u");
const EMOJI_AFTER = new RegExp(`${EMOJI}$`, "u");

export function isVerb(text: string): text is Verb {
  return Object.hasOwn(WORDS, text);
}

/** Reads a text that is one word which decides, and nothing else; undefined for any other. */
export function readVerb(text: string): VerbReading | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const { word, emoji } = withoutMarks(text);
  if (word === "") {
    const isYes =
      emoji.every((each) => FRIENDLY_EMOJI.has(each)) && emoji.some((each) => YES_EMOJI.has(each));
    if (isYes) return { verb: "approve", word };
    return emoji.length > 0 && emoji.every((each) => NO_EMOJI.has(each)) ? { verb: "deny", word } : undefined;
  }
  const lower = asciiLower(word);
  const verb = VERBS.get(lower);
  if (verb === undefined) return undefined;
  if (verb !== "deny" && !emoji.every((each) => FRIENDLY_EMOJI.has(each))) return undefined;
  return { verb, word: lower };
}

/** The same for a reply to a question: only the words that are nobody's answer. */
export function readPlainVerb(text: string): VerbReading | undefined {
  const reading = readVerb(text);
  return reading !== undefined && PLAIN_VERBS.has(reading.word) ? reading : undefined;
}

/** Whether a text begins as an approval does, in whatever letters: it may go on to say something else. */
export function leansToApprove(text: string): boolean {
  const folded = text.normalize("NFKC").toLowerCase();
  const firstOf = (said: string) => /^[^\p{L}]*([\p{L}\p{M}]+)/u.exec(said)?.[1] ?? "";
  const first = firstOf(folded);
  // Some scripts write on without a space, "OK了", and some signs are letters only once they are folded: "yⒷ".
  const [latin = ""] = /^\p{Script=Latin}+/u.exec(first) ?? [];
  const written = firstOf(text.toLowerCase());
  const [sign = ""] = EMOJI_BEFORE.exec(text.replace(NO_SIGN_BEFORE, "")) ?? [];
  return (
    [first, latin, written].some((word) => LEANING_WORDS.has(withoutRepeats(word))) ||
    LEANING_PHRASE.test(folded) ||
    LEANING_EMOJI.has(plainEmoji(sign)) ||
    YES_EMOJI.has(plainEmoji(sign))
  );
}

/** Without the marks behind it. */
export function withoutMarksAfter(text: string): string {
  return text.length > MAX_LENGTH ? text : text.replace(MARKS_AFTER, "");
}

/**
 * Whether a part of it may be struck through, and with that taken back: "~yes~", "~👍~ kqmwa". Behind all else, as in "ok~", a tilde
 * is a friendly mark.
 */
export function isMaybeStruck(text: string): boolean {
  const at = text.indexOf("~");
  return at >= 0 && !ONLY_MARKS.test(text.slice(at));
}

/** Only A–Z is folded: toLowerCase would also make a k of the Kelvin sign. */
export function asciiLower(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function withoutMarks(text: string): { readonly word: string; readonly emoji: readonly string[] } {
  const emoji: string[] = [];
  let word = text;
  for (let before = ""; before !== word; ) {
    before = word;
    word = word.replace(MARKS_BEFORE, "").replace(MARKS_AFTER, "");
    for (const place of [EMOJI_BEFORE, EMOJI_AFTER]) {
      const [found] = place.exec(word) ?? [];
      if (found === undefined) continue;
      emoji.push(plainEmoji(found));
      word = word.replace(place, "");
    }
  }
  return { word, emoji };
}

/** Without its colour and skin tone. */
function plainEmoji(emoji: string): string {
  return emoji.replace(/[\uFE0F\p{Emoji_Modifier}]/gu, "");
}

/** "yesss" is a yes. */
function withoutRepeats(word: string): string {
  return word.replace(/(\p{L})\1+/gu, "$1");
}
