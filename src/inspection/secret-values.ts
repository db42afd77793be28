// Secrets in data that are known by what stands around them: a name, a header, a web address, a line of a known file. Each
// must look like a secret besides: the name alone would let the writer of the call choose what is hidden.
import type { SecretFinding } from "./secret-findings.ts";
import {
  isCredential,
  isGivenPassword,
  isSwitch,
  looksRandom,
  looksSecret,
  secrecyOf,
} from "./secret-names.ts";
import { NO_VALUE } from "./secret-options.ts";
import { usesIn } from "./used-names.ts";

/** Schemes whose addresses hold a password in front of the host. */
const SCHEMES =
  "https?|wss?|ftps?|sftp|ssh|git|svn|postgres(?:ql)?|mysqlx?|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|mqtts?|mssql|sqlserver|" +
  "oracle|clickhouses?|cockroachdb|couchdb|couchbases?|neo4j|bolt|ldaps?|smtps?|imaps?|pop3s?|nats|kafka|socks[45]h?|stomp|" +
  "influxdb|elasticsearch|cassandra|snowflake|redshift|trino|presto|vertica|hana|smb|webdavs?|davs?|rtsps?|rtmps?|sip|xmpp|" +
  "(?:postgres|postgresql|mysql|mongodb|redis|mssql)\\+\\w{2,12}";
const URL_PASSWORD = new RegExp(
  `(?<=^|[\\s"'=(<\\[])(?:jdbc:|git\\+)?(?:${SCHEMES}):\\/\\/(?<user>[\\w.~%!*+=-]{0,128}):(?<secret>[\\w.~%!*+=:^-]{1,512})@`,
  "dgi",
);
/** Any token68 (RFC 7235) after the scheme, on the same line. Not \`authorization=basic /bin/x\`, which runs /bin/x. */
const AUTHORIZATION =
  /authorization\\?["']?[ \t]{0,4}(?::[ \t]{0,4}\\?["']?|=\\?["'])(?:bearer|basic|token|apikey|api-key|key|digest|sso-key|bot|ghp|genie-?key|dpop|splunk|klaviyo-api-key)[ \t=]{1,4}(?<secret>(?![./~])[\w.~+/:!-]{6,8192}={0,2})/dgi;
/** What each text with one has in it: most have none. */
const AUTHORIZES = /authorization/i;
const NAMED =
  /(?<![\w.$-])(?<name>-{0,2}[A-Za-z_][\w.-]{0,60})(?<sign>\\?["']?[ \t]{0,8}(?:=>?|:=?)[ \t]{0,8}\\{0,2}["']?)(?<secret>[^\s"'`<>(){}[\],;|&\\$]{4,8192})(?<next>[$(){}[\]<>]?)/g;
const FLAG =
  /(?<![\w-])(?<name>--?[A-Za-z][\w-]{1,40})[ \t]{1,4}["']?(?<secret>[^\s"'`<>(){}[\],;|&\\$-][^\s"'`<>(){}[\],;|&\\$]{3,2048})(?<next>[$({[]?)/g;
const NETRC = /(?<![\w-])(?:password|passwd|account)[ \t]{1,8}(?<secret>\S{3,256})/dg;
/** SQL: `ALTER USER x PASSWORD '…'`, `CREATE USER x IDENTIFIED BY '…'`. */
const SQL =
  /\b(?:password|identified(?: with \w{1,40})? by)[ \t]{1,4}\\?'(?<secret>[^\s'"`$\\]{3,256})\\?'/dgi;
const PGPASS = /^[\w.*-]{1,200}:(?:\d{1,5}|\*):[\w*-]{1,64}:[\w*.@-]{1,64}:(?<secret>[^\s:]{3,256})$/dgm;

/** UTF-16 units. */
const MIN_LENGTH = 7;

/** @returns secrets by their surroundings in data that no shell runs. Takes time in proportion to the text's length. */
export function findValues(text: string): readonly SecretFinding[] {
  // A name, a sign and a value: nothing shorter holds all three.
  if (text.length < MIN_LENGTH || !/[:=\s]/.test(text)) return [];
  const isNetrc = text.includes("login") && /(?:^|\s)(?:machine\s+\S+|default)\s+login\s/.test(text);
  return [
    ...findAddresses(text),
    ...(AUTHORIZES.test(text)
      ? matches(text, AUTHORIZATION, true, ({ secret = "" }) => isCredential(secret))
      : []),
    ...(/[:=]/.test(text) ? named(text) : []),
    ...(text.includes("-")
      ? matches(
          text,
          FLAG,
          false,
          ({ name = "", secret = "", next }, index) =>
            next === "" && !isSwitch(name) && !isNoValue(text, name, index) && isSecret(name, secret),
        )
      : []),
    ...(isNetrc ? matches(text, NETRC, false, ({ secret = "" }) => isGivenPassword(secret)) : []),
    ...(text.includes("'") ? matches(text, SQL, false, ({ secret = "" }) => isGivenPassword(secret)) : []),
    ...(text.includes(":")
      ? matches(text, PGPASS, false, ({ secret = "" }) => looksSecret(secret, "password"))
      : []),
    ...findManifestData(text),
  ];
}

/** Passwords in web addresses. A password that could itself be a host stays readable. */
export function findAddresses(text: string): readonly SecretFinding[] {
  if (!text.includes("://")) return [];
  return matches(
    text,
    URL_PASSWORD,
    false,
    ({ secret = "" }) => !/^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?$/i.test(secret),
  );
}

type Groups = Readonly<Record<string, string | undefined>>;

/** `NAME=value` and `name: value`; a variable that the same text uses as such stays readable. */
function named(text: string): readonly SecretFinding[] {
  let again: ReadonlySet<string> | undefined;
  let used: ((name: string) => boolean) | undefined;
  const isUsed = (name: string) => {
    used ??= usesIn(text);
    return used(name);
  };
  const isRunAgain = (name: string) => {
    again ??= mayRun(text);
    return again.has(/\w*$/.exec(name)?.[0] ?? "");
  };
  return matches(text, NAMED, false, ({ name = "", sign = "", secret = "", next }) => {
    // In a shell `NAME= word` runs the word, and `NAME=> word` writes to it.
    if (next !== "" && next !== "}" && next !== ")" && next !== "]") return false;
    if (/^=>?[ \t]/.test(sign) || sign === "=>") return false;
    // `session:4f1e…` is a key of a cache; a header has a dash in its name.
    if (sign === ":" && !name.includes("-")) return false;
    // `alias.token=x` of git runs x.
    if (/^alias\./i.test(name)) return false;
    return isSecret(name, secret) && !(/^=["']?$/.test(sign) && isUsed(name)) && !isRunAgain(name);
  });
}

/** What runs a text, or deletes what it names, in languages other than the shell's. */
const RUNS =
  /(?<![.\w])(?:exec|eval|system|unlink|rmdir)\b|\bos\.(?:exec|spawn|system|popen|remove|unlink|rmdir)|\b(?:popen|subprocess|child_process|shell_exec|passthru|proc_open|rmtree|rmSync|unlinkSync|execSync|spawnSync|runpy|importlib|__import__)\b|\bnew Function\b/i;

/** The names that a text which runs texts uses again: what they stand for may be code. */
export function mayRun(text: string): ReadonlySet<string> {
  if (!RUNS.test(text)) return NO_NAMES;
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) (seen.has(name) ? again : seen).add(name);
  return again;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Programs, and the options that take no value there. */
const NO_VALUES = NO_VALUE.map(({ programs, options }) => ({
  options: options.split(" "),
  call: new RegExp(`(?<![\\w-])(?:${programs.replaceAll(" ", "|")})[ \\t][^\\n;|&]*$`),
}));

function isNoValue(text: string, name: string, index: number): boolean {
  const front = text.slice(Math.max(0, index - 200), index);
  return NO_VALUES.some(({ options, call }) => options.includes(name) && call.test(front));
}

function isSecret(name: string, value: string): boolean {
  const secrecy = secrecyOf(name);
  return secrecy !== undefined && looksSecret(value, secrecy);
}

/** The values of a Kubernetes Secret: base64 under `data`, any text under `stringData`. */
function findManifestData(text: string): readonly SecretFinding[] {
  if (!text.includes("kind:") || !/^[ \t]*kind:[ \t]*Secret[ \t]*$/m.test(text)) return [];
  const findings: SecretFinding[] = [];
  let inside: number | undefined;
  let at = 0;
  for (const line of text.split("\n")) {
    const [, indent = "", key = "", gap = "", value = ""] =
      /^([ \t]*)([\w.-]+|"[\w.-]+"):([ \t]*["']?)([^\s"']*)/.exec(line) ?? [];
    if (key !== "" && inside !== undefined && indent.length > inside) {
      const start = at + indent.length + key.length + 1 + gap.length;
      const isOne = value.length >= 4 && isGivenPassword(value) && !/^(?:true|false|\d+)$/.test(value);
      if (isOne)
        findings.push({ secret: value, parts: [{ start, end: start + value.length }], prefixed: false });
    } else if (line.trim() !== "")
      inside = /^(?:data|stringData)$/.test(key) && value === "" ? indent.length : undefined;
    at += line.length + 1;
  }
  return findings;
}

function matches(
  text: string,
  pattern: RegExp,
  prefixed: boolean,
  accepts: (groups: Groups, index: number) => boolean,
): readonly SecretFinding[] {
  const found: SecretFinding[] = [];
  // The pattern itself, from its beginning: matchAll makes another one each time.
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { groups = {}, indices, index } = match;
    const { lastIndex } = pattern;
    if (accepts(groups, index)) {
      const { secret = "", name, next = "" } = groups;
      // Where a pattern ends with the secret and what is next, its place is known without asking for indices, which costs.
      const stop = index + match[0].length - next.length;
      const [start, end] = indices?.groups?.["secret"] ?? [stop - secret.length, stop];
      const isToken = name !== undefined && secrecyOf(name) === "token" && looksRandom(secret);
      found.push({ secret, parts: [{ start, end }], prefixed: prefixed || isToken });
    }
    pattern.lastIndex = lastIndex;
  }
  return found;
}
