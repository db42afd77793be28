// What was told to Claude Code beforehand: its settings files, and the flags that it was started with. Only read to tell what it
// would not ask about; nothing is ever allowed by it.
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { OwnRules } from "./own-rules.ts";

const list = z.array(z.string()).catch([]).default([]);
const settings = z.object({ permissions: z.object({ allow: list, deny: list }).partial().optional() });

/** Their values are rules, or settings that have some. */
const ALLOW_FLAGS = /^--allowed-?[tT]ools$/;
const DENY_FLAGS = /^--disallowed-?[tT]ools$/;
/** An entry of a list that a comma or a space ends, unless it stands in brackets. */
const ENTRY = /[^\s,()]+(?:\([^)]*\))?/g;

export interface RulePlaces {
  /** Where Claude Code was started, absolute. */
  readonly folder: string;
  /** Files for everybody and for this person, absolute. */
  readonly shared: readonly string[];
  /** The words that Claude Code was started with; undefined where that cannot be seen. */
  readonly words: readonly string[] | undefined;
}

/** @returns undefined where it cannot be told: a file that cannot be read, a process that cannot be looked at */
export async function findRules({ folder, shared, words }: RulePlaces): Promise<OwnRules | undefined> {
  if (words === undefined || words.some((word) => word.startsWith("--dangerously"))) return undefined;
  const named = valuesOf(words, /^--settings$/);
  const files = [
    ...shared,
    join(folder, ".claude/settings.json"),
    join(folder, ".claude/settings.local.json"),
  ];
  const texts = await Promise.all([
    ...files.map(readIfThere),
    ...named.map((value) => (value.trimStart().startsWith("{") ? value : readIfThere(placed(folder, value)))),
  ]);
  const read = texts.map(rulesIn);
  if (read.includes(undefined)) return undefined;
  const entries = (flag: RegExp) => valuesOf(words, flag).flatMap((value) => value.match(ENTRY) ?? []);
  return {
    allow: [...read.flatMap((each) => each?.allow ?? []), ...entries(ALLOW_FLAGS)],
    deny: [...read.flatMap((each) => each?.deny ?? []), ...entries(DENY_FLAGS)],
  };
}

/** What follows a flag, up to the next one. */
function valuesOf(words: readonly string[], flag: RegExp): readonly string[] {
  return words.flatMap((word, at) => {
    const [name = "", ...rest] = word.split("=");
    if (!flag.test(name)) return [];
    if (rest.length > 0) return [rest.join("=")];
    const after = words.slice(at + 1);
    const end = after.findIndex((each) => each.startsWith("-"));
    return end === -1 ? after : after.slice(0, end);
  });
}

const placed = (folder: string, path: string) => (isAbsolute(path) ? path : join(folder, path));

/** @returns undefined where it is not there; unreadable text where it cannot be read */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "?";
  }
}

function rulesIn(text: string | undefined): OwnRules | undefined {
  if (text === undefined || text.trim() === "") return { allow: [], deny: [] };
  try {
    const { permissions } = settings.parse(JSON.parse(text));
    return { allow: permissions?.allow ?? [], deny: permissions?.deny ?? [] };
  } catch {
    return undefined;
  }
}
