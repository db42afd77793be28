// Tokens that are known by their form, wherever they stand: secretlint's detectors and the rows of secret-shapes/, each
// finding narrowed to the secret's own characters. None reaches over a space, a quote, an operator or a host, and none is
// part of a path.
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { looksRandom, mustStayReadable } from "./secret-names.ts";
import { SHAPES } from "./secret-shapes/shapes.ts";

/** One secret and the parts of the text that spell it: one part, or the lines of a key block. UTF-16 offsets. */
export interface SecretFinding {
  readonly secret: string;
  readonly parts: readonly Part[];
  /** Whether its first characters name its kind (`ghp`, `AKIA`), so that they may be shown. */
  readonly prefixed: boolean;
}
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** A rule, as far as it is used here: `SecretLintRuleCreator` in @secretlint/types. */
interface Detector {
  readonly meta: { readonly id: string };
  create(context: object, options: object): { file?(source: object): unknown };
}
type Data = Readonly<Record<string, string | undefined>>;
interface Report {
  readonly message: { readonly id: string; readonly data: Data };
  readonly range: readonly [number, number];
}

const UNUSED = new Set([
  // Obeys `secretlint-disable` inside the text: the text is foreign and must not switch detection off.
  "@secretlint/secretlint-rule-filter-comments",
  // These report a whole file, key block or URL, host included: secret-values.ts and key-blocks.ts do it by lines and parts.
  "@secretlint/secretlint-rule-gcp",
  "@secretlint/secretlint-rule-basicauth",
  "@secretlint/secretlint-rule-database-connection-string",
  "@secretlint/secretlint-rule-privatekey",
]);
/** The rules that run. Driven without @secretlint/core, which keeps a performance mark of every rule it ever ran. */
const DETECTORS = (rules as readonly object[] as readonly Detector[]).filter(
  ({ meta }) => !UNUSED.has(meta.id),
);
const OPTIONS: Readonly<Record<string, object>> = {
  "@secretlint/secretlint-rule-aws": { enableIDScanRule: true },
};
/** Switched on together with access key ids, but an account number is no secret. */
const NO_SECRET = "AWSAccountID";
/** Known by the name in front of it only: the value has no form of its own. */
const BY_NAME = new Set(["Npmrc_authToken", "AWSSecretAccessKey"]);

// The rest of the line after a token is not the token's. No token of a known kind is shorter.
const TOKEN = /^(["']?)([\w+/=.-]{20,})/;
/** Without such a word no detector has anything to report that would be kept: most commands have none. */
const LONG_WORD = /[\w+/=.-]{20}/;
// In a shell `NAME= word` runs the word, `NAME=> word` writes to it, and a new line is a new command.
const SHELL_WORD = /[^\s=]=\s|[\r\n>]/;

/**
 * Finds tokens by their form. Takes time in proportion to the text's length.
 * @returns what was found, and whether every detector came to its end.
 */
export function findTokens(text: string): {
  readonly findings: readonly SecretFinding[];
  readonly complete: boolean;
} {
  let complete = true;
  const detectors = LONG_WORD.test(text) ? DETECTORS : [];
  const detected = detectors.flatMap((detector) => {
    try {
      return reportsOf(detector, text).flatMap((report) => narrow(text, report));
    } catch {
      complete = false;
      return [];
    }
  });
  return { findings: [...detected, ...shaped(text)], complete };
}

const ANY_MARK = new RegExp(
  [...new Set(SHAPES.flatMap(({ marks }) => marks))].map((mark) => mark.replace(/[^\w]/g, "\\$&")).join("|"),
);

function shaped(text: string): readonly SecretFinding[] {
  if (!ANY_MARK.test(text)) return [];
  return SHAPES.flatMap(({ marks, pattern, inAddress = false }) => {
    if (!marks.some((mark) => text.includes(mark))) return [];
    return [...text.matchAll(pattern)].flatMap(({ 0: match, index, indices }) => {
      const [start, end] = indices?.groups?.["secret"] ?? [index, index + match.length];
      return tokenAt(text, start, end, inAddress || indices?.groups?.["secret"] !== undefined);
    });
  });
}

/** A token is longer than any of these by less. UTF-16 units. */
const MAX_REST = 4_096;
const REST = /[\w-]*/y;

/** The whole token, as far as it reaches; nothing where it is a part of a path, of a host or of a longer word. */
function tokenAt(text: string, start: number, end: number, hasName: boolean): readonly SecretFinding[] {
  const previous = text[start - 1] ?? " ";
  const isEscape = /[nrt]/.test(previous) && text[start - 2] === "\\";
  const isUser = text.slice(start - 3, start) === "://";
  if (!hasName && !isEscape && !isUser && /[\w./~@\\%-]/.test(previous)) return [];
  REST.lastIndex = end;
  const rest = REST.exec(text)?.[0].length ?? 0;
  if (rest > MAX_REST) return [];
  const stop = end + rest;
  const next = text.slice(stop, stop + 2);
  const isPassword = isUser || previous === ":";
  if (isUser ? !/^[@:]/.test(next) : !hasName && /^(?:\/|\.\w|:\/)/.test(next)) return [];
  if (/^@/.test(next) && !isPassword) return [];
  return [{ secret: text.slice(start, stop), parts: [{ start, end: stop }], prefixed: true }];
}

type Rule = ReturnType<Detector["create"]>;
/** Each is made once: it compiles its patterns. What it reports goes into `reported`. */
const made = new Map<Detector, Rule>();
let reported: Report[] = [];

function ruleOf(detector: Detector): Rule {
  const known = made.get(detector);
  if (known !== undefined) return known;
  const context = {
    sharedOptions: {},
    createTranslator: () => (id: string, data: Data) => ({ id, data }),
    report: (report: Report) => reported.push(report),
    ignore: () => {},
  };
  const rule = detector.create(context, OPTIONS[detector.meta.id] ?? {});
  made.set(detector, rule);
  return rule;
}

/** @throws when the rule throws, or answers later: its reports would be lost. */
function reportsOf(detector: Detector, text: string): Report[] {
  reported = [];
  // The npm rule reads `_authToken=…` only in a file of this name; no rule opens the file.
  const source = { content: text, filePath: ".npmrc", ext: "", contentType: "text" };
  if (ruleOf(detector).file?.(source) !== undefined) throw new Error(detector.meta.id);
  return reported.filter(({ message }) => message.id !== NO_SECRET);
}

/** The secret itself: some rules report from the name in front of it, or to the end of the line or the URL. */
function narrow(text: string, { message, range }: Report): readonly SecretFinding[] {
  const { data, id } = message;
  const value = data["KEY"] ?? data["TOKEN"] ?? data["ID"] ?? data["URL"] ?? text.slice(...range);
  const from = text.indexOf(value, range[0]);
  if (from < 0) throw new Error(id);
  // A webhook's secret is the last part of its path.
  const skip = value.startsWith("https://") ? value.lastIndexOf("/") + 1 : 0;
  const [, quote = "", secret = ""] = TOKEN.exec(value.slice(skip)) ?? [];
  const start = from + skip + quote.length;
  if (secret === "" || SHELL_WORD.test(text.slice(range[0], from))) return [];
  if (BY_NAME.has(id) && (mustStayReadable(secret) || !looksRandom(secret))) return [];
  return tokenAt(text, start, start + secret.length, skip > 0 || BY_NAME.has(id));
}
