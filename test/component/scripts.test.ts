// Scripts as tools, over the real /mcp with real clients and the simulated phone: what a person has seen is what runs.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { createProcesses } from "../../src/server/processes.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { connect, connectV1, type McpClient } from "../helpers/mcp-clients.ts";
import { type ServerStage, type StageOptions, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { HELLO, HELLO_SETTINGS, type ToolsFolder, toolsFolder } from "../helpers/tools-folder.ts";

const TOOL = "scripts__hello";

interface ScriptStage extends ServerStage {
  readonly tools: ToolsFolder;
  readonly client: McpClient;
  /** Everything that the phone got, in its order. */
  bodies(): string[];
}

async function start(
  { env = {}, deps = {} }: StageOptions = {},
  tools = toolsFolder(),
): Promise<ScriptStage> {
  if (!existsSync(join(tools.path, "hello.json"))) tools.script("hello.sh", HELLO, HELLO_SETTINGS);
  const environment = { PATH: process.env["PATH"], DEPLOY_KEY: "k3y", ...env };
  const processes = { ...createProcesses(process), environment };
  const stage = await startStage({ env: { TOOLS_DIR: tools.path, ...env }, deps: { processes, ...deps } });
  const token = env["APPROVAL_TOKEN"];
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  const client = await connect(stage.server.localUrl, headers);
  const bodies = () =>
    stage.phone
      .messages()
      .filter(({ direction }) => direction === "to-phone")
      .map(({ body }) => body);
  return { ...stage, tools, client, bodies };
}

const textOf = ({ content }: { readonly content: readonly { readonly text?: string }[] }) =>
  content.map(({ text }) => text).join("");

/** Calls, taps, and waits for the result. @param index of the request on the phone */
async function approved(
  { client, phone, request }: ScriptStage,
  index: number,
  args: object = { name: "Ann" },
) {
  const answer = client.call(TOOL, args as Record<string, unknown>);
  await phone.tap((await request(index)).sid, "approve");
  return answer;
}

describe.each([
  ["2026-07-28", connect],
  ["2025-11-25", connectV1],
])("over %s", (_, open) => {
  it("a script is listed with its schema, its words and the worst hints", async () => {
    const { server } = await start();
    const tool = (await (await open(server.localUrl)).listTools()).find(({ name }) => name === TOOL);
    expect(tool).toMatchObject({
      description: expect.stringMatching(/^Says hello\.\n/),
      inputSchema: { ...HELLO_SETTINGS.inputSchema, additionalProperties: false },
      annotations: {
        title: "Script hello",
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: false,
        openWorldHint: true,
      },
    });
  });

  it("it runs after the tap, and its output comes back with its exit code", async () => {
    const stage = await start();
    const client = await open(stage.server.localUrl);
    const result = await approved({ ...stage, client }, 0);
    expect(textOf(result)).toBe("hello Ann\n[hello ended with exit code 0]");
    expect(result.isError).toBeFalsy();
    await stage.told("approved: the server runs it");
  });
});

test("the first time its whole text is shown, then its hash, and after a change its text again", async () => {
  const stage = await start();
  const { tools, bodies, request, phone } = stage;
  await approved(stage, 0);
  const first = bodies().join("\n");
  expect(first).toContain("never approved before");
  expect(first).toContain('echo "hello $2"');
  expect(first).toContain('"description": "Says hello."');
  expect(first).toMatch(/sha256: [0-9a-f]{64}/);

  const seen = bodies().length;
  await approved(stage, 1, { name: "Bob" });
  const second = bodies().slice(seen).join("\n");
  expect(second).toContain("hello.sh, as it was last approved");
  expect(second).toContain('{"name":"Bob"}');
  expect(second).toMatch(/sha256: [0-9a-f]{64}/);
  expect(second).not.toContain("echo");
  expect(second).not.toContain("⚠");

  tools.file("hello.sh", `${HELLO}echo and more\n`, 0o755);
  const before = bodies().length;
  const result = await approved(stage, 2);
  const third = bodies().slice(before).join("\n");
  expect(third).toContain("changed since it was last approved");
  expect(third).toContain("echo and more");
  expect(textOf(result)).toContain("and more");

  // Its settings are a part of it: they say what it gets.
  tools.file("hello.json", JSON.stringify({ ...HELLO_SETTINGS, env: ["DEPLOY_KEY"] }));
  const again = stage.client.call(TOOL, { name: "Ann" });
  const { sid } = await request(3);
  expect(bodies().slice(before).join("\n")).toMatch(/"env": \[\s+"DEPLOY_KEY"/);
  await phone.tap(sid, "deny");
  expect(textOf(await again)).toMatch(/^Not run \(denied_by_person\)/);
});

test("a denial runs nothing, and what was denied is not known", async () => {
  const stage = await start();
  const { tools, phone, request, client, bodies } = stage;
  const ran = join(temporaryFolder(), "ran");
  tools.file("hello.sh", `#!/bin/sh\ntouch ${ran}\n`, 0o755);
  const answer = client.call(TOOL, { name: "Ann" });
  await phone.tap((await request()).sid, "deny");
  const result = await answer;
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(/denied_by_person/);
  expect(existsSync(ran)).toBe(false);
  const seen = bodies().length;
  void client.call(TOOL, { name: "Ann" }).catch(() => {});
  await request(1);
  expect(bodies().slice(seen).join("\n")).toContain("never approved before");
});

describe("a script that changes between the request and the tap does not run:", () => {
  const ran = () => join(temporaryFolder(), "ran");
  it.each([
    ["another text", (t: ToolsFolder, at: string) => t.file("hello.sh", `#!/bin/sh\ntouch ${at}\n`, 0o755)],
    [
      "other settings",
      (t: ToolsFolder) => t.file("hello.json", JSON.stringify({ ...HELLO_SETTINGS, serial: true })),
    ],
    ["others may write it now", (t: ToolsFolder) => chmodSync(join(t.path, "hello.sh"), 0o777)],
    ["others may write its folder now", (t: ToolsFolder) => chmodSync(t.path, 0o777)],
    ["it is gone", (t: ToolsFolder) => rmSync(join(t.path, "hello.sh"))],
    ["there is a second one of its name", (t: ToolsFolder) => t.file("hello.py", HELLO, 0o755)],
  ])("%s", async (_, swap) => {
    const at = ran();
    const stage = await start();
    const { client, tools, phone, request, told } = stage;
    // Known or not: the hash counts.
    await approved(stage, 0);
    const answer = client.call(TOOL, { name: "Ann" });
    const { sid } = await request(1);
    swap(tools, at);
    await phone.tap(sid, "approve");
    const result = await answer;
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(
      /^Not run \(changed\): The script hello is no longer what was asked about\./,
    );
    expect(existsSync(at)).toBe(false);
    await told("it could not be started: nothing ran");
  });
});

describe("nobody is asked where", () => {
  it.each([
    ["an argument is missing", {}, /failed.*must have required property 'name'/],
    ["an argument is none of its own", { name: "x", other: "y" }, /failed.*no argument "other"/],
    ["an argument could be an option", { name: "--force" }, /failed.*begins with -/],
    ["an argument is of another type", { name: 5 }, /failed.*must be string/],
  ])("%s", async (_, args, words) => {
    const { client, bodies } = await start();
    const result = await client.call(TOOL, args);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(words);
    expect(bodies()).toEqual([]);
  });

  it("a script names what is the server's own", async () => {
    const tools = toolsFolder();
    tools.script("hello.sh", HELLO, { ...HELLO_SETTINGS, env: ["SERVER_PORT"] });
    const { client, bodies } = await start({}, tools);
    expect(textOf(await client.call(TOOL, { name: "x" }))).toMatch(
      /failed.*SERVER_PORT is the approval server's own/,
    );
    expect(bodies()).toEqual([]);
  });

  it("a script is no longer offered", async () => {
    const { client, tools, bodies } = await start();
    const names = async () => (await client.listTools()).map(({ name }) => name);
    expect(await names()).toContain(TOOL);
    chmodSync(join(tools.path, "hello.sh"), 0o777);
    expect(await names()).not.toContain(TOOL);
    await expect(client.call(TOOL, { name: "x" })).rejects.toThrow(/not found/i);
    expect(bodies()).toEqual([]);
  });
});

describe("the policy", () => {
  const policy = (decision: string, rule: string) => {
    const path = join(temporaryFolder(), "policy.json");
    writeFileSync(path, JSON.stringify({ version: 1, rules: [{ decision, rules: [rule] }] }), {
      mode: 0o600,
    });
    return path;
  };

  it.each(["scripts__hello", "mcp__approval-server__scripts__hello"])(
    "allows %s without a question, but only as it was approved",
    async (rule) => {
      const stage = await start({ env: { APPROVAL_POLICY: policy("allow", rule) } });
      const { client, tools, bodies, request } = stage;
      // New: a person decides, whatever the policy says.
      await approved(stage, 0);
      const seen = bodies().filter((body) => body.includes("Approval Request")).length;
      expect(textOf(await client.call(TOOL, { name: "Bob" }))).toContain("hello Bob");
      expect(bodies().filter((body) => body.includes("Approval Request"))).toHaveLength(seen);
      tools.file("hello.sh", `${HELLO}# changed\n`, 0o755);
      void client.call(TOOL, { name: "Bob" }).catch(() => {});
      await request(1);
      expect(bodies().join("\n")).toContain("changed since it was last approved");
    },
  );

  it("denies it", async () => {
    const { client, bodies } = await start({ env: { APPROVAL_POLICY: policy("deny", "scripts__*") } });
    expect(textOf(await client.call(TOOL, { name: "x" }))).toMatch(/^Not run \(policy\)/);
    expect(bodies()).toEqual([]);
  });
});

test("a failure is an error with its output, and the record says so", async () => {
  const tools = toolsFolder();
  tools.script("hello.sh", "#!/bin/sh\necho out; echo err >&2; exit 7\n", { description: "Fails." });
  const stage = await start({}, tools);
  const result = await approved(stage, 0, {});
  expect(result.isError).toBe(true);
  expect(textOf(result)).toBe("out\nerr\n[hello ended with exit code 7]");
});

test("the server's own secrets are masked in what comes back, and none is in the environment", async () => {
  const secret = ["0123456789abcdef", "of-the-operator"].join("-");
  const tools = toolsFolder();
  const text = `#!/bin/sh\necho ${secret.slice(0, 10)}"${secret.slice(10)}"\nenv\n`;
  tools.script("hello.sh", text, { description: "x", env: ["DEPLOY_KEY"] });
  const stage = await start({ env: { APPROVAL_TOKEN: secret } }, tools);
  const output = textOf(await approved(stage, 0, {}));
  expect(output).toMatch(/^\[secret\]\n/);
  expect(output).toContain("DEPLOY_KEY=k3y");
  expect(output).not.toMatch(/APPROVAL_TOKEN|TWILIO|HOME=/);
  expect(output).not.toContain(secret);
});

test("a time limit ends it, with what it said until then", async () => {
  const out = join(temporaryFolder(), "begun");
  const tools = toolsFolder();
  const text = `#!/bin/sh\necho begun\necho > ${out}\nexec sleep 600\n`;
  tools.script("hello.sh", text, { description: "x", timeoutSeconds: 1 });
  const clock = createFakeClock();
  const ended = approved(await start({ deps: { clock } }, tools), 0, {});
  await expect.poll(() => existsSync(out)).toBe(true);
  await clock.advance(1_000);
  const result = await ended;
  expect(result.isError).toBe(true);
  expect(textOf(result)).toBe("begun\n[hello was ended after 1 s, its time limit]");
});

function sleeper() {
  const out = join(temporaryFolder(), "pid");
  const tools = toolsFolder();
  tools.script("hello.sh", `#!/bin/sh\necho $$ > ${out}\nexec sleep 600\n`, { description: "x" });
  const pid = () => Number(readFileSync(out, "utf8"));
  const runs = () =>
    existsSync(out) && readFileSync(out, "utf8").endsWith("\n") && existsSync(`/proc/${pid()}`);
  return { tools, runs };
}

describe("what runs is killed when", () => {
  it("its caller gives it up", async () => {
    const { tools, runs } = sleeper();
    const { client, phone, request } = await start({}, tools);
    const caller = new AbortController();
    const answer = client.call(TOOL, {}, { signal: caller.signal }).catch(() => "given up");
    await phone.tap((await request()).sid, "approve");
    await expect.poll(runs).toBe(true);
    caller.abort();
    expect(await answer).toBe("given up");
    await expect.poll(runs).toBe(false);
  });

  it("somebody says PANIC", async () => {
    const { tools, runs } = sleeper();
    const { client, phone, request } = await start({}, tools);
    const answer = client.call(TOOL, {});
    await phone.tap((await request()).sid, "approve");
    await expect.poll(runs).toBe(true);
    await phone.type("PANIC");
    expect(textOf(await answer)).toBe("[hello was stopped before it had ended]");
    expect(runs()).toBe(false);
  });

  it("the server stops", async () => {
    const { tools, runs } = sleeper();
    const { client, phone, request, server, databasePath } = await start({}, tools);
    const answer = client.call(TOOL, {});
    await phone.tap((await request()).sid, "approve");
    await expect.poll(runs).toBe(true);
    await server.close();
    expect(textOf(await answer)).toBe("[hello was stopped before it had ended]");
    expect(runs()).toBe(false);
    expect(existsSync(`${databasePath}-scripts`)).toBe(false);
  });
});

test("one that is to run alone waits for the other, and the caller hears of it", async () => {
  const folder = temporaryFolder();
  const [out, go] = [join(folder, "log"), join(folder, "go")];
  const tools = toolsFolder();
  const text = `#!/bin/sh\necho begin $2 >> ${out}\nuntil [ -e ${go} ]; do sleep 0.05; done\necho end $2 >> ${out}\n`;
  tools.script("hello.sh", text, { ...HELLO_SETTINGS, serial: true });
  const stage = await start({}, tools);
  const { client, phone, request } = stage;
  writeFileSync(go, "");
  await approved(stage, 0, { name: "0" });
  rmSync(go);
  const news: string[] = [];
  const calls = ["1", "2"].map((name) =>
    client.call(TOOL, { name }, { onProgress: (line) => news.push(line) }),
  );
  const sids = [(await request(1)).sid, (await request(2)).sid];
  for (const sid of sids) await phone.tap(sid, "approve");
  const turn = expect.stringMatching(/the script hello was approved .*; 1 came before it/);
  await expect.poll(() => news).toContainEqual(turn);
  writeFileSync(go, "");
  await Promise.all(calls);
  const lines = readFileSync(out, "utf8").trim().split("\n");
  for (let at = 0; at < lines.length; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace("begin", "end"));
  expect(lines).toHaveLength(6);
});

test("one that waits for its turn while somebody pauses does not begin, and what runs goes on", async () => {
  const folder = temporaryFolder();
  const [out, go] = [join(folder, "log"), join(folder, "go")];
  const tools = toolsFolder();
  const text = `#!/bin/sh\necho $2 >> ${out}\nuntil [ -e ${go} ]; do sleep 0.05; done\n`;
  tools.script("hello.sh", text, { ...HELLO_SETTINGS, serial: true });
  const { client, phone, request, told } = await start({}, tools);
  const first = client.call(TOOL, { name: "1" });
  await phone.tap((await request()).sid, "approve");
  await expect.poll(() => existsSync(out)).toBe(true);
  const news: string[] = [];
  const second = client.call(TOOL, { name: "2" }, { onProgress: (line) => news.push(line) });
  await phone.tap((await request(1)).sid, "approve");
  await expect.poll(() => news.join()).toContain("1 came before it");
  await phone.type("PAUSE 30");
  await told("aused");
  writeFileSync(go, "");
  expect(textOf(await first)).toBe("[hello ended with exit code 0]");
  expect(textOf(await second)).toMatch(/^Not run \(paused\): The person paused approvals/);
  expect(readFileSync(out, "utf8")).toBe("1\n");
});

test("scripts that are refused are named in the log, and their folder", async () => {
  const tools = toolsFolder();
  tools.file("lost.json", "{}");
  const { log } = await start({}, tools);
  expect(log.text()).toContain("lost.json has no script beside it");
});

test("a folder that is named and not there is said", async () => {
  const path = join(temporaryFolder(), "none");
  const { log } = await startStage({
    env: { TOOLS_DIR: path },
    deps: { processes: createProcesses({ env: {}, kill: () => true }) },
  });
  expect(log.text()).toContain("TOOLS_DIR names a folder that does not exist");
});
