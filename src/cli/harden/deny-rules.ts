// The rules that keep Claude Code's tools off the server: its files, its ports, its commands. Measured with the real CLI
// (test/e2e/harden.test.ts): they also stop cat, cp, sed, redirections, links, globs and variables, and they do not stop a program
// that opens the file itself (node, python, sqlite3) or a text for another shell (bash -c).
import type { Config } from "../../config/config.ts";
import type { ClaudePlaces } from "./claude-settings.ts";
import type { OwnPlace } from "./places.ts";

const LOOPBACK = ["127.0.0.1", "localhost"];
/** They change who decides, or end a panic: nothing for Claude. */
const OWN_COMMANDS = ["resume", "pair", "setup", "policy init", "hooks", "service"];
const FETCHERS = ["curl", "wget"];

export interface DenyRulesInput {
  readonly places: readonly OwnPlace[];
  /** The folder of the settings, where nothing but them is in it: the rule for a folder also stops `cat .e*`, that for a file does not. */
  readonly settingsFolder?: string | undefined;
  readonly claude: ClaudePlaces;
  /** Of the service's file, with a wildcard behind it. */
  readonly serviceFile: string;
  readonly ports: readonly number[];
}

/** As `permissions.deny` of Claude Code's settings has them. */
export function denyRules(input: DenyRulesInput): readonly string[] {
  const { places, settingsFolder, claude, serviceFile, ports } = input;
  const secrets = [
    ...(settingsFolder === undefined ? [] : [`${rulePath(settingsFolder)}/**`]),
    ...withoutCompanions(places.filter(({ kind }) => kind === "secret")),
  ];
  const steering = places.filter(({ kind }) => kind === "steering").map(pattern);
  const edits = [
    ...secrets,
    ...steering,
    rulePath(claude.user),
    rulePath(claude.managed),
    `${rulePath(serviceFile)}*`,
  ];
  return [
    ...secrets.map((path) => `Read(${path})`),
    ...new Set(edits.map((path) => `Edit(${path})`)),
    ...ports.flatMap((port) =>
      FETCHERS.flatMap((program) => LOOPBACK.map((host) => `Bash(${program} *${host}:${port}*)`)),
    ),
    ...LOOPBACK.map((host) => `WebFetch(domain:${host})`),
    ...OWN_COMMANDS.flatMap((command) => [
      `Bash(*approval-server ${command}*)`,
      `Bash(npm run ${command.replace(" ", " -- ")}*)`,
    ]),
  ];
}

/** Those that no rule at hand covers. */
export function missingRules(needed: readonly string[], present: readonly string[]): readonly string[] {
  return needed.filter((rule) => !present.some((other) => covers(other, rule)));
}

/** What a port of the server is reached by from this machine. */
export function portsOf({
  serverPort,
  simulation,
}: Pick<Config, "serverPort" | "simulation">): readonly number[] {
  return [serverPort, ...(simulation === undefined ? [] : [simulation.port])].filter((port) => port > 0);
}

/** The database's companions have its name and more behind it: one rule for all. */
function withoutCompanions(secrets: readonly OwnPlace[]): readonly string[] {
  const patterns = secrets.map(pattern);
  const stems = secrets.filter(({ path }) =>
    secrets.some((other) => other.path !== path && other.path.startsWith(`${path}-`)),
  );
  const isCompanion = (path: string) => stems.some((stem) => path.startsWith(`${rulePath(stem.path)}-`));
  return patterns
    .filter((each) => !isCompanion(each))
    .map((each) => (stems.some((stem) => rulePath(stem.path) === each) ? `${each}*` : each));
}

function pattern({ path, isFolder }: OwnPlace): string {
  return isFolder ? `${rulePath(path)}/**` : rulePath(path);
}

/** An absolute path begins with two slashes; wildcards of its own are escaped. */
function rulePath(path: string): string {
  return `/${path.replaceAll(/[[\]*]/g, "\\$&")}`;
}

/** @returns whether the first one stops all that the second one does, as far as that can be read off their texts */
function covers(present: string, needed: string): boolean {
  if (present === needed) return true;
  const [, tool, specifier = ""] = /^(\w+)\((.*)\)$/s.exec(needed) ?? [];
  if (present === tool || present === `${tool}(*)`) return true;
  const [, otherTool, other = ""] = /^(\w+)\((\/\/.*)\/\*\*\)$/s.exec(present) ?? [];
  return otherTool === tool && other !== "" && specifier.startsWith(`${other}/`);
}

/** As it is pasted into a settings file. */
export function settingsText(rules: readonly string[]): readonly string[] {
  return JSON.stringify({ permissions: { deny: rules } }, null, 2).split("\n");
}
