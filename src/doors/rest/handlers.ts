// What each REST operation does. A handler that cannot do it throws a Problem.

import type { RequestHandler, Response } from "express";
import type { Clock } from "../../core/ports/clock.ts";
import { denialText } from "../../domain/denial.ts";
import { askSchema, callOf } from "../approval-ask.ts";
import type { Desk } from "../held/desk.ts";
import { cursorOf, placeOfCursor } from "../held/shapes.ts";
import { pending } from "../held/shown-approval.ts";
import { PROJECT_HEADER, projectFolder, projectName, projectPath } from "../project.ts";
import { requesterOf } from "../requester.ts";
import type { KeyedStarter } from "./keyed-start.ts";
import { openApiDocument } from "./openapi.ts";
import { APPROVALS_PATH, type OperationId } from "./operations.ts";
import { createPoll } from "./poll.ts";
import { checked, Problem } from "./problem.ts";
import { respond } from "./respond.ts";
import { createHeadersSchema, getQuerySchema, listQuerySchema } from "./shapes.ts";
import type { TaskRoutes } from "./task-routes.ts";

export interface HandlersDeps {
  readonly clock: Clock;
  readonly desk: Desk;
  readonly starter: KeyedStarter;
  /** The version of this package. */
  readonly version: string;
  /** The routes of tasks, where they are on. */
  readonly tasks?: TaskRoutes | undefined;
}

export function createHandlers(deps: HandlersDeps): Readonly<Record<OperationId, RequestHandler>> {
  const { clock, desk, starter, version } = deps;
  const poll = createPoll(clock);
  // Written when it is first fetched: most never do.
  let document: ReturnType<typeof openApiDocument> | undefined;

  /** Answers with how a request stands; a decision in it counts as fetched once it has been written. */
  async function answer(res: Response, status: number, id: string, headers = {}): Promise<void> {
    const standing = await desk.standing(id, requesterOf(res));
    if (standing === undefined) throw notFound();
    standing.handOver(respond(res, status, standing.shown, headers));
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
      const id = String(req.params["id"]);
      const held = desk.held(id, requesterOf(res));
      if (wait === "true" && held !== undefined) await poll(held, res);
      await answer(res, 200, id);
    },

    async list(req, res) {
      const { cursor, ...query } = checked(listQuerySchema, req.query, "invalid-parameter");
      const after = cursor === undefined ? undefined : placeOfCursor(cursor);
      if (cursor !== undefined && after === undefined) {
        throw new Problem("invalid-parameter", "cursor is not one that this server gave.");
      }
      const { records, next } = await desk.list({ ...query, after }, requesterOf(res));
      const approvals = records.map(({ listed }) => listed);
      void respond(res, 200, { approvals, ...(next ? { next_cursor: cursorOf(next) } : {}) });
    },

    async withdraw(req, res) {
      const standing = await desk.withdraw(String(req.params["id"]), requesterOf(res));
      if (standing === undefined) throw notFound();
      if ("refused" in standing) throw new Problem("not-waiting", standing.refused);
      standing.handOver(respond(res, 200, standing.shown));
    },

    document(_req, res) {
      document ??= openApiDocument(version, deps.tasks?.paths);
      void respond(res, 200, document);
    },
  };
}

function notFound(): Problem {
  return new Problem("not-found", "There is no such request.");
}

function locationOf(id: string): Readonly<Record<string, string>> {
  return { location: `${APPROVALS_PATH}/${id}` };
}
