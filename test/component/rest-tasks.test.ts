// Tasks over REST: the same tools, with addresses.
import { describe, expect, it } from "vitest";
import { rest } from "../helpers/rest-client.ts";
import { startStage } from "../helpers/server-stage.ts";
import { startTaskStage } from "../helpers/task-stage.ts";

async function endedOver(stage: Awaited<ReturnType<typeof startTaskStage>>, path: string) {
  for (;;) {
    const { body } = await rest(stage.server, path);
    if (body["status"] !== "asking" && body["status"] !== "running") return body;
  }
}

describe("/v1/tasks", () => {
  it("starts after the phone allows it, answers at once, and leads to the result", async () => {
    const stage = await startTaskStage();
    const body = { task: "say hello", working_directory: stage.folder };
    const started = await rest(stage.server, "/v1/tasks", { method: "POST", body });
    expect(started).toMatchObject({ status: 202, body: { ok: true, status: "asking" } });
    const place = started.headers.get("location") ?? "";
    expect(place).toBe(`/v1/tasks/${started.body["session_id"]}`);
    const asked = await stage.request();
    expect(
      asked.body +
        stage.phone
          .messages()
          .map((each) => each.body)
          .join(),
    ).toContain("agent_run_task");
    await stage.tap(0, "approve");
    expect(await endedOver(stage, place)).toMatchObject({
      ok: true,
      status: "completed",
      result: { output_text: "hello" },
    });

    const message = { method: "POST", body: { message: "say again", session_id: "sess_0" } };
    expect(await rest(stage.server, `${place}/messages`, message)).toMatchObject({ status: 202 });
    await stage.tap(1, "approve");
    expect(await endedOver(stage, place)).toMatchObject({ turn: 2, result: { output_text: "again" } });

    const listed = await rest(stage.server, "/v1/tasks?limit=1&status=completed");
    expect(listed).toMatchObject({ status: 200, body: { ok: true, sessions: [{ name: "s1" }] } });
    expect(await rest(stage.server, place, { method: "DELETE" })).toMatchObject({
      status: 200,
      body: { ok: false, errors: [{ code: "not_under_way" }] },
    });
  });

  it("cancels what waits", async () => {
    const stage = await startTaskStage();
    const body = { task: "say hello", working_directory: stage.folder };
    const { headers } = await rest(stage.server, "/v1/tasks", { method: "POST", body });
    const place = headers.get("location") ?? "";
    expect(await rest(stage.server, place, { method: "DELETE" })).toMatchObject({
      body: { status: "cancelled" },
    });
  });

  it.each([
    ["a folder that is none of TASK_DIRS", "POST", "/v1/tasks", { task: "x", working_directory: "/" }, 422],
    ["a task without words", "POST", "/v1/tasks", { task: " ", working_directory: "/" }, 422],
    ["a field that is not known", "POST", "/v1/tasks", { task: "x", working_directory: "/", shell: 1 }, 422],
    ["a body that is no object", "POST", "/v1/tasks", [], 422],
    ["a session that is not there", "GET", `/v1/tasks/sess_${"0".repeat(24)}`, undefined, 404],
    ["an id that is none", "GET", "/v1/tasks/s1", undefined, 422],
    ["a list that is too long", "GET", "/v1/tasks?limit=1000", undefined, 422],
    ["a method that is not there", "PUT", "/v1/tasks", {}, 405],
    [
      "evidence outside of its scope",
      "POST",
      "/v1/verifications",
      { task: "x", scope: "/", evidence_paths: ["a"] },
      422,
    ],
  ] as const)("refuses %s, and asks nobody", async (_name, method, path, body, status) => {
    const stage = await startTaskStage();
    expect((await rest(stage.server, path, { method, ...(body === undefined ? {} : { body }) })).status).toBe(
      status,
    );
    expect(stage.phone.messages()).toEqual([]);
  });

  it("is in the OpenAPI document where tasks are on, and nowhere where they are off", async () => {
    const { server } = await startTaskStage();
    const { body } = await rest(server, "/v1/openapi.json");
    const paths = Object.keys(body["paths"] as object);
    expect(paths).toEqual(
      expect.arrayContaining(["/v1/tasks", "/v1/tasks/{session_id}/messages", "/v1/verifications"]),
    );
    const off = await startStage();
    expect(await rest(off.server, "/v1/tasks")).toMatchObject({ status: 404 });
    expect(JSON.stringify((await rest(off.server, "/v1/openapi.json")).body)).not.toContain("/v1/tasks");
  });
});

describe("/v1/runtime", () => {
  it("tells the operator the configuration without its secrets, and another token nothing of it", async () => {
    const [own, ci] = [`${"own"}-token-that-is-long`, `${"ci"}-token-that-is-long`];
    const stage = await startTaskStage({ env: { APPROVAL_TOKEN: own, APPROVAL_TOKENS: `ci:${ci}` } });
    const as = (token: string) =>
      rest(stage.server, "/v1/runtime", { headers: { Authorization: `Bearer ${token}` } });
    const { body } = await as(own);
    expect(body).toMatchObject({
      ok: true,
      mode: "open",
      status: "ok",
      policy: "none",
      queue: { waiting: 0, tasks: 0 },
      configuration: { token: "set", named_tokens: ["ci"], task_dirs: [stage.folder], tasks: "on" },
      windows: [{ phone: "…0006" }],
    });
    const text = JSON.stringify(body);
    for (const secret of [own, ci, "+15005550006"]) expect(text).not.toContain(secret);
    const other = await as(ci);
    expect(other.body).toMatchObject({ ok: true, requester: "ci", mode: "open" });
    expect(other.body).not.toHaveProperty("configuration");
    expect(other.body).not.toHaveProperty("windows");
  });
});
