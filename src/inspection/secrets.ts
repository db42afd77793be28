// Masks secrets by value in what is shown on a phone or kept after a decision. Everything else stays as it is:
// a mask never hides a program, a path, a host or an operator. Same text, same masks; it never throws.
import type { ToolCall } from "../domain/tool-call.ts";
import { isRun } from "../shell/run-files.ts";
import { SHELL_TOOLS } from "../shell/shell-tools.ts";
import { mapStrings, type StringPlace } from "./json-strings.ts";
import { findKeyBlocks } from "./key-blocks.ts";
import { createOwnSecrets } from "./own-secrets.ts";
import { findTokens, type SecretFinding } from "./secret-findings.ts";
import { replaceSecrets, withoutHints } from "./secret-masks.ts";
import { looksRandom } from "./secret-names.ts";
import { findInCommand } from "./secret-places.ts";
import { findValues } from "./secret-values.ts";

interface Checked {
  /** How many different secrets were masked, at however many places. */
  readonly count: number;
  /** False when not everything was looked through: the caller must then say so. What was found is masked anyway. */
  readonly checked: boolean;
  /** Whether one of them is the approval server's own. */
  readonly hasOwn?: true | undefined;
}
interface Masked extends Checked {
  readonly text: string;
}
interface MaskedValue<T> extends Checked {
  readonly value: T;
}
export interface SecretMasker {
  /** Masks one text of which nothing else is known. */
  mask(text: string): Masked;
  /** Masks every string inside a JSON value; keys stay. A secret that appears again in another string counts once. */
  maskValue<T>(value: T): MaskedValue<T>;
  /** Masks the input of a call, by what its fields are: a command is read as the shell reads it, a path stays. */
  maskCall(call: ToolCall): MaskedValue<ToolCall["input"]>;
}

/** How much of one call is looked through. UTF-16 units; an ordinary text of this length takes 30 ms, a hostile one 0.6 s. */
export const MAX_SCANNED_LENGTH = 1_000_000;
/** What a text costs at least, UTF-16 units: a million texts of one letter each take the detectors many seconds. */
const MIN_COST = 20;
/** Up to here a text of no known kind is also read as a command: tools of MCP servers take commands in fields of any name. */
const MAX_GUESSED_COMMAND = 4_096;
// Words that may be a secret seen elsewhere under its name.
const WORD = /eyJ[\w.-]{20,}|[\w+-]{20,}={0,2}/g;
/** Fields that name a file, a folder or a host. */
const PATH_FIELD =
  /(?:^|_)(?:paths?|files?|filename|dir|directory|folder|cwd|host|hostname)$|(?:Path|File|Dir|Host)$/;

/** What a string of a call is. */
type Role = "command" | "path" | "data" | "any";

interface Item {
  readonly role: Role;
  readonly text: string;
}

/**
 * @param maxScannedLength how many UTF-16 units of one text or value are looked through; the rest is not
 * @param ownSecrets the approval server's own, looked for everywhere
 */
export function createSecretMasker(
  maxScannedLength = MAX_SCANNED_LENGTH,
  ownSecrets: readonly string[] = [],
): SecretMasker {
  const own = createOwnSecrets(ownSecrets);

  function maskWith<T>(value: T, roleOf: (place: StringPlace, text: string) => Role): MaskedValue<T> {
    try {
      const items = new Map<string, Item>();
      mapStrings(value, (text, place) => {
        const role = place.isKey ? "path" : roleOf(place, text);
        items.set(role + text, { role, text });
        return text;
      });
      const { masked, ...checked } = maskAll(items);
      const shown = mapStrings(
        value,
        (text, place) => masked.get((place.isKey ? "path" : roleOf(place, text)) + text) ?? text,
      );
      return { value: shown as T, ...checked };
    } catch {
      // Nested too deeply to walk through: shown as it is, and said to be unchecked.
      return { value, count: 0, checked: false };
    }
  }

  function maskAll(
    items: ReadonlyMap<string, Item>,
  ): Checked & { readonly masked: ReadonlyMap<string, string> } {
    const found = new Map<string, { readonly item: Item; readonly findings: readonly SecretFinding[] }>();
    let room = maxScannedLength;
    let checked = true;
    for (const [key, item] of items) {
      const { text, role } = item;
      const head = text.slice(0, Math.max(0, room));
      if (role !== "path") {
        room -= Math.max(head.length, MIN_COST);
        checked &&= head.length === text.length;
      }
      const { findings, complete } = role === "path" || head === "" ? NOTHING : findIn(role, head);
      checked &&= complete;
      found.set(key, { item, findings });
    }
    const named = new Set(
      [...found.values()].flatMap(({ findings }) => findings.map(({ secret }) => secret)).filter(looksRandom),
    );
    const secrets = new Set<string>();
    const masked = new Map<string, string>();
    let hasOwn: true | undefined;
    for (const [key, { item, findings }] of found) {
      const ours = own.find(item.text);
      if (ours.length > 0) hasOwn = true;
      const again = item.role === "data" || item.role === "any" ? repeats(item.text, named) : [];
      masked.set(
        key,
        replaceSecrets(item.text, [...ours, ...withoutHints([...findings, ...again], ours)], secrets),
      );
    }
    return { masked, count: secrets.size, checked, ...(hasOwn && { hasOwn }) };
  }

  const maskValue = <T>(value: T) => maskWith(value, () => "any");
  return {
    mask(text) {
      const { value, ...checked } = maskValue(text);
      return { text: value, ...checked };
    },
    maskValue,
    maskCall({ toolName, input }) {
      const isShell = SHELL_TOOLS.has(toolName);
      const file = input["file_path"];
      const isScript = typeof file === "string" && isRun(file, NO_FILES);
      return maskWith(input, ({ path }, text) => {
        if (isShell && path.length === 1 && path[0] === "command") return "command";
        if (PATH_FIELD.test(path.at(-1) ?? "")) return "path";
        if (isScript || (file !== undefined && startsAsShell(text))) return "command";
        return isShell ? "data" : "any";
      });
    },
  };
}

const NO_FILES: ReadonlySet<string> = new Set();

/** What goes into a file is a shell script. */
function startsAsShell(text: string): boolean {
  return /^#![^\n]{0,100}\b(?:ba|da|k|z|a)?sh\b/.test(text);
}

const NOTHING = { findings: [], complete: true };

function findIn(
  role: Role,
  text: string,
): { readonly findings: readonly SecretFinding[]; readonly complete: boolean } {
  const { findings: tokens, complete } = findTokens(text);
  if (role === "command") return { findings: findInCommand(text, tokens), complete };
  const isCommand = role === "any" && text.length <= MAX_GUESSED_COMMAND && /\s-/.test(text);
  const findings = [
    ...tokens,
    ...findValues(text),
    ...findKeyBlocks(text),
    ...(isCommand ? findInCommand(text, []) : []),
  ];
  return { findings, complete };
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
