// Makes a draft of policy.json of what a person has approved. A rule is proposed only where the same thing was approved more than
// once, nothing that it allows was ever denied, and no call behind it comes with a warning.

import { needsPerson } from "../../core/policy.ts";
import type { HistoryStore } from "../../core/ports/history-store.ts";
import type { Inspector } from "../../core/ports/inspector.ts";
import type { DraftedRule, DraftQuery, PolicyDraft, PolicyDrafter } from "../../core/ports/policy-drafter.ts";
import type { StoredApproval } from "../../core/ports/request-store.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { compilePolicy } from "../compile.ts";
import { decideByRules } from "../decide.ts";
import type { PolicyContext } from "../policy-context.ts";
import { type Proposed, policyText, rulesOfCall } from "./rules-of-call.ts";

/** Approvals of the same thing: one may have been meant for that moment alone. */
const AT_LEAST = 2;
const MAX_RULES = 100;
const MAX_EXAMPLES = 3;
/** Requests that are read at most, and at once. */
const MAX_READ = 5_000;
const PAGE = 200;
/** Calls that are looked through again at most: each takes milliseconds, which are everybody's. */
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

  return {
    async draft(query) {
      const { found, isCut } = await read(query);
      const approved = found.filter(isByPerson);
      const approvals: GivenYes[] = [];
      for (const approval of approved.slice(0, MAX_INSPECTED))
        approvals.push({ approval, proposed: await propose(approval) });
      const denied = found.filter(({ outcome }) => outcome?.status === "denied");
      const often = [...countRules(approvals)].filter(([, ids]) => ids.length >= AT_LEAST);
      const rules: DraftedRule[] = [];
      for (const [rule, ids] of often.sort(([, one], [, other]) => other.length - one.length)) {
        if (rules.length >= MAX_RULES) break;
        const allows = allowing([rule], query, context);
        if (allows !== undefined && !denied.some(allows))
          rules.push({ rule, approvals: ids.length, examples: ids.slice(0, MAX_EXAMPLES) });
        await turn();
      }
      const texts = rules.map(({ rule }) => rule);
      // Rules of one line allow it together: what was denied must not be allowed by all of them either.
      const together = allowing(texts, query, context);
      const isSafe = texts.length > 0 && together !== undefined && !denied.some(together);
      const asked = found.filter(wasAsked);
      return {
        ...(isSafe && { text: policyText(texts, query.project) }),
        rules: isSafe ? rules : [],
        leftOut: leftOut(approvals, new Set(isSafe ? texts : [])),
        asked: asked.length,
        answered: isSafe ? asked.filter(together).length : 0,
        isCut: isCut || approved.length > MAX_INSPECTED,
      } satisfies PolicyDraft;
    },
  };
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

/** Between the steps everything else has its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
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
