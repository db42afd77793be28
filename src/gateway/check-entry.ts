// Looks at one server as the gateway would: starts it, lists what it has, and ends it. Calls none of its tools.
import { type ConnectionDeps, connect, wordsOf } from "./connection.ts";
import { changesOf, type Definition } from "./definition.ts";
import type { GatewayEntry } from "./entry.ts";
import { offeredName } from "./offered-name.ts";

export interface EntryReport {
  readonly name: string;
  readonly kind: GatewayEntry["kind"];
  /** Why it cannot be used at all; words of ours. */
  readonly problem?: string | undefined;
  /** What its process said last, where it cannot be used: foreign text. */
  readonly lastWords?: string | undefined;
  /** What the server has, listed or not: foreign names. */
  readonly has: readonly string[];
  /** `fs__read_file`: what is offered to clients. */
  readonly offered: readonly string[];
  /** Listed, and not there. */
  readonly missing: readonly string[];
  /** What its server has changed since a person has seen it last; the next call asks. */
  readonly changed: readonly { readonly tool: string; readonly parts: readonly string[] }[];
}

/** @param known what was known of a tool before; undefined where it was never seen */
export async function checkEntry(
  entry: GatewayEntry,
  deps: Omit<ConnectionDeps, "onToolsChanged">,
  known: (tool: string) => Definition | undefined,
): Promise<EntryReport> {
  const { name, kind, tools } = entry;
  const none = { name, kind, has: [], offered: [], missing: [], changed: [] };
  let said = "";
  const onLastWords = (words: string) => {
    said = words;
  };
  try {
    const connection = await connect(entry, { ...deps, onToolsChanged: () => {}, onLastWords });
    try {
      const has = await connection.tools();
      const there = tools.flatMap((tool) => has.get(tool) ?? []);
      return {
        ...none,
        has: [...has.keys()],
        offered: there.map((definition) => offeredName(name, definition.name)),
        missing: tools.filter((tool) => !has.has(tool)),
        changed: there.flatMap((definition) => {
          const before = known(definition.name);
          const parts = before === undefined ? [] : changesOf(before, definition).map(({ part }) => part);
          return parts.length === 0 ? [] : [{ tool: definition.name, parts }];
        }),
      };
    } finally {
      await connection.close().catch(() => {});
    }
  } catch (error) {
    return { ...none, problem: wordsOf(error), ...(said === "" ? {} : { lastWords: said }) };
  }
}
