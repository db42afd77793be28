// Secrets in the options and operands of a command: by what the tables know of the program, by the option's name, and by what
// stands in the value.
import type { TextPlace } from "../shell/place.ts";
import { findKeyBlocks } from "./key-blocks.ts";
import type { SecretFinding } from "./secret-findings.ts";
import {
  isGivenPassword,
  isSwitch,
  looksSecret,
  mustStayReadable,
  type Secrecy,
  secrecyOf,
} from "./secret-names.ts";
import { NO_VALUE, SECRET_PLACES, type SecretPlace } from "./secret-options.ts";
import { findAddresses, findValues } from "./secret-values.ts";
import { isHeaderOption } from "./secret-variables.ts";

type GivenPlace = Extract<TextPlace, { kind: "option" | "operand" }>;

/** What an option or an operand holds, by the program's rows, by the option's name, and by what stands in it. */
export function secretsGiven(place: GivenPlace, value: string): readonly SecretFinding[] {
  const byRow = rowsFor(place).flatMap(({ behind, operand }) => {
    const start = behind === undefined ? 0 : value.indexOf(behind) + behind.length;
    if (behind !== undefined && !value.includes(behind)) return [];
    const secret = value.slice(start);
    const isCommand = place.before.some((word) => word.startsWith("alias."));
    const mayBeName =
      operand !== undefined && (isCommand || mustStayReadable(secret) || /=|^[a-z-]+$/.test(secret));
    return isGivenPassword(secret) && !mayBeName ? [one(secret, start)] : [];
  });
  if (place.kind === "option" && place.attached) return byRow;
  const named = place.kind === "option" && takesValue(place) ? wholeValue(value, secrecyOf(place.name)) : [];
  // A setting, `NAME=value`, is no file; nor is what stands in an option and has more in it than one word.
  const isData = place.kind === "option" || /^[\w.@:/-]*:?[\w.-]+[=:][^=]/.test(value);
  const values = isData && !runsText(place) ? dataIn(value) : [];
  return [...byRow, ...named, ...findAddressesOf(place, value), ...values];
}

/** Whether what follows an option is its value. */
function takesValue({ program, name, before }: Extract<TextPlace, { kind: "option" }>): boolean {
  const isOwnWord = before.at(-1) === name;
  return !isOwnWord || !(isSwitch(name) || NO_VALUE_OF.get(program)?.includes(name));
}

const NO_VALUE_OF: ReadonlyMap<string, readonly string[]> = new Map(
  NO_VALUE.flatMap(({ programs, options }) =>
    programs.split(" ").map((program) => [program, options.split(" ")] as const),
  ),
);

/** Programs whose words are patterns, not addresses. */
const EDITORS = new Set("sed gsed awk gawk mawk perl ed ex vim vi nvim tr find fd rename".split(" "));

function runsText({ program }: GivenPlace): boolean {
  return EDITORS.has(program);
}

function findAddressesOf(place: GivenPlace, value: string): readonly SecretFinding[] {
  return runsText(place) ? [] : findAddresses(value);
}

export function dataIn(value: string): readonly SecretFinding[] {
  return [...findValues(value), ...findKeyBlocks(value)];
}

export function wholeValue(value: string, secrecy: Secrecy | undefined): readonly SecretFinding[] {
  return secrecy !== undefined && looksSecret(value, secrecy) ? [one(value, 0)] : [];
}

/** Whether a token is a value there, and not the file or the program that a program is told of. */
export function isValue(place: GivenPlace, value: string, token: SecretFinding): boolean {
  if (runsText(place)) return false;
  const start = (token.parts[0]?.start ?? 0) - place.start;
  const front = value.slice(0, start);
  if (/^["']?[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value)) return true;
  const isNamedOption =
    place.kind === "option" && !place.attached && SECRET_OPTION.test(place.name) && takesValue(place);
  const isKnown = rowsFor(place).length > 0;
  if (front === "") return isNamedOption || isKnown;
  if (place.kind === "option" && isHeaderOption(place.name)) return /^[\w-]{1,60}:/.test(front);
  if (place.kind === "option" && DATA_OPTIONS.has(place.name))
    return /[=:] ?\\?["']?(?:https:\/\/[\w./@-]*)?$/.test(front);
  return (
    isNamedOption ||
    /(?:key|token|secret|pass\w*|auth\w*|pat|cred\w*|jwt)\\?["']?[=:] ?\\?["']?$/i.test(front)
  );
}

/** Behind these a token of a known form is one, and no file; more than `secrecyOf` says, which judges values of any form. */
const SECRET_OPTION = /(?:key|token|secret|pass\w*|auth\w*|cred\w*|pat|jwt|bearer|login)$/i;

/** Options whose value is data that goes elsewhere, whatever is in it. */
const DATA_OPTIONS = new Set(
  (
    "-d --data --data-raw --data-binary --data-ascii --data-urlencode --json --form-string --body --body-data --post-data " +
    "--raw-field --field -m --message -e --env --build-arg --set --set-string --from-literal -var --var -b --cookie"
  ).split(" "),
);

/** The rows by program, read once. */
const ROWS = new Map<string, Row[]>();
interface Row extends Pick<SecretPlace, "behind" | "attached"> {
  readonly options: ReadonlySet<string>;
  readonly after: readonly string[];
  readonly operand: readonly string[] | undefined;
}
for (const { programs, options = "", after, operand, ...row } of SECRET_PLACES) {
  const listed = {
    ...row,
    options: new Set(options.split(" ")),
    after: after?.split(" ") ?? [],
    operand: operand?.split(" "),
  };
  for (const program of programs.split(" ")) ROWS.set(program, [...(ROWS.get(program) ?? []), listed]);
}
/** Of each row, words of which a command has one where the row applies: programs are many, and most of their calls hold no secret. */
export const SIGNS_OF_ROWS: readonly string[] = SECRET_PLACES.flatMap(({ programs, after, operand }) => {
  if (after !== undefined) return after.split(" ");
  const named = operand?.split(" ").filter((word) => !word.startsWith("*")) ?? [];
  return named.slice(-1).length > 0 ? named.slice(-1) : programs.split(" ");
});

function rowsFor(place: GivenPlace): readonly Row[] {
  return (ROWS.get(place.program) ?? []).filter((row) => isAbout(row, place));
}

function isAbout({ options, attached, after, operand }: Row, place: GivenPlace): boolean {
  const { before } = place;
  if (place.kind === "operand") {
    const last = operand === undefined ? [] : before.slice(-operand.length);
    return (
      last.length > 0 &&
      last.length === operand?.length &&
      last.every((word, at) => isLike(word, operand[at] ?? ""))
    );
  }
  if (place.attached ? attached === undefined : attached === "only") return false;
  if (!options.has(place.name)) return false;
  const firstOption = before.findIndex((word) => word.startsWith("-"));
  const subcommands = before.slice(0, firstOption < 0 ? before.length : firstOption);
  return after.length === 0 || after.some((word) => subcommands.includes(word));
}

function isLike(word: string, wanted: string): boolean {
  if (!wanted.includes("*")) return word === wanted;
  const [start = "", end = ""] = wanted.split("*");
  return word.startsWith(start) && word.endsWith(end);
}

function one(secret: string, start: number): SecretFinding {
  return { secret, parts: [{ start, end: start + secret.length }], prefixed: false };
}
