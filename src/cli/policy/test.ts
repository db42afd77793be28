// `npm run policy -- test`: says what the policy decides about a call, and by which rule. Changes nothing and asks nobody.
import { basename, isAbsolute, resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { type Config, secretsOf } from "../../config/config.ts";
import { needsPerson } from "../../core/policy.ts";
import type { PolicyDecision } from "../../core/ports/policy.ts";
import { tooFewPeople } from "../../core/quorum.ts";
import type { ApprovalRequest } from "../../domain/approval.ts";
import { ConfigError } from "../../domain/errors.ts";
import { peopleNeeded } from "../../domain/quorum.ts";
import type { Submission } from "../../domain/submission.ts";
import { type ApprovalId, DOORS } from "../../domain/tool-call.ts";
import { visibleLine } from "../../domain/visible.ts";
import { createInspector } from "../../inspection/inspector.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { decideByRules } from "../../policy/decide.ts";
import { policyContext } from "../../server/guards.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { readPolicy, sayProblems } from "./check.ts";

const callSchema = z.looseObject({
  tool_name: z.string().min(1),
  input: z.record(z.string(), z.unknown()).default({}),
});
const optionsSchema = z.object({
  file: z.string().optional(),
  project: z.string().optional(),
  // The table of commands lets no other through.
  door: z.enum(DOORS).default("mcp"),
});

export async function testCall(
  config: Config,
  input: CommandInput,
  context: CommandContext,
): Promise<number> {
  const { file, project, door } = optionsSchema.parse(input.options);
  const call = await readCall(input.args[0], context.stdin);
  const place = project ?? context.current;
  const cwd = isAbsolute(place) ? resolve(place) : undefined;
  const { path, policy, problems } = readPolicy(config, file, context);
  if (policy === undefined) {
    if (input.options["json"]) context.out(`${JSON.stringify({ path, problems })}\n`);
    else sayProblems(problems, context, path);
    return EXIT.failed;
  }
  const submission: Submission = { call, door, project: basename(place), cwd };
  const tested = await testedDecision(config, policy, submission, context);
  context.out(input.options["json"] ? `${JSON.stringify(tested)}\n` : `${textOf(tested)}\n`);
  return EXIT.ok;
}

/** @param json `-` stands for what comes from stdin */
async function readCall(json: string | undefined, stdin: Readable): Promise<Submission["call"]> {
  let value: unknown;
  try {
    value = JSON.parse(json === "-" ? await text(stdin) : (json ?? ""));
  } catch {
    throw new UsageError("The call is not valid JSON.");
  }
  const parsed = callSchema.safeParse(value);
  if (!parsed.success) throw new UsageError('The call must be {"tool_name":"…","input":{…}}.');
  return { toolName: parsed.data.tool_name, input: parsed.data.input };
}

interface TestedDecision {
  readonly decision: PolicyDecision["kind"];
  /** The rule that decides; absent when none is about the call. */
  readonly rule?: string | undefined;
  /** Why a rule that allows does not. */
  readonly reason?: string | undefined;
  /** What Claude is told. */
  readonly message?: string | undefined;
  /** How many people must approve it, where one is not enough. */
  readonly people?: number | undefined;
}

async function testedDecision(
  config: Config,
  policy: CompiledPolicy,
  submission: Submission,
  { home, root, clock }: CommandContext,
): Promise<TestedDecision> {
  const context = policyContext(config, { home, root });
  const inspector = createInspector({ ...context, ownPorts: [], ownSecrets: secretsOf(config) });
  const inspection = await inspector.inspect(submission.call, submission.cwd);
  const decision: PolicyDecision & { readonly rule?: string } = decideByRules(policy, submission);
  const { kind } = decision;
  const rule = decision.rule === undefined ? undefined : visibleLine(decision.rule);
  const request = requestOf(policy, submission, inspection);
  const needed = peopleNeeded(request, 0);
  const people = kind === "deny" || needed <= 1 ? undefined : needed;
  const denied = people === undefined ? undefined : await deniedForPeople(request, config, { home, clock });
  if (denied !== undefined) return denied;
  if (people !== undefined && kind === "allow")
    return { decision: "ask", rule, reason: "it carries a warning", people };
  if (kind === "allow" && needsPerson(submission.call, inspection)) {
    const why =
      inspection.warnings.length > 0 ? `it ${inspection.warnings.join(", ")}` : "it is one for a person";
    return { decision: "ask", rule, reason: why };
  }
  return { decision: kind, rule, message: decision.kind === "deny" ? decision.message : undefined, people };
}

/** As it would be made of it. */
function requestOf(
  { quorum }: CompiledPolicy,
  { call, door, project }: Submission,
  inspection: ApprovalRequest["inspection"],
): ApprovalRequest {
  const times = { createdAt: 0, expiresAt: 0, waiting: 1 };
  return { id: "aaaaa" as ApprovalId, call, door, project, inspection, quorum, ...times };
}

/** What the server would say where fewer people than that could be asked; undefined where enough could, or that cannot be read. */
async function deniedForPeople(
  request: ApprovalRequest,
  config: Config,
  { home, clock }: Pick<CommandContext, "home" | "clock">,
): Promise<TestedDecision | undefined> {
  const { readPeople } = await import("../pair/known.ts");
  const known = await readPeople(config, home, clock).catch((error: unknown) => {
    // `policy check` and doctor say so.
    if (error instanceof ConfigError) return undefined;
    throw error;
  });
  const outcome = known === undefined ? undefined : tooFewPeople(request, 0, known.people);
  if (outcome?.status !== "blocked") return undefined;
  return { decision: "deny", rule: outcome.rule, message: outcome.message };
}

function textOf({ people, ...tested }: TestedDecision): string {
  return `${decisionText(tested)}${people === undefined ? "" : `\n${people} people must approve it`}`;
}

function decisionText({ decision, rule = "no rule is about it", reason, message }: TestedDecision): string {
  if (reason !== undefined) return `${decision}: ${rule} would allow it, but ${reason}`;
  return `${decision}: ${rule}${message === undefined ? "" : `\n${message}`}`;
}
