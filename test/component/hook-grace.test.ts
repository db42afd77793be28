// The terminal's own time, and one session with our hooks twice: the phone is asked once, as late as it should be and no later.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { askHook, decided, PERMISSION_REQUEST, tellHook } from "../helpers/hook-client.ts";
import { callTool, startStage } from "../helpers/server-stage.ts";

const isRequest = ({ buttons }: { readonly buttons: readonly unknown[] }) => buttons.length > 0;

describe("HOOK_GRACE_SECONDS", () => {
  const env = { HOOK_GRACE_SECONDS: "30" };

  it("is 15 seconds unless something else is set", async () => {
    const clock = createFakeClock();
    const { server, phone, request } = await startStage({
      env: { HOOK_GRACE_SECONDS: "15" },
      deps: { clock },
    });
    expect(parseConfig({}).hookGraceMs).toBe(15_000);
    expect(clock.dues()).not.toContain(15_000);
    void askHook(server).catch(() => {});
    await expect.poll(() => clock.dues()).toContain(15_000);
    await clock.advance(14_999);
    expect(phone.messages()).toEqual([]);
    await clock.advance(1);
    expect((await request()).body).toContain("ls -la /etc");
  });

  it("is not for a session without a terminal, as the command hook tells", async () => {
    const { server, phone, request } = await startStage({ env, deps: { clock: createFakeClock() } });
    const answer = askHook(server, PERMISSION_REQUEST, { headers: { "X-Approval-Attended": "no" } });
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject(decided({ behavior: "allow" }));
  });

  it("is over when the permission tool asks about the same call: one message, and both get the answer", async () => {
    const clock = createFakeClock();
    const { server, phone, request } = await startStage({ env, deps: { clock } });
    expect(clock.dues()).not.toContain(30_000);
    const hook = askHook(server);
    await expect.poll(() => clock.dues()).toContain(30_000);
    const tool = callTool(server, undefined, { headers: { "X-Approval-Project": PERMISSION_REQUEST.cwd } });
    await phone.tap((await request()).sid, "deny");
    expect(await tool).toMatchObject({ behavior: "deny" });
    expect(await hook).toMatchObject(decided({ behavior: "deny" }));
    expect(phone.messages().filter(isRequest)).toHaveLength(1);
  });

  it("delays nothing that a grant allows or the mode refuses", async () => {
    const clock = createFakeClock();
    const { server, phone, request, told } = await startStage({ env, deps: { clock } });
    expect(clock.dues()).not.toContain(30_000);
    const first = askHook(server);
    await expect.poll(() => clock.dues()).toContain(30_000);
    await clock.advance(30_000);
    await phone.tap((await request()).sid, "session");
    await first;
    expect(await askHook(server)).toMatchObject(decided({ behavior: "allow" }));
    await phone.type("pause");
    await told("Paused");
    expect(await askHook(server)).toMatchObject(decided({ behavior: "deny" }));
    expect(phone.messages().filter(isRequest)).toHaveLength(1);
  });

  it("ends when the person stops everything: what is held back is denied at once", async () => {
    const clock = createFakeClock();
    const { server, phone } = await startStage({ env, deps: { clock } });
    expect(clock.dues()).not.toContain(30_000);
    const answer = askHook(server);
    await expect.poll(() => clock.dues()).toContain(30_000);
    await phone.type("panic");
    expect(await answer).toMatchObject(decided({ behavior: "deny" }));
    expect(phone.messages().filter(isRequest)).toEqual([]);
  });

  it("is nothing that a reply could approve: what was not shown cannot be answered", async () => {
    const clock = createFakeClock();
    const { server, phone, request, told } = await startStage({ env, deps: { clock } });
    expect(clock.dues()).not.toContain(30_000);
    void askHook(server).catch(() => {});
    await expect.poll(() => clock.dues()).toContain(30_000);
    await phone.type("yes");
    await phone.type("pending");
    await told("Nothing waits.");
    await clock.advance(30_000);
    expect((await request()).body).toContain("ls -la /etc");
  });
});

describe("the hooks of the settings and those of the plugin in one session", () => {
  const both = [{}, { "X-Approval-Hook-Of": "plugin" }];

  it("ask about a call once, and one answer serves both", async () => {
    const { server, phone, request } = await startStage();
    const answers = both.map((headers) => askHook(server, PERMISSION_REQUEST, { headers }));
    const { sid } = await request();
    await phone.type("pending");
    await phone.tap(sid, "approve");
    for (const answer of answers) expect(await answer).toMatchObject(decided({ behavior: "allow" }));
    expect(phone.messages().filter(isRequest)).toHaveLength(1);
  });

  it.each([
    ["another session", { session_id: "another" }, {}],
    ["the same hook again", {}, {}],
    ["another call", { tool_input: { command: "ls -la /var" } }, { "X-Approval-Hook-Of": "plugin" }],
  ])("are two requests for %s", async (_, fields, headers) => {
    const { server, request } = await startStage();
    void askHook(server).catch(() => {});
    await request(0);
    void askHook(server, { ...PERMISSION_REQUEST, ...fields }, { headers }).catch(() => {});
    expect((await request(1)).buttons).not.toEqual([]);
  });

  it("tell once what did not run", async () => {
    const { server, phone, request, told } = await startStage();
    const answers = both.map((headers) => askHook(server, PERMISSION_REQUEST, { headers }));
    await phone.tap((await request()).sid, "approve");
    await Promise.all(answers);
    await tellHook(server, "stop", { prompt_id: PERMISSION_REQUEST.prompt_id });
    await told("did not run it");
    await phone.type("pending");
    await told("Nothing waits.");
    expect(phone.messages().filter(({ body }) => body.includes("did not run it"))).toHaveLength(1);
  });
});
