// `npm run gateway -- check`: looks at every server of gateway.json as the gateway would. Changes nothing and calls no tool.
import { resolve } from "node:path";
import { parseConfig } from "../../config/config.ts";
import { count } from "../../domain/names.ts";
import { visibleLine } from "../../domain/visible.ts";
import type { EntryReport } from "../../gateway/check-entry.ts";
import { type Definition, readDefinition } from "../../gateway/definition.ts";
import type { GatewayEntry } from "../../gateway/entry.ts";
import { readGatewayFile } from "../../gateway/read-gateway-file.ts";
import { entryContext, gatewayFilePath } from "../../server/gateway.ts";
import { packageVersion } from "../../server/system.ts";
import { openRecordReader } from "../../store/record-reader.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint } from "../paint.ts";
import { sayProblems } from "../policy/check.ts";
import { readSettings } from "../settings.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, refused() {} };

export async function gateway({ options }: CommandInput, context: CommandContext): Promise<number> {
  const env = await readSettings(context);
  const config = parseConfig(env, context.home);
  const path = gatewayFilePath(config, context.home.folder);
  const file = readGatewayFile(path, entryContext(config, context.home, env));
  const problems =
    file.kind === "none"
      ? [`${path} does not exist`]
      : file.kind === "bad"
        ? file.problems.map(visibleLine)
        : [];
  const known = knownTools(resolve(context.home.folder, config.databasePath));
  const entries = file.kind === "good" ? file.entries : [];
  // Loaded only here: the client of MCP is large.
  const { checkEntry } = await import("../../gateway/check-entry.ts");
  const { send, clock } = context;
  const noteRun = () => () => {};
  const deps = { env, send, noteRun, clock, log: SILENT, version: packageVersion() };
  const servers = await Promise.all(
    entries.map((entry) => checkEntry(entry, deps, (tool) => known(entry.name, tool))),
  );
  const openMode = file.kind === "good" ? file.openMode : undefined;
  const open = openMode === undefined ? [] : [`other users of this machine may read it: run chmod 600 on it`];
  const all = [...problems, ...open];
  const isOk = all.length === 0 && servers.every(isInOrder);
  if (options["json"]) {
    context.out(`${JSON.stringify({ ok: isOk, path, problems: all, servers: servers.map(shown) })}\n`);
  } else sayAll(path, all, servers.map(shown), context);
  return isOk ? EXIT.ok : EXIT.failed;
}

/** "2 servers, 5 tools" */
export function entriesText(entries: readonly GatewayEntry[]): string {
  const tools = entries.reduce((sum, entry) => sum + entry.tools.length, 0);
  return `${count(entries.length, "server")}, ${count(tools, "tool")}`;
}

/** What the server has seen so far; nothing where it has no record that can be read. */
function knownTools(databasePath: string): (server: string, tool: string) => Definition | undefined {
  try {
    const reader = openRecordReader(databasePath);
    try {
      const rows = reader.gatewayTools();
      return (server, tool) => {
        const row = rows.find((each) => each.server === server && each.tool === tool);
        return row === undefined ? undefined : readDefinition(JSON.parse(row.definition));
      };
    } finally {
      reader.close();
    }
  } catch {
    return () => undefined;
  }
}

function isInOrder({ problem, missing, changed }: EntryReport): boolean {
  return problem === undefined && missing.length === 0 && changed.length === 0;
}

/** Names and words of a server are foreign. */
function shown(report: EntryReport): EntryReport {
  const { lastWords } = report;
  return {
    ...report,
    has: report.has.map(visibleLine),
    ...(lastWords === undefined ? {} : { lastWords: visibleLine(lastWords) }),
  };
}

function sayAll(
  path: string,
  problems: readonly string[],
  servers: readonly EntryReport[],
  context: CommandContext,
): void {
  const { out, err, colours } = context;
  const [ok, bad] = [createPaint(colours.out)("green", "✓"), createPaint(colours.err)("red", "✗")];
  sayProblems(problems, context, path);
  for (const { name, problem, lastWords, has, offered, missing, changed } of servers) {
    if (problem !== undefined) {
      err(`${bad} ${name}: ${problem}\n`);
      if (lastWords !== undefined) err(`    it said: ${lastWords}\n`);
      continue;
    }
    out(`${ok} ${name}: ${count(offered.length, "tool")} offered of ${has.length}\n`);
    for (const tool of offered) out(`    ${tool}\n`);
    const others = has.filter((tool) => !offered.includes(`${name}__${tool}`));
    if (others.length > 0) out(`    not listed in "tools": ${others.join(", ")}\n`);
    for (const tool of missing) err(`${bad} ${name}: has no tool ${tool}, which "tools" lists\n`);
    for (const { tool, parts } of changed)
      err(`${bad} ${name}: has changed the ${parts.join(", ")} of ${tool}: the next call asks a person\n`);
  }
}
