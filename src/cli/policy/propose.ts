// `npm run policy -- propose`: prints a draft of policy.json, made of what a person has approved again and again in a project. Writes
// nothing and asks nobody: only the draft goes to standard output, what is said about it to standard error.
import { basename, resolve } from "node:path";
import { z } from "zod";
import { type Config, secretsOf } from "../../config/config.ts";
import type { PolicyDraft } from "../../core/ports/policy-drafter.ts";
import { count } from "../../domain/names.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { visibleLine } from "../../domain/visible.ts";
import { createInspector } from "../../inspection/inspector.ts";
import { createPolicyDrafter } from "../../policy/draft/create-drafter.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import { openRecordReader } from "../../store/record-reader.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";

const [DEFAULT_DAYS, MAX_DAYS] = [14, 90];
const DAY_MS = 24 * 60 * 60_000;
/** What a terminal would not show, or take for a command; a line break is the text's own. */
const UNSEEN = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

const optionsSchema = z.object({ project: z.string().optional(), days: z.string().optional() });

export async function proposeFile(
  config: Config,
  { options }: CommandInput,
  context: CommandContext,
): Promise<number> {
  const given = optionsSchema.parse(options);
  const project = projectOf(resolve(context.current, given.project ?? ""));
  const days = daysOf(given.days);
  const draft = await draftOf(config, project, days, context);
  if (options["json"]) {
    const { text, rules, leftOut, asked, answered, isCut } = draft;
    const policy = text === undefined ? {} : { policy: JSON.parse(text) as unknown };
    const counts = { left_out: leftOut, asked, would_have_answered: answered, at_least: isCut };
    context.out(`${seen(JSON.stringify({ project, days, ...policy, rules, ...counts }))}\n`);
  } else {
    for (const line of lines(draft, project, days)) context.err(`${visibleLine(line)}\n`);
    if (draft.text !== undefined) {
      context.out(seen(draft.text));
      const path = policyFilePath(config, context.home.folder);
      context.err(
        `Nothing was written. Read each rule; put what you want into ${path}, then ${ownCommand("policy check")}.\n`,
      );
    }
  }
  return draft.text === undefined ? EXIT.failed : EXIT.ok;
}

/** @param folder whose name is the project's; it need not be there */
function projectOf(folder: string): string {
  const name = basename(folder);
  // In a policy a star is any name, and what cannot be seen cannot be checked.
  if (name === "" || name.includes("*") || visibleLine(name) !== name)
    throw new UsageError("--project must be a folder or a project's name: one line, without *.");
  return name;
}

function daysOf(given: string | undefined): number {
  if (given === undefined) return DEFAULT_DAYS;
  const days = /^\d{1,2}$/.test(given) ? Number(given) : 0;
  if (days >= 1 && days <= MAX_DAYS) return days;
  throw new UsageError(`--days must be a whole number from 1 to ${MAX_DAYS}.`);
}

/** @throws ConfigError when the record cannot be read */
async function draftOf(
  config: Config,
  project: string,
  days: number,
  { home, root, clock }: CommandContext,
): Promise<PolicyDraft> {
  const context = policyContext(config, { home, root });
  const { serverPort, webhookPort, simulation } = config;
  const ownPorts = [serverPort, webhookPort, ...(simulation === undefined ? [] : [simulation.port])];
  const own = { ownPorts, ownSecrets: secretsOf(config) };
  const store = openRecordReader(resolve(home.folder, config.databasePath));
  try {
    const drafter = createPolicyDrafter({
      store,
      inspector: createInspector({ ...context, ...own }),
      context,
    });
    return await drafter.draft({ project, since: clock.now() - days * DAY_MS });
  } finally {
    store.close();
  }
}

function* lines(
  { text, rules, leftOut, asked, answered, isCut }: PolicyDraft,
  project: string,
  days: number,
) {
  const time = `${project}, the last ${count(days, "day")}: ${isCut ? "at least " : ""}${count(asked, "request")} asked`;
  yield text === undefined
    ? `${time}. The record gives no rule.`
    : `${time}; these rules would have answered ${answered} of them.`;
  for (const { rule, approvals, examples } of rules)
    yield `- ${rule}: approved ${count(approvals, "time")}, last ${examples.join(", ")}`;
  for (const { why, approvals } of leftOut) yield `- left out, ${count(approvals, "approval")}: ${why}`;
}

/** The same JSON, with nothing hidden in it. */
function seen(json: string): string {
  return json.replace(UNSEEN, (sign) =>
    [...Array(sign.length).keys()]
      .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
