// Offers the prompts. Each reads for its caller alone: another token's request is as one that there is not.
import {
  completable,
  type GetPromptResult,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { PolicyDraft, PolicyDrafter } from "../../../core/ports/policy-drafter.ts";
import type { Approvals } from "../approvals.ts";
import { createNames } from "../names.ts";
import { currentRequestContext } from "../request-context.ts";
import { shownRecord } from "../resources/read-resources.ts";
import { RESOURCES } from "../resources/resource-table.ts";
import { midnight, recordsSince, statsOf } from "../resources/stats.ts";
import { approvalIdArgument, daysArgument, projectArgument, sessionIdArgument } from "./arguments.ts";
import { promptMessages } from "./messages.ts";
import { PROMPTS } from "./prompt-table.ts";

/** Requests that a prompt shows at most; an input as JSON of one alone, UTF-16 units. */
const [MAX_SHOWN, MAX_INPUT] = [100, 20_000];
const DAY_MS = 24 * 60 * 60_000;

export interface PromptsDeps {
  readonly approvals: Pick<Approvals, "desk" | "clock">;
  readonly drafter: PolicyDrafter;
}

export function registerPrompts(server: McpServer, { approvals, drafter }: PromptsDeps): void {
  const { desk, clock } = approvals;
  const names = createNames(desk);
  const { daily, why, session, policy } = PROMPTS;
  const offer = (complete: typeof names.approvals) => (begun: string | undefined) =>
    complete(begun ?? "", requester());

  server.registerPrompt(daily.name, listing(daily), async () => {
    const since = midnight(clock.now());
    const { records, isCut } = await recordsSince(desk, { since }, requester());
    const task = [
      "Write a short report on today's requests for approval, for the person who approves them: how many there were, how they ended " +
        "and how long answers took; what was denied and why; what was not answered; what stands out. " +
        "Name requests by their ids. Say nothing that the record does not show.",
    ];
    const data = { since: new Date(since).toISOString(), ...statsOf(records, isCut) };
    return promptMessages(
      task,
      RESOURCES.today.uri,
      data,
      records.slice(0, MAX_SHOWN).map((each) => shownRecord(each)),
    );
  });

  const whyArgs = z.object({
    approval_id: completable(approvalIdArgument(why.arguments.approval_id), offer(names.denied)),
  });
  server.registerPrompt(why.name, { ...listing(why), argsSchema: whyArgs }, async ({ approval_id: id }) => {
    const record = await desk.find(id, requester());
    if (record === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such request of yours.");
    const task = [
      `Explain what became of the request ${id}: who or what decided it, when and with which words or rule, as far as the record shows. ` +
        'A status of "expired" or "error" is no refusal: say so. Then say what could be done instead. Do not suggest ways around a denial.',
    ];
    return promptMessages(task, `approvals://${id}`, shownRecord(record, MAX_INPUT));
  });

  const sessionArgs = z.object({
    session_id: completable(sessionIdArgument(session.arguments.session_id), offer(names.sessions)),
  });
  server.registerPrompt(
    session.name,
    { ...listing(session), argsSchema: sessionArgs },
    async ({ session_id: sessionId }) => {
      const { records, next } = await desk.list({ sessionId, limit: MAX_SHOWN }, requester());
      const task = [
        `Review the session ${sessionId} of Claude Code by what it asked for: what it was about, what was approved, what was denied or not ` +
          "answered, what was asked again and again, and which calls a person should look at once more. Say nothing that the record does not show.",
      ];
      const data = { session_id: sessionId, ...statsOf(records, next !== undefined) };
      return promptMessages(
        task,
        `approvals://sessions/${sessionId}`,
        data,
        records.map((each) => shownRecord(each)),
      );
    },
  );

  const policyArgs = z.object({
    project: completable(projectArgument(policy.arguments.project), offer(names.projects)),
    days: daysArgument(policy.arguments.days),
  });
  server.registerPrompt(
    policy.name,
    { ...listing(policy), argsSchema: policyArgs },
    async ({ project, days }) => {
      const since = clock.now() - days * DAY_MS;
      const draft = await drafter.draft({ project, since, requester: requester() });
      return policyPrompt(draft, project, days);
    },
  );
}

function policyPrompt(draft: PolicyDraft, project: string, days: number): GetPromptResult {
  const { text, rules, leftOut, asked, answered, isCut } = draft;
  const task = [
    `A draft of policy.json for the project ${JSON.stringify(project)} was made of what a person has approved in the last ${days} days. ` +
      (text === undefined
        ? "The record gives no rule: say so, and why, by left_out. Write no rules of your own."
        : "Show it to the person: policy_json exactly as it is, then for each rule how often it was approved, and what it would allow from now on " +
          `without asking. It would have answered ${answered} of ${asked} requests. Point out rules that may be meant for that moment only. ` +
          "You may leave rules out. Do not widen any, and add none: no wildcards, no other commands, folders or hosts."),
    "Do not write the file yourself: it decides what you may do. The person puts it there, and checks it with `approval-server policy check`.",
  ];
  const data = {
    ...{ project, days, asked, would_have_answered: answered },
    ...(text !== undefined && { policy_json: JSON.parse(text) as unknown }),
    rules: rules.map(({ rule, approvals, examples }) => ({ rule, approvals, latest: examples })),
    left_out: leftOut.map(({ why, approvals }) => ({ why, approvals })),
    ...(isCut && { at_least: true }),
  };
  return promptMessages(task, RESOURCES.policy.uri, data);
}

function listing({ title, description }: { readonly title: string; readonly description: string }) {
  return { title, description };
}

function requester(): string | undefined {
  return currentRequestContext()?.requester;
}
