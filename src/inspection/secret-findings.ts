// Where the secrets in a text are: secretlint's detectors, each finding narrowed to the secret's own characters.
// A finding covers one word where a credential stands; it never reaches over a space, a quote, an operator or a host.
import { rules } from "@secretlint/secretlint-rule-preset-recommend";

/** One secret and the parts of the text that spell it: one part, or the lines of a key block. UTF-16 offsets. */
export interface SecretFinding {
  readonly secret: string;
  readonly parts: readonly Part[];
  /** Whether its first characters name its kind (`ghp`, `AKIA`), so that they may be shown. */
  readonly prefixed: boolean;
}
interface Part {
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
  // These three report a whole file or URL, host included. PEM keys have their own rule; URL_PASSWORD does the rest.
  "@secretlint/secretlint-rule-gcp",
  "@secretlint/secretlint-rule-basicauth",
  "@secretlint/secretlint-rule-database-connection-string",
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

// The rest of the line after a token is not the token's. No token of a known kind is shorter.
const TOKEN = /^(["']?)([\w+/=.-]{20,})/;
// A key is masked in whole words of base64: a shorter one between them, a command perhaps, stays readable, and so do the
// dashes of BEGIN and END. The `n` of a JSON `\n` is not part of a word.
const KEY_RUN = /(?<!\\)[A-Za-z0-9+/=]{20,}/g;

// What the detectors miss or report too widely.
// secretlint knows passwords only in http, ftp and three databases' URLs, and only before a host with a dot.
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[\w.~%!*+=-]{0,128}:(?<secret>[\w.~%!*+=:^-]{1,256})@/dgi;
// It has no rule for header values: any token68 (RFC 7235) after the scheme, on the same line.
// Not `authorization=basic /bin/x`, which runs /bin/x.
const AUTHORIZATION =
  /\bauthorization["']?[ \t]{0,4}(?::[ \t]{0,4}["']?|=["'])(?:bearer|basic|token)[ \t]{1,4}(?<secret>(?![./~])[\w.~+/-]{8,4096}={0,2})/dgi;
// It has no rule for Google API keys: 39 characters, the form that gitleaks and others know.
const GOOGLE_API_KEY = /(?<![\w-])(?<secret>AIza[\w-]{35})(?![\w-])/dg;

// In a shell `NAME= word` runs the word, `NAME=> word` writes to it, and a new line is a new command.
const SHELL_WORD = /[^\s=]=\s|[\r\n>]/;
// Mixed characters, a long hexadecimal number or UUID, or a JSON Web Token.
const RANDOM =
  /^(?:(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w+-]{20,}={0,2}|[0-9a-f-]{32,}|eyJ[\w-]{10,}(?:\.[\w-]*){1,3}\.[\w-]{20,})$/;

/**
 * Whether a text cannot be a word, a path or a host. Known by its name only, a secret is whatever the writer of the
 * call puts there: anything else must stay readable.
 */
export function looksRandom(text: string): boolean {
  return RANDOM.test(text);
}

/**
 * Finds secrets. Takes time in proportion to the text's length.
 * @returns what was found, and whether every detector came to its end.
 */
export function findSecrets(text: string): {
  readonly findings: readonly SecretFinding[];
  readonly complete: boolean;
} {
  let complete = true;
  const detected = DETECTORS.flatMap((detector) => {
    try {
      return reportsOf(detector, text).flatMap((report) => narrow(text, report));
    } catch {
      complete = false;
      return [];
    }
  });
  const ours = [
    matches(text, URL_PASSWORD, false),
    matches(text, AUTHORIZATION, true).filter(({ secret }) => !looksLikePath(secret)),
    matches(text, GOOGLE_API_KEY, true),
  ];
  return { findings: [...detected, ...ours.flat()], complete };
}

/** A path or a file's name must stay readable, whatever stands in front of it; base64 with a slash shows its padding. */
function looksLikePath(value: string): boolean {
  return (
    (value.includes("/") && !value.endsWith("=")) || (/\.[a-z0-9]{1,5}$/i.test(value) && !looksRandom(value))
  );
}

function matches(text: string, pattern: RegExp, prefixed: boolean): SecretFinding[] {
  return [...text.matchAll(pattern)].map(({ groups, indices }) => {
    const [start, end] = indices?.groups?.["secret"] ?? [0, 0];
    return { secret: groups?.["secret"] ?? "", parts: [{ start, end }], prefixed };
  });
}

/** @throws when the rule throws, or answers later: its reports would be lost. */
function reportsOf({ meta, create }: Detector, text: string): Report[] {
  const reports: Report[] = [];
  const context = {
    sharedOptions: {},
    createTranslator: () => (id: string, data: Data) => ({ id, data }),
    report: (report: Report) => reports.push(report),
    ignore: () => {},
  };
  // The npm rule reads `_authToken=…` only in a file of this name; no rule opens the file.
  const source = { content: text, filePath: ".npmrc", ext: "", contentType: "text" };
  if (create(context, OPTIONS[meta.id] ?? {}).file?.(source) !== undefined) throw new Error(meta.id);
  return reports.filter(({ message }) => message.id !== NO_SECRET);
}

/** The secret itself: some rules report from the name in front of it, or to the end of the line or the URL. */
function narrow(text: string, { message, range }: Report): SecretFinding[] {
  const { data, id } = message;
  const value = data["KEY"] ?? data["TOKEN"] ?? data["ID"] ?? data["URL"] ?? text.slice(...range);
  const from = text.indexOf(value, range[0]);
  if (from < 0) throw new Error(id);
  if (id === "PrivateKey") {
    const parts = [...value.matchAll(KEY_RUN)].map(({ 0: run, index }) => ({
      start: from + index,
      end: from + index + run.length,
    }));
    return parts.length === 0 ? [] : [{ secret: value, parts, prefixed: false }];
  }
  // A webhook's secret is the last part of its path.
  const skip = value.startsWith("https://") ? value.lastIndexOf("/") + 1 : 0;
  const [, quote = "", secret = ""] = TOKEN.exec(value.slice(skip)) ?? [];
  const start = from + skip + quote.length;
  if (secret === "" || SHELL_WORD.test(text.slice(range[0], from))) return [];
  // The rule knows this one only by its name: the value has no form of its own.
  if (id === "Npmrc_authToken" && !looksRandom(secret)) return [];
  return [{ secret, parts: [{ start, end: start + secret.length }], prefixed: true }];
}
