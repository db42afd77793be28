// The OpenAPI 3.1 document of the REST door, made of the same schemas that check the calls.
import { z } from "zod";
import { COMMON_PROBLEMS, OPERATIONS, type Operation } from "./operations.ts";
import { PROBLEMS, type ProblemType, problemSchema } from "./problem.ts";
import { pathSchema } from "./shapes.ts";
import type { TaskRoutes } from "./task-routes.ts";

/** @param version of this package @param more paths of what is configured */
export function openApiDocument(version: string, more: TaskRoutes["paths"] = {}) {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Approval server",
      version,
      description: "Asks a person on their phone. Only `status: approved` allows anything.",
    },
    components: {
      schemas: { Problem: jsonSchema(problemSchema, "output") },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "Where the server has a token." },
      },
    },
    security: [{}, { token: [] }],
    paths: { ...paths, ...more },
  };
}

function describe({ id, summary, path, headers, query, body, answers, problems }: Operation): object {
  const parameters = [
    ...(path.includes("{id}") ? parametersOf(pathSchema, "path") : []),
    ...(headers === undefined ? [] : parametersOf(headers, "header")),
    ...(query === undefined ? [] : parametersOf(query, "query")),
  ];
  return {
    operationId: id,
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: json(jsonSchema(body, "input")) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { text, schema }]) => [
          status,
          {
            description: text,
            content: json(schema === undefined ? { type: "object" } : jsonSchema(schema, "output")),
          },
        ]),
      ),
      ...problemResponses([...problems, ...COMMON_PROBLEMS]),
    },
  };
}

function problemResponses(types: readonly ProblemType[]): Record<string, object> {
  const titles = new Map<number, string[]>();
  for (const type of types) {
    const [status, title] = PROBLEMS[type];
    titles.set(status, [...(titles.get(status) ?? []), title]);
  }
  const schema = { $ref: "#/components/schemas/Problem" };
  return Object.fromEntries(
    [...titles].map(([status, texts]) => [
      status,
      { description: `${texts.join(", or: ")}.`, content: { "application/problem+json": { schema } } },
    ]),
  );
}

function parametersOf(schema: z.ZodObject, where: "path" | "header" | "query"): object[] {
  const { properties = {} } = jsonSchema(schema, "output");
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property as { description?: string };
    const words = description === undefined ? {} : { description };
    return { name, in: where, required: where === "path", ...words, schema: rest };
  });
}

function json(schema: object): object {
  return { "application/json": { schema } };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output") {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
