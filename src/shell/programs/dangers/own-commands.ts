// Dangers of the approval server's own commands: those that change what is asked about, who is asked, and whether anybody is. An
// agent that calls one changes what it may do. Where they are called by npm, their folder is not known here: what is said fits
// every program that has such a command.
import type { Invocation } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const DECIDES = { risk: "weaken-protection" } as const;
const OWN = "approval-server whatsapp-approval-server";
const PACKAGE_RUNNERS = "npm pnpm yarn bun";
/** The program as a file that an interpreter is given. */
const OWN_FILE = /(^|\/)(whatsapp-)?approval-server(\.js)?$/;

interface OwnCommand {
  readonly says: string;
  /** As `on` of a danger. */
  readonly words: string;
  /** Whether scripts of a project are hardly ever called so. */
  readonly isOurs?: true;
  readonly options?: string;
  readonly unless?: (call: Invocation) => boolean;
}

const OWN_COMMANDS: readonly OwnCommand[] = [
  {
    says: "runs what can change what the approval server asks about",
    words: "policy init",
    isOurs: true,
    unless: onlyPrints,
  },
  {
    says: "runs what can change which calls the approval server hears of",
    words: "hooks install, hooks uninstall",
    isOurs: true,
  },
  {
    says: "runs what can start, stop or remove the approval server",
    words: "service install, service uninstall",
    isOurs: true,
    unless: onlyPrints,
  },
  { says: "runs what can end a pause or a panic", words: "resume", isOurs: true },
  { says: "runs what can let another chat approve", words: "pair", isOurs: true, unless: onlyLists },
  { says: "runs what can change who is asked for approval", words: "setup, setup-template" },
  { says: "runs what can change settings of the approval server", words: "doctor", options: "--fix" },
  { says: "starts another approval server", words: "start" },
  {
    says: "runs what can delete from the approval server's record",
    words: "purge",
    isOurs: true,
    unless: onlyTells,
  },
  { says: "copies the approval server's record, with the secrets in it", words: "backup" },
];

/** What has Claude Code ask is a plugin, a server or a setting of its own. */
const CLAUDE_DANGERS: readonly Danger[] = [
  {
    ...DECIDES,
    says: "changes the plugins, servers or settings of Claude Code",
    programs: "claude",
    on: /^(plugins? (\w+ )?(install|i|uninstall|remove|rm|disable|enable|update|add)|mcp (add\S*|remove|reset\S*)|config (set|add|remove|rm))( |$)/,
  },
];

const OWN_DANGERS = OWN_COMMANDS.flatMap(({ says, words, isOurs, options, unless }): Danger[] => {
  const when = unless && ((call: Invocation) => !unless(call));
  const row = { ...DECIDES, says, ...(options && { options }), ...(when && { when }) };
  return [
    { ...row, programs: OWN, on: words },
    {
      ...row,
      programs: "node tsx bun",
      on: new RegExp(
        `^(run )?\\S*?${OWN_FILE.source.replace("$", "")} (${words.replaceAll(", ", "|")})( |$)`,
      ),
    },
    { ...row, programs: "node tsx bun", on: ownScript(words) },
    ...(isOurs ? [{ ...row, programs: PACKAGE_RUNNERS, on: scriptsOf(words) }] : []),
  ];
});

/** `node bin/npm.js policy init`, and the script that it starts: `node dist/scripts/policy.js init`. */
function ownScript(words: string): RegExp {
  const all = words.split(", ");
  const scripts = all.map((each) => each.replace(/^\S+/, "scripts/$&\\.[jt]s"));
  return new RegExp(`^(run )?(\\S*/)?(bin/npm(\\.js)? (${all.join("|")})|${scripts.join("|")})( |$)`);
}

/** `npm run policy init`, by any of the names of `run`; pnpm, yarn and bun take a script's name alone. */
function scriptsOf(words: string): RegExp {
  return new RegExp(`^((run|run-script|rum|urn) )?(${words.replaceAll(", ", "|")})( |$)`);
}

/** `--print` shows what would be written, unless that is written to a file then. */
function onlyPrints({ args, redirections }: Invocation): boolean {
  return args.some(({ text }) => text === "--print") && !redirections.some(({ writes }) => writes);
}

function onlyTells({ args }: Invocation): boolean {
  return args.some(({ text }) => text === "--dry-run");
}

function onlyLists({ args }: Invocation): boolean {
  return args.some(({ text }) => text === "--list");
}

export const OWN_COMMAND_DANGERS: readonly Danger[] = [...OWN_DANGERS, ...CLAUDE_DANGERS];
