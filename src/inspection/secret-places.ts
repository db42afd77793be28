// Where secrets stand in a shell command. Only what the parser knows to be a value or data is ever masked, and nothing that
// the command uses as a word of its own elsewhere: a program, a path, a host or an operator stays readable.
import { analyse } from "../shell/analyse.ts";
import { createOccurrences } from "../shell/occurrences.ts";
import type { TextPlace, TextSpan } from "../shell/place.ts";
import { findKeyBlocks } from "./key-blocks.ts";
import { dataIn, isValue, SIGNS_OF_ROWS, secretsGiven, wholeValue } from "./secret-arguments.ts";
import type { SecretFinding } from "./secret-findings.ts";
import { secrecyOf } from "./secret-names.ts";
import { findAddresses, findValues, mayRun } from "./secret-values.ts";
import { valuesForOthers } from "./secret-variables.ts";
import { createCover, createOverlap, firstFrom } from "./spans.ts";
import { usesIn } from "./used-names.ts";

/** Without any of these no place has a secret but by a token's form: most commands need no further look. */
const MAY_HOLD_SECRET = new RegExp(
  `pass|pwd|pw|token|secret|key|auth|cred|bearer|jwt|pat|session|sid|cookie|psk|dsn|:\\/\\/[^/\\s]*@|(?<![\\w-])(?:${[...new Set(SIGNS_OF_ROWS)].join("|")})\\b`,
  "i",
);

/** @param tokens what is known by its form, anywhere in the text */
export function findInCommand(text: string, tokens: readonly SecretFinding[]): readonly SecretFinding[] {
  if (tokens.length === 0 && !MAY_HOLD_SECRET.test(text)) return [];
  const { extent, places: read } = analyse(text);
  const isNamed = namesIn(text);
  if (extent !== "whole") return withoutWords(text, tokens.filter(isNamed), []);
  const sorted = tokens
    .map((token) => ({ token, start: startOf(token), end: startOf(token) }))
    .sort((a, b) => a.start - b.start);
  const places = read();
  const holes = places.filter(({ kind }) => kind === "shown").sort((a, b) => a.start - b.start);
  const around = { tokens: sorted, isNamed, isForOthers: valuesForOthers(text, places) };
  const found = places.flatMap((place) => {
    const secrets = inPlace(place, text, around);
    if (secrets.length === 0) return [];
    const inside = holes.slice(firstFrom(holes, place.start), firstFrom(holes, place.end));
    const isInHole = createOverlap(inside.filter((hole) => isInside(hole, place)));
    return secrets.filter(({ parts }) => !parts.some(isInHole));
  });
  return withoutWords(text, found, places);
}

interface InCommand {
  /** By their start. */
  readonly tokens: readonly (TextSpan & { readonly token: SecretFinding })[];
  isNamed(token: SecretFinding): boolean;
  isForOthers(place: Extract<TextPlace, { kind: "assigned" }>): boolean;
}

function inPlace(
  place: TextPlace,
  text: string,
  { tokens, isNamed, isForOthers }: InCommand,
): readonly SecretFinding[] {
  const value = text.slice(place.start, place.end);
  const inside = tokensIn(tokens, place);
  const here = (findings: readonly SecretFinding[]) =>
    findings.map((finding) => movedBy(finding, place.start));
  /** The costly question comes last. */
  const whenForOthers = (find: () => readonly SecretFinding[]) => {
    const secrets = find();
    return secrets.length > 0 && place.kind === "assigned" && isForOthers(place) ? secrets : [];
  };
  switch (place.kind) {
    case "text":
      return [...inside, ...here([...findValues(value), ...findKeyBlocks(value)])];
    case "foreign":
      return [...inside.filter(isNamed), ...here(findValues(value))];
    case "assigned":
      return [
        ...here(findAddresses(value)),
        ...whenForOthers(() => [
          ...inside,
          ...here([...wholeValue(value, secrecyOf(place.name)), ...dataIn(value)]),
        ]),
      ];
    case "option":
    case "operand":
      return [...here(secretsGiven(place, value)), ...inside.filter((token) => isValue(place, value, token))];
    case "shown":
      return [];
  }
}

/** @returns of a token whether it stands behind a name that says what it is, in a text of which nothing else is known */
function namesIn(text: string): (token: SecretFinding) => boolean {
  // Of the whole text, for all its tokens.
  let again: ReadonlySet<string> | undefined;
  let used: ((name: string) => boolean) | undefined;
  return ({ parts }) => {
    const at = parts[0]?.start ?? 0;
    const front = text.slice(Math.max(0, at - 80), at);
    const [, variable] = /(?:^|[\s;&|("'])\$?([A-Za-z_]\w*)(?: ?= ?| ?: ?)["']?$/.exec(front) ?? [];
    if (variable !== undefined) {
      again ??= mayRun(text);
      used ??= usesIn(text);
      if (again.has(variable) || used(variable)) return false;
    }
    return /[:"'][ \t]*(?:bearer|basic|token)[ \t]+$|(?:token|key|secret|passw\w*|auth\w*|pat|cred\w*)\\?["']?(?:=|:[ \t]?|[ \t]=[ \t])\\?["']?$/i.test(
      front,
    );
  };
}

/** From this length on, a secret that also stands elsewhere is looked for there. */
const MIN_WORD = 8;

/**
 * Leaves out what the text also has as a word that stays readable: nothing would be hidden, and the count would say so.
 * In data it is masked there as well.
 */
function withoutWords(
  text: string,
  found: readonly SecretFinding[],
  places: readonly TextPlace[],
): readonly SecretFinding[] {
  const covered = new Uint8Array(text.length);
  const { placesOf } = createOccurrences(text);
  const isData = createCover(places.filter(({ kind }) => kind === "text" || kind === "assigned"));
  for (const { parts } of found) for (const { start, end } of parts) covered.fill(1, start, end);
  const again: SecretFinding[] = [];
  const shown = new Set<string>();
  for (const { secret, prefixed } of new Map(found.map((finding) => [finding.secret, finding])).values()) {
    if (secret.length < MIN_WORD || secret.length > 4_096) continue;
    for (const start of placesOf(secret)) {
      const part = { start, end: start + secret.length };
      if (covered[start] === 1 || /\w/.test(`${text[start - 1] ?? " "}`)) continue;
      if (isData(part)) again.push({ secret, parts: [part], prefixed });
      else shown.add(secret);
    }
  }
  return [...found, ...again].filter(({ secret }) => !shown.has(secret));
}

function tokensIn(tokens: InCommand["tokens"], place: TextPlace): readonly SecretFinding[] {
  return tokens
    .slice(firstFrom(tokens, place.start), firstFrom(tokens, place.end))
    .flatMap(({ token }) => (token.parts.every((part) => isInside(part, place)) ? [token] : []));
}

function startOf({ parts }: SecretFinding): number {
  return parts[0]?.start ?? 0;
}

function isInside(inner: TextSpan, outer: TextSpan): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

function movedBy(finding: SecretFinding, by: number): SecretFinding {
  return { ...finding, parts: finding.parts.map(({ start, end }) => ({ start: start + by, end: end + by })) };
}
