// Where secrets stand in a shell command. Only what the parser knows to be a value or data is ever masked, and nothing that
// the command uses as a word of its own elsewhere: a program, a path, a host or an operator stays readable.
import { analyse } from "../shell/analyse.ts";
import type { TextPlace } from "../shell/place.ts";
import { findKeyBlocks } from "./key-blocks.ts";
import { dataIn, isValue, SIGNS_OF_ROWS, secretsGiven, wholeValue } from "./secret-arguments.ts";
import type { SecretFinding } from "./secret-findings.ts";
import { secrecyOf } from "./secret-names.ts";
import { findAddresses, findValues, mayRun } from "./secret-values.ts";
import { valuesForOthers } from "./secret-variables.ts";

/** Without any of these no place has a secret but by a token's form: most commands need no further look. */
const MAY_HOLD_SECRET = new RegExp(
  `pass|pwd|pw|token|secret|key|auth|cred|bearer|jwt|pat|session|sid|cookie|psk|dsn|:\\/\\/[^/\\s]*@|(?<![\\w-])(?:${[...new Set(SIGNS_OF_ROWS)].join("|")})\\b`,
  "i",
);

/** @param tokens what is known by its form, anywhere in the text */
export function findInCommand(text: string, tokens: readonly SecretFinding[]): readonly SecretFinding[] {
  if (tokens.length === 0 && !MAY_HOLD_SECRET.test(text)) return [];
  const { extent, places: read } = analyse(text);
  const sorted = [...tokens].sort((a, b) => startOf(a) - startOf(b));
  if (extent !== "whole")
    return withoutWords(
      text,
      tokens.filter((token) => isNamed(text, token)),
      [],
    );
  const places = read();
  const holes = places.filter(({ kind }) => kind === "shown");
  const around = { tokens: sorted, isForOthers: valuesForOthers(text, places) };
  const found = places.flatMap((place) => {
    const secrets = inPlace(place, text, around);
    if (secrets.length === 0) return [];
    const within = holes.filter((hole) => isInside(hole, place));
    return secrets.filter(
      ({ parts }) =>
        !within.some((hole) => parts.some((part) => part.start < hole.end && part.end > hole.start)),
    );
  });
  return withoutWords(text, found, places);
}

interface InCommand {
  readonly tokens: readonly SecretFinding[];
  isForOthers(place: Extract<TextPlace, { kind: "assigned" }>): boolean;
}

function inPlace(
  place: TextPlace,
  text: string,
  { tokens, isForOthers }: InCommand,
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
      return [...inside.filter((token) => isNamed(text, token)), ...here(findValues(value))];
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

/** A token behind a name that says what it is, in a text of which nothing else is known. */
function isNamed(text: string, { parts }: SecretFinding): boolean {
  const at = parts[0]?.start ?? 0;
  const front = text.slice(Math.max(0, at - 80), at);
  const [, variable] = /(?:^|[\s;&|("'])\$?([A-Za-z_]\w*)(?: ?= ?| ?: ?)["']?$/.exec(front) ?? [];
  if (variable !== undefined && mayRun(text).has(variable)) return false;
  if (variable !== undefined && (text.includes(`$${variable}`) || text.includes(`\${${variable}`)))
    return false;
  return /[:"'][ \t]*(?:bearer|basic|token)[ \t]+$|(?:token|key|secret|passw\w*|auth\w*|pat|cred\w*)\\?["']?(?:=|:[ \t]?|[ \t]=[ \t])\\?["']?$/i.test(
    front,
  );
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
  for (const { parts } of found) for (const { start, end } of parts) covered.fill(1, start, end);
  const again: SecretFinding[] = [];
  const shown = new Set<string>();
  for (const { secret, prefixed } of new Map(found.map((finding) => [finding.secret, finding])).values()) {
    if (secret.length < MIN_WORD || secret.length > 4_096) continue;
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
      const part = { start: at, end: at + secret.length };
      if (covered[at] === 1 || /\w/.test(`${text[at - 1] ?? " "}`)) continue;
      if (
        places.some((place) => isInside(part, place) && (place.kind === "text" || place.kind === "assigned"))
      )
        again.push({ secret, parts: [part], prefixed });
      else shown.add(secret);
    }
  }
  return [...found, ...again].filter(({ secret }) => !shown.has(secret));
}

/** @param tokens by their start */
function tokensIn(tokens: readonly SecretFinding[], place: TextPlace): readonly SecretFinding[] {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(tokens[middle]) < place.start) low = middle + 1;
    else high = middle;
  }
  const found: SecretFinding[] = [];
  for (let at = low; at < tokens.length && startOf(tokens[at]) < place.end; at += 1) {
    const token = tokens[at];
    if (token?.parts.every((part) => isInside(part, place))) found.push(token);
  }
  return found;
}

function startOf(token: SecretFinding | undefined): number {
  return token?.parts[0]?.start ?? 0;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function isInside(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

function movedBy(finding: SecretFinding, by: number): SecretFinding {
  return { ...finding, parts: finding.parts.map(({ start, end }) => ({ start: start + by, end: end + by })) };
}
