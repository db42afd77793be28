// The OpenAPI document against the door itself: every route is in it and the other way round, and what real calls answer
// is what it says.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PHONE } from "../helpers/gate-stage.ts";
import { ASK, ask, type RestCall, rest } from "../helpers/rest-client.ts";
import { type RestStage, startRestStage } from "../helpers/rest-stage.ts";

type Responses = Record<string, { content: Record<string, { schema: object }> }>;
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { responses: Responses; parameters?: { name: string }[] }>>;
  readonly components: { schemas: { Problem: object } };
}

const documentOf = async (stage: RestStage) =>
  (await rest(stage, "/v1/openapi.json")).body as unknown as Document;
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

interface Layer {
  readonly route?: { readonly path: string; readonly stack: { readonly method?: string }[] };
}

describe("the OpenAPI document", () => {
  it("has every route with every method, and no other", async () => {
    const stage = await startRestStage();
    const { paths } = await documentOf(stage);
    const { stack } = stage.door.router as unknown as { stack: Layer[] };
    const routes = stack.flatMap(({ route }) => (route === undefined ? [] : [route]));
    const real = routes.map(({ path, stack }) => [
      path.replaceAll(/:(\w+)/g, "{$1}"),
      stack.flatMap(({ method }) => method ?? []).sort(),
    ]);
    const documented = Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods).sort()]);
    expect(documented.sort()).toEqual(real.sort());
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of METHODS) {
        const { status } = await rest(stage, path.replace("{id}", "abcde"), { method });
        expect([path, method, status !== 405]).toEqual([path, method, method.toLowerCase() in methods]);
      }
    }
  });

  it("is what real calls answer, problems included", async () => {
    const stage = await startRestStage();
    const document = await documentOf(stage);
    expect(document.openapi).toBe("3.1.0");
    const { path } = await ask(stage, ASK, { "x-approval-project": "/code/web-shop" });
    const other = await ask(stage);
    await stage.gate.resolve(stage.id(1), { kind: "deny", by: PHONE, reason: "no" });
    const post = (body: unknown, headers = {}): RestCall => ({ method: "POST", body, headers });
    const key = { "idempotency-key": "run-1" };
    const calls: [string, string, RestCall][] = [
      ["/v1/approvals", "/v1/approvals", post(ASK, key)],
      ["/v1/approvals", "/v1/approvals", post(ASK, key)],
      ["/v1/approvals", "/v1/approvals", post({ ...ASK, action: "other" }, key)],
      ["/v1/approvals", "/v1/approvals", post({})],
      ["/v1/approvals", "/v1/approvals", post("{")],
      ["/v1/approvals", "/v1/approvals", post("x", { "content-type": "text/plain" })],
      ["/v1/approvals", "/v1/approvals?limit=1", {}],
      ["/v1/approvals", "/v1/approvals?limit=0", {}],
      ["/v1/approvals", "/v1/approvals", { method: "DELETE" }],
      ["/v1/approvals/{id}", path, {}],
      ["/v1/approvals/{id}", other.path, {}],
      ["/v1/approvals/{id}", other.path, { method: "DELETE" }],
      ["/v1/approvals/{id}", path, { headers: { origin: "http://localhost" } }],
      ["/v1/approvals/{id}", "/v1/approvals/zzzzz", {}],
      ["/v1/approvals/{id}", path, { method: "DELETE" }],
      ["/v1/openapi.json", "/v1/openapi.json", {}],
    ];
    const seen = new Set<number>();
    for (const [template, url, call] of calls) {
      const { status, headers, body } = await rest(stage, url, call);
      seen.add(status);
      const operations = document.paths[template] ?? {};
      // A method that is not there has no entry of its own: its answer is in the others'.
      const operation = operations[(call.method ?? "GET").toLowerCase()] ?? Object.values(operations)[0];
      const [[type, content] = ["", undefined]] = Object.entries(operation?.responses[status]?.content ?? {});
      expect([url, status, headers.get("content-type")]).toEqual([url, status, type]);
      const isProblem = type === "application/problem+json";
      const schema = isProblem ? document.components.schemas.Problem : content?.schema;
      expect(z.fromJSONSchema(schema as never).safeParse(body)).toMatchObject({ success: true });
    }
    expect([...seen].sort()).toEqual([200, 201, 400, 403, 404, 405, 409, 415, 422]);
  });

  it("refuses a body of another shape: its schemas are closed", async () => {
    const stage = await startRestStage();
    const { paths } = await documentOf(stage);
    const schema =
      paths["/v1/approvals/{id}"]?.["get"]?.responses["200"]?.content["application/json"]?.schema;
    const { path } = await ask(stage);
    const { body } = await rest(stage, path);
    const check = z.fromJSONSchema(schema as never);
    for (const wrong of [
      { ...body, more: 1 },
      { ...body, status: "yes" },
      { ...body, decided: undefined },
    ]) {
      expect(check.safeParse(wrong).success).toBe(false);
    }
  });

  it("names the headers and parameters", async () => {
    const { paths } = await documentOf(await startRestStage());
    const names = (path: string, method: string) =>
      paths[path]?.[method]?.parameters?.map(({ name }) => name);
    expect(names("/v1/approvals", "post")).toEqual(["idempotency-key", "x-approval-project"]);
    expect(names("/v1/approvals", "get")).toEqual(["status", "limit", "cursor"]);
    expect(names("/v1/approvals/{id}", "get")).toEqual(["id", "wait"]);
  });
});
