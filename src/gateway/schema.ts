// The form of gateway.json: that of .mcp.json, with the tools of each server listed. Unknown keys are refused: somebody who
// writes one expects something of it.

import { isAbsolute } from "node:path";
import { z } from "zod";
import { readAs } from "../core/read-as.ts";
import { parsedUrl } from "../domain/parsed-url.ts";
import type { EntryContext, GatewayEntry } from "./entry.ts";
import { fillIn } from "./fill-in.ts";
import { serverNameProblem, toolNameProblem } from "./offered-name.ts";
import { isSameFolder } from "./same-folder.ts";

const DEFAULT_TIMEOUT_SECONDS = 120;
const DEFAULT_RESULT_BYTES = 5_000_000;
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const texts = z.record(z.string(), z.string("must be a text"));
const whole = (from: number, to: number) =>
  z
    .number("must be a number")
    .int("must be a whole number")
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`);

const common = {
  tools: z
    .array(z.string("must be a text"), 'must list the tools to offer: "tools": ["read_file"]')
    .min(1, "must list the tools to offer, by name"),
  timeoutSeconds: whole(1, 3600).default(DEFAULT_TIMEOUT_SECONDS),
  maxResultBytes: whole(1_000, 50_000_000).default(DEFAULT_RESULT_BYTES),
};

const stdio = z.strictObject({
  ...common,
  type: z.literal("stdio").optional(),
  command: z.string("must be a text").min(1, "must not be empty"),
  args: z.array(z.string("must be a text"), "must be a list of texts").default([]),
  env: texts.default({}),
  cwd: z.string("must be a text").min(1, "must not be empty").optional(),
});

const http = z.strictObject({
  ...common,
  type: z.enum(["http", "streamable-http"]),
  url: z.string("must be a text"),
  headers: texts.default({}),
});

const file = z.strictObject({
  mcpServers: z.record(z.string(), z.unknown(), 'must be an object: {"mcpServers": {"name": {…}}}'),
});

export type ReadEntries =
  | { readonly ok: true; readonly entries: readonly GatewayEntry[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Every entry, or every problem at once, each with its entry and key. Never holds a value. */
export function readEntries(json: unknown, context: EntryContext): ReadEntries {
  const parsed = readAs(file, json);
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.map((issue) => issueText([], issue)) };
  const problems: string[] = [];
  const seen = new Map<string, string>();
  const entries = Object.entries(parsed.data.mcpServers).flatMap(([name, value]) => {
    const like = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    const bad =
      like === undefined ? serverNameProblem(name) : `the name differs from ${like} by its case only`;
    if (bad !== undefined) problems.push(`${placeOf(["mcpServers", name])}: ${bad}`);
    const entry = readEntry(name, value, context, problems);
    return entry === undefined ? [] : [entry];
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, entries };
}

function readEntry(
  name: string,
  value: unknown,
  context: EntryContext,
  problems: string[],
): GatewayEntry | undefined {
  const place = ["mcpServers", name];
  const say = (key: readonly (string | number)[], problem: string) =>
    void problems.push(`${placeOf([...place, ...key])}: ${problem}`);
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  if (type === "sse") {
    say(["type"], 'sse is the transport of 2024 and is not taken: use "http" where the server has it');
    return undefined;
  }
  if (type === undefined && typeof value === "object" && value !== null && "url" in value) {
    say(["type"], 'is missing: "http" belongs to a url');
    return undefined;
  }
  const isHttp = type === "http" || type === "streamable-http";
  const parsed = readAs(isHttp ? http : stdio, value);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => issueText(place, issue)));
    return undefined;
  }
  const { data } = parsed;
  const before = problems.length;
  for (const [index, tool] of data.tools.entries()) {
    const problem = data.tools.indexOf(tool) < index ? "is listed twice" : toolNameProblem(name, tool);
    if (problem !== undefined) say(["tools", index], `${JSON.stringify(tool)}: ${problem}`);
  }
  const fill = (key: readonly (string | number)[], text: string) =>
    fillIn(text, context, (problem) => say(key, problem));
  const fillAll = (key: string, given: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(given).map(([each, text]) => [each, fill([key, each], text)]));
  const shared = {
    name,
    tools: data.tools,
    timeoutMs: data.timeoutSeconds * 1000,
    maxResultBytes: data.maxResultBytes,
  };
  const entry: GatewayEntry =
    "url" in data
      ? { ...shared, kind: "http", url: fill(["url"], data.url), headers: fillAll("headers", data.headers) }
      : {
          ...shared,
          kind: "stdio",
          command: fill(["command"], data.command),
          args: data.args.map((arg, index) => fill(["args", index], arg)),
          env: fillAll("env", data.env),
          cwd: data.cwd === undefined ? context.startFolder : fill(["cwd"], data.cwd),
        };
  const wrong = entry.kind === "http" ? urlProblem(entry.url) : folderProblem(entry.cwd, context);
  if (wrong !== undefined && problems.length === before) say([entry.kind === "http" ? "url" : "cwd"], wrong);
  return problems.length === before ? entry : undefined;
}

function urlProblem(text: string): string | undefined {
  if (parsedUrl(text) === undefined) return "must be an address: https://…";
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return "must not hold a password: use headers";
  if (protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname))) return undefined;
  return "must begin with https://; http:// is for this machine only, because anybody in between could read and change it";
}

function folderProblem(cwd: string, { ownFolder }: EntryContext): string | undefined {
  if (!isAbsolute(cwd)) return "must be an absolute path";
  return isSameFolder(cwd, ownFolder)
    ? "is the approval server's own folder: many servers read the .env of the folder that they start in"
    : undefined;
}

function issueText(
  place: readonly (string | number)[],
  issue: { readonly path: readonly PropertyKey[]; readonly message: string },
): string {
  const path = [...place, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  return path.length === 0 ? issue.message : `${placeOf(path)}: ${issue.message}`;
}

/** `mcpServers.fs.tools[0]` */
function placeOf(path: readonly (string | number)[]): string {
  return path
    .map((part) =>
      typeof part === "number"
        ? `[${part}]`
        : /^[\w-]+$/.test(part)
          ? `.${part}`
          : `[${JSON.stringify(part)}]`,
    )
    .join("")
    .replace(/^\./, "");
}
