// Interactive sessions: a PermissionRequest races the terminal's dialog. Only an approval allows; what nobody has
// decided is no opinion, so that the dialog stays.

import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deferred } from "../../src/core/timing.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { askHook, decided, PERMISSION_REQUEST, postHook } from "../helpers/hook-client.ts";
import { DB, questionCall } from "../helpers/questions.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const isRequest = ({ buttons }: { readonly buttons: readonly unknown[] }) => buttons.length > 0;
const requests = ({ phone }: ServerStage) => phone.messages().filter(isRequest);

describe("a PermissionRequest", () => {
  it("is allowed by a tap, without an input of ours; the phone is told once Claude has it", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = askHook(server);
    const { sid, body } = await request();
    expect(body).toContain("*Project:* web-shop");
    await phone.tap(sid, "approve");
    expect(await answer).toEqual(decided({ behavior: "allow" }));
    await told("approved: Claude has the answer");
  });

  it("is denied in the person's words", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = askHook(server);
    await phone.type("use the staging bucket", { quote: (await request()).sid });
    const message = expect.stringMatching(/Their words: use the staging bucket$/);
    expect(await answer).toEqual(decided({ behavior: "deny", message }));
    await told("denied: Claude has the answer");
  });

  it("for the session hands over no rule, whatever Claude Code suggests", async () => {
    const { server, phone, request } = await startStage();
    const rules = [{ toolName: "Bash", ruleContent: "ls -la /etc" }];
    const answer = askHook(server, {
      ...PERMISSION_REQUEST,
      permission_suggestions: [{ type: "addRules", behavior: "allow", rules, destination: "localSettings" }],
    });
    await phone.tap((await request()).sid, "session");
    expect(await answer).toEqual(decided({ behavior: "allow" }));
  });

  it("that is a plan comes back with its input, of any size and with odd keys as it is", async () => {
    const { server, phone, request } = await startStage();
    const plan = "ä line of it\n".repeat(20_000);
    const input = `{"plan":${JSON.stringify(plan)},"__proto__":{"x":1}}`;
    const body = JSON.stringify({ ...PERMISSION_REQUEST, tool_name: "ExitPlanMode", tool_input: "INPUT" });
    const answer = postHook(
      server,
      "permission-request",
      body.replace('"INPUT"', () => input),
    );
    await phone.tap((await request()).sid, "approve");
    expect(await (await answer).text()).toContain(`"updatedInput":${input}`);
  });

  it("that a panic or a pause refuses is denied: a person decided", async () => {
    const { server, phone, told } = await startStage();
    await phone.type("PAUSE 30");
    await told("Paused until");
    const message = expect.stringContaining("The person has paused approvals");
    expect(await askHook(server)).toEqual(decided({ behavior: "deny", message }));
    await phone.type("PANIC");
    await told("Stopped:");
    expect(await askHook(server)).toMatchObject(decided({ behavior: "deny" }));
  });

  it.each([
    ["plan", "*Project:* web-shop (mode plan)"],
    ["default", "*Project:* web-shop\n"],
    ["plan)\n*Request ID:* zzzzz", "*Project:* web-shop\n"],
    [{ a: 1 }, "*Project:* web-shop\n"],
  ])("names a permission mode that is not the usual one: %j", async (permission_mode, line) => {
    const { server, phone, request } = await startStage();
    const answer = askHook(server, { ...PERMISSION_REQUEST, permission_mode });
    const { sid, body } = await request();
    expect(body).toContain(line);
    await phone.tap(sid, "deny");
    await answer;
  });

  it.each([
    [{ name: "github", source: "project" }, "*Project:* web-shop (MCP server from project)"],
    [{ name: "github", source: "plugin" }, "*Project:* web-shop (MCP server from plugin)"],
    [{ name: "github" }, "*Project:* web-shop\n"],
    [{ name: "github", source: "user)\n*Request ID:* zzzzz" }, "*Project:* web-shop\n"],
    ["project", "*Project:* web-shop\n"],
  ])("names who has set an MCP server up, where it is told: %j", async (mcp_server, line) => {
    const { server, phone, request } = await startStage();
    const call = { tool_name: "mcp__github__close", tool_input: { id: 1 } };
    const answer = askHook(server, { ...PERMISSION_REQUEST, ...call, mcp_server });
    const { sid, body } = await request();
    expect(body).toContain(line);
    expect(body).toContain("*Tool:* github › close\n");
    await phone.tap(sid, "deny");
    await answer;
  });

  const question = (input: object) => ({
    ...PERMISSION_REQUEST,
    tool_name: "AskUserQuestion",
    tool_input: input,
  });

  it("that is a question is answered by its number, in words, or denied", async () => {
    const { server, phone, told } = await startStage();
    const { input } = questionCall(DB);
    const asked = (number: number) =>
      phone.waitForMessage(
        ({ sid }) => sid === phone.messages().filter(({ body }) => body.includes("Which DB?"))[number]?.sid,
      );
    const allowed = (answer: string) =>
      decided({ behavior: "allow", updatedInput: { ...input, answers: { "Which DB?": answer } } });

    const picked = askHook(server, question(input));
    await phone.type("2", { quote: (await asked(0)).sid });
    expect(await picked).toEqual(allowed("SQLite"));
    await told("answered: Claude has the answer");

    const written = askHook(server, question(input));
    await phone.type("DuckDB, for now", { quote: (await asked(1)).sid });
    expect(await written).toEqual(allowed("DuckDB, for now"));

    const denied = askHook(server, question(input));
    await phone.type("no", { quote: (await asked(2)).sid });
    expect(await denied).toMatchObject(decided({ behavior: "deny" }));
  });

  it("that is a question which cannot be asked is left to the terminal", async () => {
    const stage = await startStage();
    const questions = [{ question: "Which DB?", header: "DB", multiSelect: false, options: [] }];
    expect(await askHook(stage.server, question({ questions }))).toEqual({});
    expect(stage.phone.messages()).toEqual([]);
  });
});

describe("no opinion, so that the terminal's dialog stays, is the answer", () => {
  it("when nobody answers in time", async () => {
    const clock = createFakeClock();
    const { server, phone, request, told } = await startStage({ deps: { clock } });
    const answer = askHook(server);
    const { sid } = await request();
    await clock.advance(300_000);
    expect(await answer).toEqual({});
    await phone.tap(sid, "approve");
    await told("expired 0 s ago: nothing ran");
  });

  it("when the message cannot be delivered", async () => {
    const { server, phone } = await startStage();
    phone.fail({ kind: "reject", httpStatus: 400, code: 63007 });
    expect(await askHook(server)).toEqual({});
  });

  it("when the request cannot be recorded", async () => {
    const { createSqliteStore } = await import("../../src/store/sqlite.ts");
    const openStore = (path: string) => ({
      ...createSqliteStore(path),
      insert: () => Promise.reject(new Error("disk full")),
    });
    const { server } = await startStage({ deps: { openStore } });
    expect(await askHook(server)).toEqual({});
  });

  it("when an approval cannot be recorded: it is none", async () => {
    const { createSqliteStore } = await import("../../src/store/sqlite.ts");
    const openStore = (path: string) => ({
      ...createSqliteStore(path),
      settle: () => Promise.reject(new Error("disk full")),
    });
    const { server, phone, request } = await startStage({ deps: { openStore } });
    const answer = askHook(server);
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toEqual({});
  });

  it("when the server stops", async () => {
    const { server, request } = await startStage();
    const answer = askHook(server);
    await request();
    await server.close();
    expect(await answer).toEqual({});
  });

  it.each<[string, unknown]>([
    ["no fields", {}],
    ["a list", []],
    ["no tool", { ...PERMISSION_REQUEST, tool_name: undefined }],
    ["an empty tool", { ...PERMISSION_REQUEST, tool_name: "  " }],
    ["a tool that is no text", { ...PERMISSION_REQUEST, tool_name: 7 }],
    ["no input", { ...PERMISSION_REQUEST, tool_input: undefined }],
    ["an input that is text", { ...PERMISSION_REQUEST, tool_input: "ls" }],
    ["an input that is a list", { ...PERMISSION_REQUEST, tool_input: ["ls"] }],
    ["another event's name", { ...PERMISSION_REQUEST, hook_event_name: "PreToolUse" }],
    ["an input too deep to read", { ...PERMISSION_REQUEST, tool_input: { a: JSON.parse(deep(300)) } }],
  ])("to a body with %s", async (_, body) => {
    const stage = await startStage();
    const response = await postHook(stage.server, "permission-request", body);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect(stage.phone.messages()).toEqual([]);
  });

  it("to odd fields it is not: they count as absent", async () => {
    const { server, phone, request } = await startStage();
    const odd = { session_id: 7, agent_id: {}, cwd: ["/"], permission_mode: null };
    const answer = askHook(server, { ...PERMISSION_REQUEST, ...odd });
    const { sid, body } = await request();
    expect(body).toContain("*Project:* -\n");
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject(decided({ behavior: "deny" }));
  });
});

describe("the hooks' routes", () => {
  it.each(["http://localhost:3000", "http://127.0.0.1:8000", "https://example.com", "null"])(
    "refuse a web page of %s",
    async (origin) => {
      const stage = await startStage();
      for (const event of ["permission-request", "stop"]) {
        const response = await postHook(stage.server, event, PERMISSION_REQUEST, { headers: { origin } });
        expect(response.status).toBe(403);
      }
      expect(stage.phone.messages()).toEqual([]);
    },
  );

  it.each(["text/plain", "application/x-www-form-urlencoded"])("refuse a body of %s", async (type) => {
    const stage = await startStage();
    const headers = { "content-type": type };
    const response = await postHook(stage.server, "permission-request", PERMISSION_REQUEST, { headers });
    expect(response.status).toBe(415);
    expect(stage.phone.messages()).toEqual([]);
  });

  it("refuse what is not JSON, and have no other events", async () => {
    const { server } = await startStage();
    expect((await postHook(server, "permission-request", "{")).status).toBe(400);
    expect((await postHook(server, "pre-compact", {})).status).toBe(404);
    expect((await fetch(`${server.localUrl}/hooks/permission-request`)).status).toBe(404);
  });

  it("want the token when there is one", async () => {
    const APPROVAL_TOKEN = "a-token-of-the-tests";
    const { server, phone, request } = await startStage({ env: { APPROVAL_TOKEN } });
    expect((await postHook(server, "permission-request", PERMISSION_REQUEST)).status).toBe(401);
    const headers = { authorization: `Bearer ${APPROVAL_TOKEN}` };
    const answer = askHook(server, PERMISSION_REQUEST, { headers });
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow" }));
  });

  it("log no input", async () => {
    const { server, phone, request, log } = await startStage();
    const secret = "hunter2-correct-horse";
    const answer = askHook(server, { ...PERMISSION_REQUEST, tool_input: { command: `echo ${secret}` } });
    await postHook(server, "permission-request", { ...PERMISSION_REQUEST, tool_input: secret });
    await postHook(server, "stop", { last_assistant_message: secret });
    await phone.tap((await request()).sid, "approve");
    await answer;
    expect(log.text()).toContain("could not be read");
    expect(log.text()).not.toContain(secret);
  });
});

describe("a call that comes in by the hook and the prompt tool", () => {
  it("is one message, and both get the answer", async () => {
    const stage = await startStage();
    const headers = { "X-Approval-Project": "/code/web-shop" };
    const hook = askHook(stage.server);
    const { sid } = await stage.request();
    const { promise, resolve: joined } = deferred<string>();
    const tool = callTool(stage.server, BASH_CALL, { headers, onProgress: joined });
    await promise;
    await stage.phone.tap(sid, "approve");
    expect(await tool).toMatchObject({ behavior: "allow" });
    expect(await hook).toMatchObject(decided({ behavior: "allow" }));
    expect(requests(stage)).toHaveLength(1);
  });

  it("is one message also where the shell's folder is a link to the hook's", async () => {
    const stage = await startStage();
    const folder = temporaryFolder();
    const link = join(folder, "link");
    mkdirSync(join(folder, "shop"));
    symlinkSync(join(folder, "shop"), link);
    const hook = askHook(stage.server, { ...PERMISSION_REQUEST, cwd: realpathSync(link) });
    const { sid } = await stage.request();
    const { promise, resolve: joined } = deferred<string>();
    const headers = { "X-Approval-Project": link };
    const tool = callTool(stage.server, BASH_CALL, { headers, onProgress: joined });
    await promise;
    await stage.phone.tap(sid, "deny");
    expect(await tool).toMatchObject({ behavior: "deny" });
    expect(await hook).toMatchObject(decided({ behavior: "deny" }));
    expect(requests(stage)).toHaveLength(1);
  });

  it("that come twice by the hook are two: nothing tells a repeat from a second call", async () => {
    const stage = await startStage();
    const answers = [askHook(stage.server), askHook(stage.server)];
    for (const index of [0, 1]) await stage.phone.tap((await stage.request(index)).sid, "deny");
    expect(await Promise.all(answers)).toMatchObject([
      decided({ behavior: "deny" }),
      decided({ behavior: "deny" }),
    ]);
  });
});

function deep(levels: number): string {
  return `${"[".repeat(levels)}${"]".repeat(levels)}`;
}
