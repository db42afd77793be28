// Session: a tap allows the same call again, at the door and for the caller that the message names, until somebody or
// the clock ends it. Through the real doors, with the real inspector, policy, store and phone.
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { PERMISSION_TOOL } from "../../src/doors/mcp/tool-table.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { askHook, decided, PERMISSION_REQUEST, postHook } from "../helpers/hook-client.ts";
import {
  BASH_CALL,
  callTool,
  type ServerStage,
  type StageOptions,
  startStage,
} from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const SHOP = "/code/web-shop";
const IN_SHOP = { headers: { "X-Approval-Project": SHOP } };
const isRequest = ({ buttons }: { readonly buttons: readonly unknown[] }) => buttons.length > 0;
const requests = ({ phone }: ServerStage) => phone.messages().filter(isRequest);
const idOf = ({ body }: { readonly body: string }) => /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
const ALLOW = { behavior: "allow" };

/** One call through a door. @returns what its caller would read: allow, deny, or nothing that decides */
type Ask = (stage: ServerStage, call?: object, more?: object) => Promise<unknown>;

const mcp: Ask = (stage, call = {}, more: object = IN_SHOP) =>
  callTool(stage.server, { ...BASH_CALL, ...call }, more);
const hook: Ask = async (stage, call = {}, more = {}) => {
  const { input: tool_input = PERMISSION_REQUEST.tool_input, ...others } = call as { input?: object };
  const body = { ...PERMISSION_REQUEST, ...others, tool_input };
  const answer = await askHook(stage.server, body, more);
  // What was allowed runs, and Claude Code says so.
  if (JSON.stringify(answer).includes('"allow"')) {
    await postHook(stage.server, "post-tool-use", { ...body, hook_event_name: "PostToolUse" }, more);
  }
  return answer;
};
const bash = (command: string, more: object = {}) => ({ tool_name: "Bash", input: { command, ...more } });

/** A call that the phone has answered with Session. @returns the request's id */
async function grant(stage: ServerStage, ask: Ask, call?: object, more?: object): Promise<string> {
  const before = requests(stage).length;
  const answer = ask(stage, call, more);
  const message = await stage.request(before);
  expect(message.buttons).toHaveLength(3);
  await stage.phone.tap(message.sid, "session");
  await answer;
  await stage.told(`REVOKE ${idOf(message)} ends that`);
  return idOf(message);
}

/** Expects that a person is asked, and denies. */
async function asks(stage: ServerStage, ask: Ask, call?: object, more?: object): Promise<void> {
  const before = requests(stage).length;
  const answer = ask(stage, call, more);
  const message = await stage.request(before);
  await stage.phone.tap(message.sid, "deny");
  expect(JSON.stringify(await answer)).toContain("deny");
  await stage.told(`${idOf(message)} denied`);
}

/** Expects that nobody is asked. */
async function runs(stage: ServerStage, ask: Ask, call?: object, more?: object): Promise<void> {
  const before = stage.phone.messages().length;
  expect(JSON.stringify(await ask(stage, call, more))).toContain('"behavior":"allow"');
  expect(stage.phone.messages()).toHaveLength(before);
}

async function start(options?: StageOptions) {
  const stage = await startStage(options);
  const health = async () =>
    (await (await fetch(`${stage.server.localUrl}/health`)).json()) as { grants: number };
  const list = async () => {
    const response = await fetch(`${stage.server.localUrl}/v1/approvals?limit=100`);
    return ((await response.json()) as { approvals: readonly Record<string, unknown>[] }).approvals;
  };
  const say = async (text: string, answer: string) => {
    await stage.phone.type(text);
    return (await stage.told(answer)).body;
  };
  return { ...stage, health, list, say };
}

describe.each<[string, Ask, string]>([
  ["the permission tool", mcp, "in any folder of this project"],
  ["the hook", hook, "in this folder and Claude session"],
])("a grant through %s", (_, ask, place) => {
  it("lets the same call through unasked, as a row of its own; another one is asked about", async () => {
    const stage = await start();
    const answer = ask(stage);
    const message = await stage.request();
    expect(message.body).toContain(`🔁 Session allows this exact command, ${place}, for 60 minutes`);
    await stage.phone.tap(message.sid, "session");
    expect(JSON.stringify(await answer)).not.toContain("updatedPermissions");
    const id = idOf(message);
    await stage.told(
      `✅ ${id} approved, and again without asking (this exact command, ${place}, for 60 minutes): Claude has the answer. REVOKE ${id} ends that`,
    );
    await runs(stage, ask);
    await runs(stage, ask, { input: { command: "ls -la /etc", description: "Other words" } });
    for (const other of [
      "ls -la /etc/",
      "ls  -la /etc",
      "LS -la /etc",
      "ls -la /etc && ls -la /etc",
      "cat /etc/hosts | ls -la /etc",
    ])
      await asks(stage, ask, bash(other));
    await asks(stage, ask, bash("ls -la /etc", { timeout: 5_000 }));
    await asks(stage, ask, bash("ls -la /etc", { run_in_background: true }));
    await asks(stage, ask, bash("ls -la /etc", { dangerouslyDisableSandbox: true }));
    await asks(stage, ask, bash("ls -la /etc", { unknown: true }));
    const rows = await stage.list();
    const uses = rows.filter((row) => row["grant"] !== undefined);
    expect(uses.map((row) => [row["grant"], row["status"], row["tool_name"]])).toEqual([
      [id, "approved", "Bash"],
      [id, "approved", "Bash"],
    ]);
    expect(new Set(uses.map((row) => row["approval_id"])).size).toBe(2);
    expect(stage.log.entries.filter(({ message }) => message === "approved by grant")).toHaveLength(2);
  });

  it.each([
    [
      "REVOKE and its id",
      (id: string) => [`revoke ${id}`, `Ended: ${id}. What it allowed is asked about again.`],
    ],
    ["REVOKE ALL", (id: string) => ["REVOKE ALL", `Ended: ${id}.`]],
  ])("ends with %s", async (_name, words) => {
    const stage = await start();
    const id = await grant(stage, ask);
    expect(await stage.health()).toMatchObject({ grants: 1 });
    const [say = "", answer = ""] = words(id);
    await stage.say(say, answer);
    expect(await stage.health()).toMatchObject({ grants: 0 });
    await asks(stage, ask);
  });

  it("ends with PAUSE, which says so; RESUME brings nothing back", async () => {
    const stage = await start();
    const id = await grant(stage, ask);
    await stage.say("PAUSE 30", `1 grant of Session has ended with it: ${id}.`);
    expect(JSON.stringify(await ask(stage))).toContain("paused approvals");
    await stage.say("RESUME", "Resumed");
    await asks(stage, ask);
  });

  it("ends with PANIC, which says so", async () => {
    const stage = await start();
    await grant(stage, ask);
    await grant(stage, ask, bash("ls -la /tmp"));
    await stage.say("PANIC", "2 grants of Session have ended with it.");
    expect(JSON.stringify(await ask(stage))).toContain("stopped all approvals");
    await fetch(`${stage.server.localUrl}/control/resume`, { method: "POST" });
    await asks(stage, ask);
  });

  it("ends when the server stops", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    const env = { APPROVAL_DB: path };
    const first = await start({ env });
    const id = await grant(first, ask);
    await runs(first, ask);
    await first.server.close();
    const row = () => {
      const db = new Database(path, { readonly: true });
      const found = db.prepare("SELECT uses, ended_by FROM grants WHERE id = ?").get(id);
      db.close();
      return found;
    };
    expect(row()).toEqual({ uses: 1, ended_by: "shutdown" });
    const second = await start({ env });
    await asks(second, ask);
  });

  it("ends after its time, also when the wall clock was set back or the machine slept", async () => {
    for (const pass of [
      (clock: ReturnType<typeof createFakeClock>) => clock.advance(60 * 60_000),
      async (clock: ReturnType<typeof createFakeClock>) => clock.sleep(60 * 60_000),
      async (clock: ReturnType<typeof createFakeClock>) => {
        clock.setBack(30 * 60_000);
        await clock.advance(60 * 60_000);
      },
    ]) {
      const clock = createFakeClock();
      const stage = await start({ deps: { clock } });
      await grant(stage, ask);
      await clock.advance(59 * 60_000);
      await runs(stage, ask);
      await pass(clock);
      expect(await stage.health()).toMatchObject({ grants: 0 });
      await asks(stage, ask);
      await stage.server.close();
    }
  });

  it("holds as long as SESSION_GRANT_MINUTES says", async () => {
    const clock = createFakeClock();
    const stage = await start({ deps: { clock }, env: { SESSION_GRANT_MINUTES: "5" } });
    const answer = ask(stage);
    const message = await stage.request();
    expect(message.body).toContain(", for 5 minutes");
    await stage.phone.tap(message.sid, "session");
    await answer;
    await clock.advance(299_000);
    await runs(stage, ask);
    await clock.advance(1_000);
    await asks(stage, ask);
  });

  it("is listed by GRANTS, with how often it was used and what it is about", async () => {
    const clock = createFakeClock();
    const stage = await start({ deps: { clock } });
    expect(await stage.say("GRANTS", "No grants")).toBe(
      "No grants: Session has allowed nothing that still holds.",
    );
    const id = await grant(stage, ask);
    await runs(stage, ask);
    await runs(stage, ask);
    clock.pass(1_000);
    const where = ask === mcp ? "any folder of the project" : "one folder of one Claude session";
    const text = await stage.say("grants", "1 grant:");
    expect(text).toBe(
      `1 grant:\n${id}: Bash ls -la /etc, ${where}, project web-shop, 59 minutes left, used 2 times\n` +
        `REVOKE ${id} ends one, REVOKE ALL ends them all.`,
    );
    expect(await stage.say("REVOKE abcde", "There is no grant abcde")).toContain(
      `\n${id}: Bash ls -la /etc,`,
    );
    expect(await stage.say("STATUS", "waiting.")).toContain("1 grant held: GRANTS lists them.");
    await runs(stage, ask);
  });

  it("is not given by Approve, nor by a tap that nobody waited for", async () => {
    const stage = await start();
    const answer = ask(stage);
    await stage.phone.tap((await stage.request()).sid, "approve");
    await answer;
    await asks(stage, ask);
    expect(await stage.health()).toMatchObject({ grants: 0 });
  });

  it("counts against the limit of requests", async () => {
    const stage = await start({ env: { MAX_REQUESTS_PER_MINUTE: "3" } });
    await grant(stage, ask);
    await runs(stage, ask);
    await runs(stage, ask);
    expect(JSON.stringify(await ask(stage))).not.toContain('"allow"');
  });

  it("is less than a rule of the policy that denies, also one that was written later", async () => {
    const policy = join(temporaryFolder(), "policy.json");
    const write = (rules: object[]) =>
      writeFileSync(policy, JSON.stringify({ version: 1, rules }), { mode: 0o600 });
    write([{ decision: "deny", rules: ["Bash(curl *)"] }]);
    const clock = createFakeClock();
    const stage = await start({ deps: { clock }, env: { APPROVAL_POLICY: policy } });
    await grant(stage, ask);
    await runs(stage, ask);
    write([{ decision: "deny", rules: ["Bash(ls *)"] }]);
    await clock.advance(60_000);
    await expect.poll(async () => JSON.stringify(await ask(stage))).toContain("policy denies");
  });

  it("beats a rule that asks: a person has answered it; the cap of a session still counts", async () => {
    const policy = join(temporaryFolder(), "policy.json");
    const rules = [{ decision: "ask", rules: ["Bash(ls *)"] }];
    writeFileSync(policy, JSON.stringify({ version: 1, rules, max_approvals_per_session: 2 }), {
      mode: 0o600,
    });
    const stage = await start({ env: { APPROVAL_POLICY: policy } });
    await grant(stage, ask);
    await runs(stage, ask);
    expect(JSON.stringify(await ask(stage))).toContain("used up its 2 approvals");
  });

  it("is another token's for each token", async () => {
    const tokens = ["laptop", "ci"].map((name) => `${name}:${name}-token-of-the-tests`);
    const APPROVAL_TOKEN = "the-token-of-the-operator";
    const stage = await start({ env: { APPROVAL_TOKEN, APPROVAL_TOKENS: tokens.join(",") } });
    const as = (name: string) => ({
      headers: { ...IN_SHOP.headers, authorization: `Bearer ${name}-token-of-the-tests` },
    });
    await grant(stage, ask, undefined, as("laptop"));
    await runs(stage, ask, undefined, as("laptop"));
    await asks(stage, ask, undefined, as("ci"));
    const operator = { headers: { ...IN_SHOP.headers, authorization: `Bearer ${APPROVAL_TOKEN}` } };
    await asks(stage, ask, undefined, operator);
  });

  it("for a file covers every edit of it, and no other file, link or spelling", async () => {
    const folder = realpathSync(temporaryFolder());
    const file = join(folder, "new.txt");
    const write = (file_path: string, content = "one") => ({
      tool_name: "Write",
      input: { file_path, content },
    });
    const stage = await start();
    const answer = ask(stage, write(file));
    const message = await stage.request();
    expect(message.body).toMatch(
      /🔁 Session allows edits of \S+new\.txt, in (this Claude session|any folder of this project), for 60 minutes/,
    );
    await stage.phone.tap(message.sid, "session");
    await answer;
    await stage.told("ends that");
    writeFileSync(file, "one");
    await runs(stage, ask, write(file, "two"));
    const edit = { file_path: file, old_string: "two", new_string: "three" };
    await runs(stage, ask, { tool_name: "Edit", input: edit });
    await asks(stage, ask, write(join(folder, "NEW.TXT")));
    await asks(stage, ask, write(`${folder}/x/../new.txt`));
    await asks(stage, ask, { tool_name: "Read", input: { file_path: file } });
    await asks(stage, ask, { tool_name: "Write", input: { file_path: file, content: "x", mode: 1 } });
    await asks(stage, ask, {
      tool_name: "NotebookEdit",
      input: { notebook_path: join(folder, "b.ipynb"), new_source: "x" },
    });
    const secret = ["ghp", "R4nd0mLettersAndDigits0123456789abcd"].join("_");
    await asks(stage, ask, write(file, `token ${secret}`));
    // The same path, another file.
    rmSync(file);
    writeFileSync(join(folder, "other.txt"), "precious");
    symlinkSync("other.txt", file);
    await asks(stage, ask, write(file));
    rmSync(file);
    await runs(stage, ask, write(file));
  });

  it("for a file below a folder ends where that folder becomes a link to another", async () => {
    const folder = realpathSync(temporaryFolder());
    mkdirSync(join(folder, "out"));
    mkdirSync(join(folder, "other"));
    const write = { tool_name: "Write", input: { file_path: join(folder, "out/a.txt"), content: "x" } };
    const stage = await start();
    await grant(stage, ask, write);
    await runs(stage, ask, write);
    rmSync(join(folder, "out"), { recursive: true });
    symlinkSync("other", join(folder, "out"));
    await asks(stage, ask, write);
  });

  it("for a host covers that name and port, over https", async () => {
    const fetching = (url: string) => ({ tool_name: "WebFetch", input: { url, prompt: "Read it" } });
    const stage = await start();
    await grant(stage, ask, fetching("https://example.com/a"));
    await runs(stage, ask, fetching("https://example.com/b?c"));
    await runs(stage, ask, fetching("https://EXAMPLE.com:443/"));
    for (const url of [
      "http://example.com/a",
      "https://example.com:8443/a",
      "https://www.example.com/",
      "https://example.com.evil.org/",
    ])
      await asks(stage, ask, fetching(url));
  });

  it("for a tool of an MCP server covers that name, with any input", async () => {
    const stage = await start();
    const issue = (name: string, input: object) => ({ tool_name: `mcp__github__${name}`, input });
    await grant(stage, ask, issue("create_issue", { title: "x" }));
    await runs(stage, ask, issue("create_issue", { title: "y", body: "z" }));
    await asks(stage, ask, issue("create_issues", { title: "x" }));
    await asks(stage, ask, { tool_name: "mcp__gitlab__create_issue", input: { title: "x" } });
  });

  it("is nothing that the database alone can make: a row that was written into it allows nothing", async () => {
    const stage = await start();
    await asks(stage, ask);
    const db = new Database(stage.databasePath);
    db.prepare(
      `INSERT INTO grants (id, given_by, subject, holder, given_at, expires_at)
       SELECT id, '+15005550006', '{"kind":"call"}', '{}', 0, 9999999999999 FROM approvals`,
    ).run();
    db.close();
    await asks(stage, ask);
  });

  it("does not count where its row has been ended: a person is asked", async () => {
    const stage = await start();
    const id = await grant(stage, ask);
    const db = new Database(stage.databasePath);
    db.prepare("UPDATE grants SET ended_at = 1 WHERE id = ?").run(id);
    db.close();
    await asks(stage, ask);
    expect((await stage.list()).filter((row) => row["grant"] !== undefined)).toEqual([]);
  });
});

describe("the permission tool, which does not know the folder,", () => {
  it.each(["npm test", "./build.sh", "rm notes.txt", "sqlite3 app.db", "ls", "touch one.txt", "git status"])(
    "offers no Session for %s",
    async (command) => {
      const stage = await start();
      const answer = mcp(stage, bash(command));
      const { buttons, sid } = await stage.request();
      expect(buttons).toHaveLength(2);
      await stage.phone.tap(sid, "session").catch(() => {});
      await stage.phone.tap(sid, "deny");
      await answer;
    },
  );

  it("offers it for what begins with its folder", async () => {
    const stage = await start();
    await grant(stage, mcp, bash("cd /srv/shop && npm test"));
    await runs(stage, mcp, bash("cd /srv/shop && npm test"));
    await asks(stage, mcp, bash("cd /srv/shop2 && npm test"));
  });

  it("gives a grant to one project; who names none is another one", async () => {
    const stage = await start();
    await grant(stage, mcp);
    await asks(stage, mcp, undefined, { headers: { "X-Approval-Project": "/code/other" } });
    await asks(stage, mcp, undefined, { headers: { "X-Approval-Project": "/code/web-shop/sub" } });
    await asks(stage, mcp, undefined, {});
    const answer = mcp(stage, bash("cat /etc/hosts"), {});
    const message = await stage.request(4);
    expect(message.body).toContain(
      "🔁 Session allows this exact command, for callers that name no project, for 60 minutes",
    );
    await stage.phone.tap(message.sid, "session");
    await answer;
    await stage.told(`REVOKE ${idOf(message)} ends that`);
    await runs(stage, mcp, bash("cat /etc/hosts"), {});
    await asks(stage, mcp, bash("cat /etc/hosts"), IN_SHOP);
  });
});

describe("the hook, which knows the folder and the session,", () => {
  it.each(["npm test", "./build.sh", "rm notes.txt", "sqlite3 app.db", "cat a.txt"])(
    "allows %s again there only",
    async (command) => {
      const stage = await start();
      const call = bash(command);
      await grant(stage, hook, call);
      await runs(stage, hook, call);
      await asks(stage, hook, { ...call, cwd: "/code/web-shop/sub" });
      await asks(stage, hook, { ...call, session_id: "another-session" });
      await asks(stage, hook, { ...call, session_id: undefined });
      await asks(stage, hook, bash(`cd sub && ${command}`));
      await asks(stage, hook, bash(`echo x | ${command}`));
      await runs(stage, hook, call);
      // A world of its own: within two seconds the two doors' calls are one.
      const other = await start();
      await grant(other, hook, call);
      await asks(other, mcp, call);
    },
  );

  it("without a session gives it to the project's folder", async () => {
    const stage = await start();
    const call = { ...bash("npm test"), session_id: undefined };
    const answer = hook(stage, call);
    const message = await stage.request();
    expect(message.body).toContain("🔁 Session allows this exact command, in this folder, for 60 minutes");
    await stage.phone.tap(message.sid, "session");
    await answer;
    await stage.told("ends that");
    await runs(stage, hook, call);
    await asks(stage, hook, { ...call, cwd: "/code/other" });
  });

  it("without a session and a folder offers nothing that depends on the folder", async () => {
    const stage = await start();
    const answer = hook(stage, { ...bash("npm test"), session_id: undefined, cwd: undefined });
    const { buttons, sid } = await stage.request();
    expect(buttons).toHaveLength(2);
    await stage.phone.tap(sid, "deny");
    await answer;
  });
});

/** The permission tool in one request, so that nothing goes before it. */
const rawMcp: Ask = async ({ server }, call = {}, more = IN_SHOP) => {
  const { headers } = more as typeof IN_SHOP;
  const args = { ...BASH_CALL, ...call, session_id: undefined };
  const response = await fetch(`${server.localUrl}/mcp`, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: PERMISSION_TOOL, arguments: args, _meta: { progressToken: 1 } },
    }),
  });
  return { behavior: /behavior\W+(\w+)/.exec(await response.text())?.[1] };
};

describe("both doors at once, as claude -p with the hooks uses them,", () => {
  /** What comes together does so within no time. */
  const atOnce = () => start({ deps: { clock: createFakeClock() } });
  const both = async (stage: ServerStage, order: readonly Ask[], call: object) => {
    const [first, second] = order as [Ask, Ask];
    const answers = [first(stage, call)];
    answers.push(second(stage, call));
    return Promise.all(answers);
  };

  it.each([
    ["the permission tool first", [rawMcp, hook]],
    ["the hook first", [hook, rawMcp]],
  ] as const)("use a grant of the hook once for one call: %s", async (_, order) => {
    const stage = await atOnce();
    const call = bash("npm test");
    await grant(stage, hook, call);
    const before = stage.phone.messages().length;
    for (const answer of await both(stage, order, call)) expect(JSON.stringify(answer)).toContain('"allow"');
    expect(stage.phone.messages()).toHaveLength(before);
    expect((await stage.list()).filter((row) => row["grant"] !== undefined)).toHaveLength(1);
  });

  it.each([
    ["the permission tool first", [rawMcp, hook]],
    ["the hook first", [hook, rawMcp]],
  ] as const)("use a grant of the permission tool once for one call: %s", async (_, order) => {
    const stage = await atOnce();
    await grant(stage, mcp);
    const before = stage.phone.messages().length;
    for (const answer of await both(stage, order, BASH_CALL))
      expect(JSON.stringify(answer)).toContain('"allow"');
    expect(stage.phone.messages()).toHaveLength(before);
    expect((await stage.list()).filter((row) => row["grant"] !== undefined)).toHaveLength(1);
  });

  it("ask when the hook comes from another session", async () => {
    const stage = await atOnce();
    const call = bash("ls -la /etc");
    await grant(stage, hook, call);
    const answers = both(stage, [rawMcp, hook], { ...call, session_id: "another-session" });
    const { sid } = await stage.request(1);
    await stage.phone.tap(sid, "deny");
    expect(JSON.stringify(await answers)).not.toContain('"allow"');
  });
});

describe("two approvers", () => {
  const [ONE, TWO] = ["+15005550006", "+15005550010"];
  it("may each end what the other has given, and both read what was", async () => {
    const stage = await start({ env: { APPROVAL_PHONE: `${ONE},${TWO}` } });
    const answer = mcp(stage);
    const { sid, body } = await stage.request();
    await stage.phone.tap(sid, "session");
    expect(await answer).toMatchObject(ALLOW);
    const id = idOf({ body });
    const told = await stage.phone.waitForMessage(
      ({ body: text }) => text.includes(`${id} approved, and again`) && text.includes(" by …"),
    );
    expect(told.body).toContain(`by …0006: Claude has the answer. REVOKE ${id} ends that`);
    await stage.phone.type(`REVOKE ${id}`, { from: TWO ?? "" });
    await stage.told(`Ended: ${id}.`);
    expect(await stage.health()).toMatchObject({ grants: 0 });
  });
});

describe("REVOKE", () => {
  it("in reply to a request that waits takes back and does not answer the request", async () => {
    const stage = await start();
    const id = await grant(stage, mcp);
    const answer = mcp(stage, bash("cat /etc/hosts"));
    const { sid } = await stage.request(1);
    await stage.phone.type(`REVOKE ${id}`, { quote: sid });
    await stage.told(`Ended: ${id}.`);
    await stage.phone.tap(sid, "approve");
    expect(await answer).toMatchObject(ALLOW);
  });

  it("of what is no grant says so, and repeats no foreign words", async () => {
    const stage = await start();
    const text = await stage.say("REVOKE *everything*", "There is no such grant: nothing changed.");
    expect(text).not.toContain("everything");
    await stage.say("REVOKE ALL", "There are no grants: nothing changed.");
  });
});

it("decided is what a hook gets", async () => {
  const stage = await start();
  await grant(stage, hook);
  expect(await hook(stage)).toMatchObject(decided({ behavior: "allow" }));
});
