// What a name says about the value behind it, and whether a value looks like a secret. A name is whatever the writer of the
// call puts there: a value that could be a word, a path or a host stays readable behind any name.

/** `password`: a value of any form may be one. `token`: one that was made at random. */
export type Secrecy = "password" | "token";

const PASSWORD = /(^|_)(pass(word|wd|phrase|code)?|pwd|pw|secret_?phrase)\d?$/;
const TOKEN =
  /(^|_)(secrets?|tokens?|api_?keys?|apikeys?|credentials?|bearer|authorization|auth|jwt|pat|session|sid|key_base|license_?key|dsn|psk|[a-z0-9]+_key|key_?secret|secret_?id|key_?data|cookie)(_?(base64|b64|value|prod|test|dev|live|data))?\d?$/;
/** Keys and tokens that are no secret: they name something, count something or belong to the public. */
const NO_SECRET =
  /(^|_)(public|publishable|primary|partition|cache|sort|foreign|host|idempotency|kms|row|index|object|hash|range|dedup\w*|routing|shortcut|hot|group|item|map|lookup|composite|natural|unique|next|page|continuation|starting|sync|pad|eos|bos|unk|mask|cls|sep|num|count|max|min|total|input|output|image|csrf|xsrf|translation|i18n|request)_(key|token)s?$/;

/** @param name of an option, a variable, a header, a field: `--api-key`, `PGPASSWORD`, `X-Api-Key`, `clientSecret` */
export function secrecyOf(name: string): Secrecy | undefined {
  const plain = name
    .replace(/^[-/@]+/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[-.\s]/g, "_")
    .toLowerCase();
  if (plain.length > 80) return undefined;
  if (PASSWORD.test(plain) || /(password|passwd|passphrase)$/.test(plain) || plain === "mysql_pwd")
    return plain === "pwd" || plain === "oldpwd" ? undefined : "password";
  if (NO_SECRET.test(plain)) return undefined;
  return TOKEN.test(plain) || /(token|secret|apikey|authkey|privatekey|secretkey|accesskey)$/.test(plain)
    ? "token"
    : undefined;
}

/** `--ask-pass`, `--no-password`, `--delete-secret-key`: what follows is no secret, but what the program works on. */
export function isSwitch(option: string): boolean {
  return /^--?(?:no|ask|with|use|show|print|hide|skip|disable|enable|prompt|save|store|generate|create|reset|rotate|delete|remove|revoke|export|list|allow|require|force|change|forget|clear)-/.test(
    option,
  );
}

/** Words that stand where a secret would, and are none. */
const PLACEHOLDER =
  /^(?:(?:your|my|the|some|a|an|insert|enter|put|add|example|sample|dummy|fake|placeholder|changeme|change|replace|redacted|hidden|masked|todo|tbd|null|nil|none|undefined|empty|true|false|yes|no|on|off|auto|default|required|optional|enabled|disabled|prompt|ask|stdin|env|file|basic|bearer|digest|always|never|only|all|any|inherit|local|trust|md5|plain|text|string|number|boolean|xxx+|x+|\*+|\.+|-+)(?:$|[\W_]))/i;
/** A reference to where the secret is, not the secret. */
const REFERENCE =
  /^(?:[@%&!]|env:|file:|fd:|op:\/\/|vault:|arn:|secret:|secrets?\.|ssm:|projects\/|process\.env|os\.|keyring|sm:\/\/|https?:|ref\+)/i;
const SHELL = /[\s"'`$<>(){}[\];|&\\,]/;

/** Whether it may be a path or a host, or another word that a person must be able to read. */
export function mustStayReadable(value: string): boolean {
  if (/^[~.]?\.?\//.test(value) || value.startsWith("~") || /^[A-Za-z]:[\\/]/.test(value)) return true;
  if (isHost(value)) return true;
  if (/\.[a-z][a-z0-9]{0,4}$/i.test(value) && !looksMixed(value.replace(/\.[^.]*$/, ""))) return true;
  return value.includes("/") && !isBase64(value);
}

/** `db.internal`, `evil.example:443`, `10.0.0.1`, `module.production.database`. */
function isHost(value: string): boolean {
  return (
    /^(?:[a-z0-9](?:[a-z0-9_-]{0,40})\.)+(?:[a-z][a-z_-]{1,30}|\d{1,3})(?::\d+)?$/i.test(value) &&
    value.length < 100
  );
}

/** Base64 that can be no path: every kind of character, no long run of small letters, few slashes. */
function isBase64(value: string): boolean {
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(value) || value.startsWith("/")) return false;
  const slashes = value.split("/");
  return (
    slashes.length - 1 <= 1 + value.length / 12 &&
    slashes.every(
      (part) => part.length < 4 || looksMixed(part) || !/^[a-z_.-]+$|^[A-Z]?[a-z]+\d*$/.test(part),
    ) &&
    looksMixed(value)
  );
}

/** Small letters, capitals and digits, changing often: no words. */
function looksMixed(value: string): boolean {
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value)) return false;
  return changes(value) >= value.length / 4 && !/[a-z]{9}/.test(value);
}

/** How often the kind of character changes from one to the next. */
function changes(value: string): number {
  let count = 0;
  for (let at = 1; at < value.length; at += 1)
    if (kindOf(value.charCodeAt(at)) !== kindOf(value.charCodeAt(at - 1))) count += 1;
  return count;
}

/** Small letters, capitals, digits, and all else. */
function kindOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return 0;
  if (unit >= 65 && unit <= 90) return 1;
  return unit >= 48 && unit <= 57 ? 2 : 3;
}

const TOKEN_CHARS = /^[\w.~+/=:!%^*-]+$/;
const MAX_VALUE_LENGTH = 16_384;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether it looks as if it was made at random. In front may stand the short mark of who made it: `api-`, `csk-`. */
export function looksRandom(value: string): boolean {
  return isRandom(value) || isRandom(value.replace(/^[a-z]{2,5}[-_]/, ""));
}

function isRandom(value: string): boolean {
  if (UUID.test(value)) return true;
  if (/^(?:0x)?[0-9a-f]{32,}$/i.test(value)) return /\d/.test(value) && /[a-f]/i.test(value);
  if (/^eyJ[\w-]{10,}(?:\.[\w-]*){1,3}\.[\w-]{20,}$/.test(value)) return true;
  if (value.length < 16 || !TOKEN_CHARS.test(value)) return false;
  if (looksMixed(value)) return true;
  // Small letters and digits, as many services make them: no words joined by dashes.
  const digits = value.replace(/\D/g, "").length;
  return (
    value.length >= 20 &&
    !/[-.:/@]/.test(value) &&
    digits >= value.length / 10 &&
    !/[a-z]{8}/i.test(value) &&
    changes(value) >= value.length / 4
  );
}

/** @returns whether a value behind a name of that kind is to be masked */
export function looksSecret(value: string, secrecy: Secrecy): boolean {
  if (
    value.length > MAX_VALUE_LENGTH ||
    SHELL.test(value) ||
    PLACEHOLDER.test(value) ||
    REFERENCE.test(value)
  )
    return false;
  if (mustStayReadable(value)) return false;
  if (secrecy === "token")
    return looksRandom(value) || (value.length >= 12 && TOKEN_CHARS.test(value) && looksMixed(value));
  // A password that is a plain word or a number cannot be told from a setting.
  const isVaried = /\d|[^\w.-]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value.slice(1)));
  return value.length >= 6 && isVaried && /[a-z]/i.test(value);
}

/** Whether what stands where only a password can is one: neither a variable nor a placeholder nor a path. */
export function isGivenPassword(value: string): boolean {
  return (
    value !== "" &&
    value.length <= MAX_VALUE_LENGTH &&
    !/[\s"'`$<>(){}[\];|&\\]/.test(value) &&
    !PLACEHOLDER.test(value) &&
    !REFERENCE.test(value) &&
    !/^[~.]?\.?\//.test(value)
  );
}

/** A credential of an Authorization header: any but a word, a path or a host. */
export function isCredential(value: string): boolean {
  if (PLACEHOLDER.test(value) || mustStayReadable(value)) return false;
  const isSlug = /^[a-z]+(?:[-_.][a-z]*\d{0,3})*$/i.test(value) && !looksMixed(value);
  return (/\d/.test(value) || /[a-z][A-Z]|[A-Z][a-z]/.test(value)) && !isSlug;
}
