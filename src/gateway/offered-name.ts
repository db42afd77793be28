// The names under which other servers' tools are offered: `server__tool`. A name that could be read in two ways, that Claude
// does not take, or that is one of ours is refused.
import { ownToolName } from "../domain/own-tool.ts";

/** Between a server's name and its tool's. */
const BETWEEN = "__";
/** What Claude takes as a tool's name. */
const MAX_CLIENT_NAME = 64;

/** No doubled underscore and none at an edge: then the first `__` of an offered name is where the server's name ends. */
const SERVER_NAME = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/;
const TOOL_NAME = /^[A-Za-z0-9_-]+$/;

/** First parts of names that this server's own tools have, or will have. */
const OURS: ReadonlySet<string> = new Set(["permissions", "scripts", "agent", "approval-server"]);

/** `fs`, `write_file` → `fs__write_file`. */
export function offeredName(server: string, tool: string): string {
  return `${server}${BETWEEN}${tool}`;
}

/** @returns why an entry cannot have this name; undefined where it can */
export function serverNameProblem(name: string): string | undefined {
  if (!SERVER_NAME.test(name))
    return "the name must be letters, digits, - and single _ between them: with __ or an _ at an edge, server__tool could be read in two ways";
  return OURS.has(name.toLowerCase()) ? "the name belongs to the approval server's own tools" : undefined;
}

/** @returns why a tool cannot be offered; undefined where it can */
export function toolNameProblem(server: string, tool: string): string | undefined {
  if (tool.includes("*")) return "a wildcard is not taken: list each tool by its name";
  if (!TOOL_NAME.test(tool)) return "the name must be letters, digits, _ and -: Claude takes no other";
  const name = ownToolName(offeredName(server, tool));
  return name.length > MAX_CLIENT_NAME
    ? `${name} has ${name.length} characters, and Claude takes ${MAX_CLIENT_NAME}: give the entry a shorter name`
    : undefined;
}
