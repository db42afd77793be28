// What each REST operation does. A handler that cannot do it throws a Problem.

import type { Request, RequestHandler, Response } from "express";
import type { Gate } from "../../core/gate-contract.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { RequestStore, StoredApproval } from "../../core/ports/request-store.ts";
import { denialText } from "../../domain/denial.ts";
import { PLAN_TOOL } from "../../domain/plan.ts";
import { type ApprovalId, isApprovalId } from "../../domain/tool-call.ts";
import { askSchema, callOf } from "../approval-ask.ts";
import { PROJECT_HEADER, projectFolder, projectName, projectPath } from "../project.ts";
import { requesterOf } from "../requester.ts";
import type { HeldResult } from "./held-result.ts";
import type { HeldResults } from "./held-results.ts";
import type { KeyedStarter } from "./keyed-start.ts";
import { openApiDocument } from "./openapi.ts";
import { APPROVALS_PATH, type OperationId } from "./operations.ts";
import { createPoll } from "./poll.ts";
import { checked, Problem } from "./problem.ts";
import { respond } from "./respond.ts";
import { createHeadersSchema, cursorOf, getQuerySchema, idOfCursor, listQuerySchema } from "./shapes.ts";
import { ended, pending, recorded, STORED_AS } from "./shown-approval.ts";
import type { TaskRoutes } from "./task-routes.ts";

export interface HandlersDeps {
  readonly gate: Gate;
  readonly store: RequestStore;
  readonly clock: Clock;
  readonly heldResults: HeldResults;
  readonly starter: KeyedStarter;
  /** The version of this package. */
  readonly version: string;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
  /** The routes of tasks, where they are on. */
  readonly tasks?: TaskRoutes | undefined;
}

export function createHandlers(deps: HandlersDeps): Readonly<Record<OperationId, RequestHandler>> {
  const { gate, store, clock, heldResults, starter, version, timeoutMs } = deps;
  const poll = createPoll(clock);
  const document = openApiDocument(version, deps.tasks?.paths);

  function isOpen(id: ApprovalId): boolean {
    const held = heldResults.get(id);
    return held?.isTaken() === false || gate.waiting().some((request) => request.id === id);
  }

  /** A named token finds only what it asked for itself; another's request counts as not found. @throws Problem */
  function residentOf(req: Request, res: Response): { id: ApprovalId; held: HeldResult | undefined } {
    const id = String(req.params["id"]);
    const held = isApprovalId(id) ? heldResults.get(id) : undefined;
    if (!isApprovalId(id) || (held && !maySee(res, held.request))) throw notFound();
    return { id, held };
  }

  async function recordOf(id: ApprovalId, res: Response): Promise<StoredApproval> {
    const approval = await store.find(id);
    if (approval === undefined || !maySee(res, approval)) throw notFound();
    return approval;
  }

  /** Answers with how a request stands; a decision in it counts as fetched once it has been written. */
  async function answer(res: Response, status: number, id: ApprovalId, headers = {}): Promise<void> {
    const held = heldResults.get(id);
    const outcome = held?.outcome();
    if (held === undefined) {
      const approval = await recordOf(id, res);
      void respond(res, status, recorded(approval, isOpen(id), timeoutMs), headers);
    } else if (outcome === undefined) {
      void respond(res, status, pending(id, held.request), headers);
    } else {
      held.handOver(respond(res, status, ended(held.request, outcome, timeoutMs), headers));
    }
  }

  return {
    async create(req, res) {
      if (!/^application\/json\s*(;|$)/i.test(req.headers["content-type"] ?? "")) {
        throw new Problem("unsupported-media-type", "Send the body as Content-Type: application/json.");
      }
      const { "idempotency-key": key } = checked(createHeadersSchema, req.headers, "invalid-parameter");
      const ask = checked(askSchema, req.body, "invalid-request");
      const path = projectPath(req.headers[PROJECT_HEADER]);
      const [project, cwd, requester] = [projectName(path), projectFolder(path), requesterOf(res)];
      const call = callOf(ask);
      const started = await starter.start(
        {
          call,
          door: "rest",
          maxWaitMs: ask.timeout_seconds * 1000,
          project,
          cwd,
          requester,
        },
        key,
      );
      if (started.kind === "known") return answer(res, 200, started.id, locationOf(started.id));
      if (started.kind === "refused") {
        const { request, outcome } = started.answer;
        if (outcome.status === "approved") throw new Error("an approval that is not in the record");
        const detail = denialText(request, outcome);
        if (outcome.status !== "limited") throw new Problem("not-recorded", detail);
        const seconds = Math.ceil(outcome.retryAfterMs / 1000);
        throw new Problem("too-many", detail, { headers: { "retry-after": String(seconds) } });
      }
      const { held } = started;
      const { id } = held.request;
      // Always pending, even if it has ended since: the decision is handed over by GET alone.
      const isWritten = await respond(res, 201, pending(id, held.request), locationOf(id));
      // Without a key nobody can come back for it.
      if (!isWritten && key === undefined) held.leave("disconnected");
    },

    async get(req, res) {
      const { wait } = checked(getQuerySchema, req.query, "invalid-parameter");
      const { id, held } = residentOf(req, res);
      if (wait === "true" && held !== undefined) await poll(held, res);
      await answer(res, 200, id);
    },

    async list(req, res) {
      const { status, limit, cursor } = checked(listQuerySchema, req.query, "invalid-parameter");
      const after = cursor === undefined ? undefined : idOfCursor(cursor);
      if (cursor !== undefined && after === undefined) {
        throw new Problem("invalid-parameter", "cursor is not one that this server gave.");
      }
      const requester = requesterOf(res);
      const found = await store.list({
        limit: limit + 1,
        statuses: status && STORED_AS[status],
        requester,
        after,
      });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const approvals = page
        .map((approval) => ({
          ...recorded(approval, isOpen(approval.id), timeoutMs),
          door: approval.door,
          tool_name: approval.toolName,
          input: listedInput(approval),
          project: approval.project,
          requester: approval.requester,
          grant: approval.outcome?.status === "approved" ? approval.outcome.grant : undefined,
        }))
        .filter((approval) => status === undefined || approval.status === status);
      void respond(res, 200, { approvals, ...(last ? { next_cursor: cursorOf(last.id) } : {}) });
    },

    async withdraw(req, res) {
      const { id, held } = residentOf(req, res);
      const { door } = held?.request ?? (await recordOf(id, res));
      if (held?.leave("withdrawn") !== true) {
        const why = door === "rest" ? "has ended, or its decision was fetched" : `was made through ${door}`;
        throw new Problem("not-waiting", `The request ${why}: nothing changed.`);
      }
      await answer(res, 200, id);
    },

    document(_req, res) {
      void respond(res, 200, document);
    },
  };
}

function maySee(res: Response, { requester }: { readonly requester?: string | undefined }): boolean {
  const name = requesterOf(res);
  return name === undefined || name === requester;
}

/** The plan that the server has read from a file was for the phone: a caller must not read files through it. */
function listedInput({ toolName, shownInput }: StoredApproval): StoredApproval["shownInput"] {
  const { plan, ...others } = shownInput;
  return toolName === PLAN_TOOL && "planFilePath" in shownInput ? others : shownInput;
}

function notFound(): Problem {
  return new Problem("not-found", "There is no such request.");
}

function locationOf(id: ApprovalId): Readonly<Record<string, string>> {
  return { location: `${APPROVALS_PATH}/${id}` };
}
