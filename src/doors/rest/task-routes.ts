// Tasks over REST: each route is one of the tools of tasks, so that both take and answer the same.
import { type Request, type RequestHandler, type Response, Router } from "express";
import type { TaskTools } from "../../core/ports/task-tools.ts";
import type { ToolCaller } from "../../core/ports/tool-source.ts";
import { isDeeperThan, MAX_DEPTH } from "../nesting.ts";
import { PROJECT_HEADER, projectFolder, projectName, projectPath } from "../project.ts";
import { requesterOf } from "../requester.ts";
import { whenWritten } from "../written.ts";
import { Problem, type ProblemType } from "./problem.ts";
import { respond } from "./respond.ts";

interface TaskRoute {
  readonly id: string;
  readonly method: "get" | "post" | "delete";
  /** As OpenAPI writes it. */
  readonly path: string;
  readonly tool: string;
}

const TASKS_PATH = "/v1/tasks";
const ONE = `${TASKS_PATH}/{session_id}`;

const ROUTES: readonly TaskRoute[] = [
  { id: "runTask", method: "post", path: TASKS_PATH, tool: "agent_run_task" },
  { id: "listTasks", method: "get", path: TASKS_PATH, tool: "agent_list_sessions" },
  { id: "getTask", method: "get", path: ONE, tool: "agent_get_session" },
  { id: "cancelTask", method: "delete", path: ONE, tool: "agent_cancel_session" },
  { id: "continueTask", method: "post", path: `${ONE}/messages`, tool: "agent_continue_session" },
  { id: "verifyTask", method: "post", path: "/v1/verifications", tool: "agent_verify_task" },
  { id: "runtimeStatus", method: "get", path: "/v1/runtime", tool: "agent_get_runtime_status" },
];

/** What a refusal that has no session is, by its code. */
const PROBLEM_OF: Readonly<Record<string, ProblemType>> = {
  invalid_input: "invalid-request",
  not_allowed: "invalid-request",
  not_begun: "busy",
  busy: "busy",
  not_found: "not-found",
  limit: "too-many",
  failed: "server-error",
};

export interface TaskRoutes {
  readonly router: RequestHandler;
  /** For the OpenAPI document. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

export function createTaskRoutes(tools: TaskTools): TaskRoutes {
  const router = Router();
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const routes = ROUTES.filter((route) => route.path === path);
    const allow = routes.map(({ method }) => method.toUpperCase()).join(", ");
    const route = router.route(path.replaceAll(/\{(\w+)\}/g, ":$1"));
    // First, because Express would answer HEAD with GET.
    route.all((req, _res, next) =>
      next(
        allow.split(", ").includes(req.method)
          ? undefined
          : new Problem("method-not-allowed", `This address takes: ${allow}.`, { headers: { allow } }),
      ),
    );
    for (const each of routes) route[each.method]((req, res) => answer(tools, each, req, res));
  }
  return { router, paths: pathsOf(tools) };
}

async function answer(tools: TaskTools, route: TaskRoute, req: Request, res: Response): Promise<void> {
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  const { structuredContent = {} } = await tools.callAt(
    "rest",
    route.tool,
    inputOf(route, req),
    callerOf(req, res, gone.signal),
  );
  const {
    session_id: id,
    status,
    errors,
  } = structuredContent as {
    session_id?: string;
    status?: string;
    errors?: readonly { code: string; message: string }[];
  };
  const [error] = errors ?? [];
  if (id === undefined && error !== undefined)
    throw new Problem(PROBLEM_OF[error.code] ?? "not-started", error.message);
  const isUnderWay = route.method === "post" && (status === "asking" || status === "running");
  const location: Readonly<Record<string, string>> =
    route.method === "post" && id !== undefined ? { location: `${TASKS_PATH}/${id}` } : {};
  await respond(res, isUnderWay ? 202 : 200, structuredContent, location);
}

/** The address's parameters win over what a body or a query calls the same. */
function inputOf({ method }: TaskRoute, req: Request): Readonly<Record<string, unknown>> {
  if (method !== "post") {
    const { limit, ...query } = req.query;
    return { ...query, ...(limit === undefined ? {} : { limit: Number(limit) }), ...req.params };
  }
  if (!/^application\/json\s*(;|$)/i.test(req.headers["content-type"] ?? ""))
    throw new Problem("unsupported-media-type", "Send the body as Content-Type: application/json.");
  const body: unknown = req.body;
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Problem("invalid-request", "The body must be an object. Nothing was started.");
  if (isDeeperThan(body))
    throw new Problem("invalid-request", `The body is nested deeper than ${MAX_DEPTH} levels.`);
  // Nobody has to hold a connection open for an hour: a caller comes back for the result, unless it says otherwise.
  return { wait: false, ...body, ...req.params };
}

function callerOf(req: Request, res: Response, signal: AbortSignal): ToolCaller {
  const path = projectPath(req.headers[PROJECT_HEADER]);
  return {
    asking: { signal },
    signal,
    requester: requesterOf(res),
    project: projectName(path),
    folder: projectFolder(path),
    written: whenWritten(res),
  };
}

function pathsOf(tools: TaskTools): TaskRoutes["paths"] {
  const paths: Record<string, Record<string, object>> = {};
  for (const { id, method, path, tool } of ROUTES) {
    const told = tools.tools().find(({ name }) => name === tool);
    if (told === undefined) continue;
    const { properties = {}, ...schema } = told.inputSchema as {
      properties?: Record<string, object>;
      required?: readonly string[];
    };
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const rest = Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.includes(name)));
    const inQuery = method === "post" ? [] : Object.keys(rest);
    const required = (schema.required ?? []).filter((name) => !inPath.includes(name));
    const body = { ...schema, properties: rest, required };
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId: id,
        summary: told.description,
        parameters: [
          ...inPath.map((name) => ({ name, in: "path", required: true, schema: properties[name] ?? {} })),
          ...inQuery.map((name) => ({ name, in: "query", required: false, schema: rest[name] ?? {} })),
        ],
        ...(method === "post"
          ? { requestBody: { required: true, content: { "application/json": { schema: body } } } }
          : {}),
        responses: responsesOf(told.outputSchema ?? { type: "object" }, method === "post"),
      },
    };
  }
  return paths;
}

function responsesOf(schema: object, isPost: boolean): object {
  const answer = (description: string) => ({ description, content: { "application/json": { schema } } });
  const problem = { $ref: "#/components/schemas/Problem" };
  return {
    200: answer(isPost ? "It has ended." : "As it stands."),
    ...(isPost ? { 202: answer("Under way. `Location` leads to it.") } : {}),
    default: {
      description: "A problem: nothing was started.",
      content: { "application/problem+json": { schema: problem } },
    },
  };
}
