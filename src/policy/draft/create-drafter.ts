// Makes a draft of policy.json of what a person has approved. A rule is proposed only where the same thing was approved more than
// once, nothing that it allows was ever denied, and no call behind it comes with a warning.

import PQueue from "p-queue";
import { needsPerson } from "../../core/policy.ts";
import type { HistoryStore } from "../../core/ports/history-store.ts";
import type { Inspector } from "../../core/ports/inspector.ts";
import type { DraftedRule, DraftQuery, PolicyDraft, PolicyDrafter } from "../../core/ports/policy-drafter.ts";
import type { StoredApproval } from "../../core/ports/request-store.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { compilePolicy } from "../compile.ts";
import { decideByRules } from "../decide.ts";
import type { PolicyContext } from "../policy-context.ts";
import { keyOf, onceEach, those, turn } from "./different-calls.ts";
import { type Proposed, policyText, rulesOfCall } from "./rules-of-call.ts";

/** Approvals of the same thing: one may have been meant for that moment alone. */
const AT_LEAST = 2;
const MAX_RULES = 100;
/** Rules that are looked at for them, those of the most approvals first. */
const MAX_CANDIDATES = 200;
/** Denied calls that a draft's rules might allow: with more of them nothing is proposed. */
const MAX_TROUBLING = 300;
const MAX_EXAMPLES = 3;
/** Requests that are read at most, and at once. */
const MAX_READ = 5_000;
const PAGE = 200;
/** Different calls that are looked through again at most: each takes milliseconds, which are everybody's. */
const MAX_INSPECTED = 1_000;

export interface DrafterDeps {
  readonly store: Pick<HistoryStore, "browse">;
  readonly inspector: Inspector;
  readonly context: PolicyContext;
}

/** What a person has said yes to. */
interface GivenYes {
  readonly approval: StoredApproval;
  readonly proposed: Proposed;
}

export function createPolicyDrafter({ store, inspector, context }: DrafterDeps): PolicyDrafter {
  async function read({ project, since, requester }: DraftQuery) {
    const found: StoredApproval[] = [];
    let place: Parameters<HistoryStore["browse"]>[1];
    do {
      const step = await store.browse(
        { project, since, requester },
        place,
        Math.min(PAGE, MAX_READ - found.length),
      );
      found.push(...step.approvals);
      place = step.next;
      await turn();
    } while (place !== undefined && found.length < MAX_READ);
    return { found, isCut: place !== undefined };
  }

  /** One at a time: each draft keeps the processor busy for seconds. */
  const queue = new PQueue({ concurrency: 1 });

  /** Never rejects: what cannot be looked through stays with a person. */
  async function propose(approval: StoredApproval): Promise<Proposed> {
    const call = { toolName: approval.toolName, input: approval.shownInput };
    const proposed = rulesOfCall(call, context);
    if ("why" in proposed) return proposed;
    const inspection = await inspector.inspect(call).catch(() => undefined);
    if (inspection === undefined || needsPerson(call, inspection))
      return { why: "it comes with a warning: a person is asked whatever the policy says" };
    return proposed;
  }

  /** The same call is looked through once, however often it was approved. */
  async function proposeEach(approved: readonly StoredApproval[]) {
    const seen = new Map<string, Proposed>();
    const approvals: GivenYes[] = [];
    for (const approval of approved) {
      const key = keyOf(approval);
      if (!seen.has(key) && seen.size >= MAX_INSPECTED) return { approvals, isCut: true };
      const proposed = seen.get(key) ?? (await propose(approval));
      if (!seen.has(key)) await turn();
      seen.set(key, proposed);
      approvals.push({ approval, proposed });
    }
    return { approvals, isCut: false };
  }

  async function draft(query: DraftQuery): Promise<PolicyDraft> {
    const { found, isCut } = await read(query);
    const { approvals, isCut: isProposedCut } = await proposeEach(found.filter(isByPerson));
    const denied = onceEach(found.filter(({ outcome }) => outcome?.status === "denied"));
    const often = [...countRules(approvals)]
      .filter(([, ids]) => ids.length >= AT_LEAST)
      .sort(([, one], [, other]) => other.length - one.length)
      .slice(0, MAX_CANDIDATES);
    // Rules that allow only add to each other: what all of them do not allow, none of them does.
    const byAny = allowing(
      often.map(([rule]) => rule),
      query,
      context,
    );
    const troubling = byAny === undefined ? denied : await those(denied, byAny);
    const isClear = byAny !== undefined && troubling.length <= MAX_TROUBLING;
    const rules: DraftedRule[] = [];
    for (const [rule, ids] of isClear ? often : []) {
      if (rules.length >= MAX_RULES) break;
      const allows = allowing([rule], query, context);
      if (allows !== undefined && (await those(troubling, allows)).length === 0)
        rules.push({ rule, approvals: ids.length, examples: ids.slice(0, MAX_EXAMPLES) });
      await turn();
    }
    const texts = rules.map(({ rule }) => rule);
    // Rules of one line allow it together: what was denied must not be allowed by all of them either.
    const together = texts.length > 0 ? allowing(texts, query, context) : undefined;
    const isSafe = together !== undefined && (await those(troubling, together)).length === 0;
    const asked = found.filter(wasAsked);
    return {
      ...(isSafe && { text: policyText(texts, query.project) }),
      rules: isSafe ? rules : [],
      leftOut: leftOut(approvals, new Set(isSafe ? texts : [])),
      asked: asked.length,
      answered: isSafe ? (await those(asked, together)).length : 0,
      isCut: isCut || isProposedCut,
    };
  }

  return { draft: async (query) => queue.add(() => draft(query)) };
}

/** Whether rules allow a recorded call; undefined where the linter refuses them. */
function allowing(
  rules: readonly string[],
  { project }: DraftQuery,
  context: PolicyContext,
): ((approval: StoredApproval) => boolean) | undefined {
  const result = compilePolicy(policyText(rules, project), context);
  if (!result.ok) return undefined;
  return ({ toolName, shownInput, door }) => {
    const submission = { call: { toolName, input: shownInput }, door, project };
    return decideByRules(result.policy, submission).kind === "allow";
  };
}

/** An approval that reached nobody says nothing of what a person would allow again. */
function isByPerson({ outcome, acknowledged }: StoredApproval): boolean {
  if (outcome?.status !== "approved" || acknowledged === false) return false;
  return outcome.by !== "policy" && outcome.by !== "grant";
}

function wasAsked(approval: StoredApproval): boolean {
  const { outcome } = approval;
  return isByPerson(approval) || outcome?.status === "denied" || outcome?.status === "expired";
}

function countRules(approvals: readonly GivenYes[]): ReadonlyMap<string, readonly ApprovalId[]> {
  const counted = new Map<string, ApprovalId[]>();
  for (const { approval, proposed } of approvals) {
    if ("why" in proposed) continue;
    for (const rule of proposed.rules) counted.set(rule, [...(counted.get(rule) ?? []), approval.id]);
  }
  return counted;
}

function leftOut(approvals: readonly GivenYes[], taken: ReadonlySet<string>): PolicyDraft["leftOut"] {
  const counted = new Map<string, number>();
  for (const { proposed } of approvals) {
    const isTaken = "rules" in proposed && proposed.rules.every((rule) => taken.has(rule));
    if (isTaken) continue;
    const why = "why" in proposed ? proposed.why : "it was approved once only, or was also denied";
    counted.set(why, (counted.get(why) ?? 0) + 1);
  }
  return [...counted].map(([why, number]) => ({ why, approvals: number }));
}
