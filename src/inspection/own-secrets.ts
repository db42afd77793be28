// The approval server's own secrets in a call: by exact value, whatever stands around them, and as a call may spell them:
// in JSON, in an address, in base64 or hexadecimal, or split by quotes.
import type { SecretFinding } from "./secret-findings.ts";
import { createSieve } from "./sieve.ts";

export interface OwnSecrets {
  /** Every place of one of them. */
  find(text: string): readonly SecretFinding[];
}

/** A shorter value would be found in ordinary words. UTF-16 units. */
const MIN_LENGTH = 8;

/** @param secrets exact values; short ones are left out */
export function createOwnSecrets(secrets: readonly string[]): OwnSecrets {
  const own = [...new Set(secrets)].filter((secret) => secret.length >= MIN_LENGTH);
  const forms = own.map((secret) => ({ secret, spelled: spellings(secret) }));
  const spelledIn = createSieve(forms.flatMap(({ spelled }) => [...spelled]));
  const joinedIn = createSieve(own);
  return {
    find(text) {
      const spelledHere = spelledIn(text);
      const hasJoints = own.length > 0 && JOINTS.test(text);
      const joinedHere = hasJoints ? joinedIn(text.replaceAll(JOINTS_ALL, "")) : NONE;
      if (spelledHere.size + joinedHere.size === 0) return [];
      const joined = joinedHere.size === 0 ? undefined : withoutJoints(text);
      return forms.flatMap(({ secret, spelled }) => [
        ...[...spelled]
          .filter((form) => spelledHere.has(form))
          .flatMap((form) => placesOfForm(text, form).map((part) => finding(secret, part))),
        ...(joined === undefined || !joinedHere.has(secret)
          ? []
          : placesOfForm(joined.text, secret).map(({ start, end }) =>
              finding(secret, { start: joined.at(start), end: joined.at(end - 1) + 1 }),
            )),
      ]);
    },
  };
}

const NONE: ReadonlySet<string> = new Set();
const JOINTS = /[\s"'`\\+]/;
const JOINTS_ALL = /[\s"'`\\+]+/g;

interface FormPlace {
  readonly start: number;
  readonly end: number;
}

function finding(secret: string, part: FormPlace): SecretFinding {
  return { secret, parts: [part], prefixed: false };
}

function placesOfForm(text: string, form: string): readonly FormPlace[] {
  const places: FormPlace[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
    places.push({ start: at, end: at + form.length });
  return places;
}

function spellings(secret: string): ReadonlySet<string> {
  const json = JSON.stringify(secret).slice(1, -1);
  const address = encodeURIComponent(secret);
  const hex = Buffer.from(secret).toString("hex");
  return new Set([
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    address,
    address.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encodeURIComponent(address),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((shift) => base64At(secret, shift)),
  ]);
}

/** What base64 makes of the secret behind so many other bytes, without the characters that these have a part in. */
function base64At(secret: string, shift: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
  const whole = Math.floor((bytes.length * 8) / 6);
  const core = bytes.toString("base64").slice(Math.ceil((shift * 8) / 6), whole);
  return [core, core.replace(/\+/g, "-").replace(/\//g, "_")];
}

/** The text without quotes, backslashes, plus signs and white space; undefined where there are none. */
function withoutJoints(text: string): { readonly text: string; at(index: number): number } | undefined {
  const kept: number[] = [];
  let joined = "";
  for (const { 0: run, index } of text.matchAll(/[^\s"'`\\+]+/g)) {
    for (let at = 0; at < run.length; at += 1) kept.push(index + at);
    joined += run;
  }
  return joined.length === text.length
    ? undefined
    : { text: joined, at: (index) => kept[index] ?? text.length };
}
