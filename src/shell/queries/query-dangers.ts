// What a call hands to a database, and what that deletes or changes there. Finding nothing proves nothing: text in a file, or
// put together by another program, is not seen.
import { type Input, type Invocation, optionsOf } from "../invocation.ts";
import { listed } from "../programs/program.ts";
import { QUERY_CLIENTS, type QueryClient } from "../programs/query-clients.ts";
import type { FoundRisk } from "../risk.ts";
import { type QueryDanger, SQL_DANGERS } from "./sql-dangers.ts";
import { sqlStatements } from "./sql-statements.ts";
import { CLIENT_DANGERS, MONGO_DANGERS, REDIS_DANGERS } from "./text-dangers.ts";

type Language = QueryClient["language"];

const BY_NAME = new Map<string, QueryClient[]>();
for (const row of QUERY_CLIENTS) {
  for (const name of listed(row.names)) BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), row]);
}

/** The dangers of the queries that stand on the command line. */
export function queryDangers(call: Invocation): readonly FoundRisk[] {
  return (BY_NAME.get(call.name) ?? []).flatMap((row) => {
    const { language, on } = row;
    const options = optionsOf(call);
    const operands = options.operands.map(({ text }) => text);
    if (on !== undefined && !`${operands.join(" ")} `.startsWith(`${on} `)) return [];
    const given = options.values(...listed(row.options)).map(({ text }) => text);
    const words = row.operandsFrom === undefined ? [] : operands.slice(row.operandsFrom);
    const texts = [...given, ...(words.length > 0 ? [words.join(" ")] : [])];
    const isFed = row.readsInput === true && texts.length === 0 && !options.has(...listed(row.files));
    return [
      ...texts.flatMap((text) => dangersIn(text, language)),
      ...(isFed && call.input ? dangersOfInput(call.input, language) : []),
    ];
  });
}

function dangersOfInput({ text, flow, fromFile }: Input, language: Language): readonly FoundRisk[] {
  if (text !== undefined) return dangersIn(text, language);
  if (flow.download) return [{ risk: "download-to-shell", says: "pipes a download into a database" }];
  // A file of the disk is not looked into, however it gets here.
  if (fromFile || flow.file) return [];
  return [{ risk: "code-from-text", says: "tells a database what is only known when it runs" }];
}

function dangersIn(text: string, language: Language): readonly FoundRisk[] {
  switch (language) {
    case "sql":
      return [...matching(CLIENT_DANGERS, [text]), ...matching(SQL_DANGERS, sqlStatements(text))];
    case "mongo":
      return matching(MONGO_DANGERS, [text]);
    case "redis":
      return matching(REDIS_DANGERS, [text]);
  }
}

function matching(rows: readonly QueryDanger[], texts: readonly string[]): readonly FoundRisk[] {
  return rows
    .filter(({ is, isNot }) => texts.some((text) => is.test(text) && !isNot?.test(text)))
    .map(({ risk, says }) => ({ risk, says }));
}
