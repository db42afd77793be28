// Masks secrets by value in what is shown on a phone or kept after a decision. Everything else stays as it is:
// a mask never hides a program, a path, a host or an operator. Same text, same masks; it never throws.
import { findSecrets, looksRandom, type SecretFinding } from "./secret-findings.ts";

interface Checked {
  /** How many different secrets were masked, at however many places. */
  readonly count: number;
  /** False when not everything was looked through: the caller must then say so. What was found is masked anyway. */
  readonly checked: boolean;
}
interface Masked extends Checked {
  readonly text: string;
}
interface MaskedValue<T> extends Checked {
  readonly value: T;
}
export interface SecretMasker {
  /** Masks one text. */
  mask(text: string): Masked;
  /** Masks every string inside a JSON value; keys stay. A secret that appears again in another string counts once. */
  maskValue<T>(value: T): MaskedValue<T>;
}

/** How much of one call is looked through. UTF-16 units; an ordinary text of this length takes 15 ms, a hostile one 0.6 s. */
export const MAX_SCANNED_LENGTH = 1_000_000;
/** What a text costs at least, UTF-16 units: a million texts of one letter each take the detectors many seconds. */
const MIN_COST = 20;
// Below this length the first characters would give away too much.
const MIN_LENGTH_FOR_HINT = 16;
const HINT = /^[A-Za-z0-9-]{1,4}/;
// Words that may be a secret seen elsewhere under its name.
const WORD = /eyJ[\w.-]{20,}|[\w+-]{20,}={0,2}/g;

/** @param maxScannedLength how many UTF-16 units of one text or value are looked through; the rest is not. */
export function createSecretMasker(maxScannedLength = MAX_SCANNED_LENGTH): SecretMasker {
  function maskValue<T>(value: T): MaskedValue<T> {
    try {
      const texts: string[] = [];
      mapStrings(value, (text) => {
        texts.push(text);
        return text;
      });
      const { masked, count, checked } = maskAll(texts, maxScannedLength);
      return { value: mapStrings(value, (text) => masked.get(text) ?? text) as T, count, checked };
    } catch {
      // Nested too deeply to walk through: shown as it is, and said to be unchecked.
      return { value, count: 0, checked: false };
    }
  }
  return {
    mask(text) {
      const { value, count, checked } = maskValue(text);
      return { text: value, count, checked };
    },
    maskValue,
  };
}

function maskAll(texts: readonly string[], maxScannedLength: number) {
  const found = new Map<string, SecretFinding[]>();
  let room = maxScannedLength;
  let checked = true;
  for (const text of new Set(texts)) {
    if (room <= 0) {
      checked &&= text === "";
      continue;
    }
    const head = text.slice(0, room);
    room -= Math.max(head.length, MIN_COST);
    const { findings, complete } = findSecrets(head);
    found.set(text, [...findings]);
    checked &&= complete && head.length === text.length;
  }
  const all = [...found.values()].flat().map(({ secret }) => secret);
  const named = new Set(all.filter(looksRandom));
  const secrets = new Set<string>();
  const masked = new Map<string, string>();
  for (const [text, findings] of found) {
    masked.set(text, replace(text, [...findings, ...repeats(text, named)], secrets));
  }
  return { masked, count: secrets.size, checked };
}

/** Where secrets stand that were recognised elsewhere by the name in front of them. */
function repeats(text: string, named: ReadonlySet<string>): SecretFinding[] {
  if (named.size === 0) return [];
  return [...text.matchAll(WORD)]
    .filter(([word]) => named.has(word))
    .map(({ 0: secret, index }) => ({
      secret,
      parts: [{ start: index, end: index + secret.length }],
      prefixed: true,
    }));
}

/** Puts the masks in and adds to `secrets` what they stand for. Findings that overlap share the first one's mask. */
function replace(text: string, findings: readonly SecretFinding[], secrets: Set<string>): string {
  const places = findings
    .flatMap(({ parts, secret, prefixed }) => parts.map((part) => ({ ...part, secret, prefixed })))
    .sort((a, b) => a.start - b.start || b.end - a.end || Number(b.prefixed) - Number(a.prefixed));
  let shown = "";
  let done = 0;
  for (const { start, end, secret, prefixed } of places) {
    if (start >= done) {
      shown += text.slice(done, start) + maskOf(prefixed ? text.slice(start, end) : "");
      secrets.add(secret);
    }
    done = Math.max(done, end);
  }
  return shown + text.slice(done);
}

/** What stands in a secret's place: `[secret ghp…]`. Holds nothing that WhatsApp renders. */
function maskOf(secret: string): string {
  const hint = secret.length < MIN_LENGTH_FOR_HINT ? undefined : HINT.exec(secret)?.[0];
  return hint === undefined ? "[secret]" : `[secret ${hint}…]`;
}

/** A copy of a JSON value with every string but the keys replaced. */
function mapStrings(value: unknown, replaced: (text: string) => string): unknown {
  if (typeof value === "string") return replaced(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, replaced));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, replaced)]));
}
