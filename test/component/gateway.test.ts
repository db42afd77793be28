// Other MCP servers' tools behind the gate: what is offered, what is asked, and what comes back.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { oddServer, startGateway } from "../helpers/gateway-stage.ts";
import { ODD_TOOLS } from "../helpers/odd-mcp-server.ts";

const META = "approval-server/refusal";
const TOKEN = "a-token-of-the-operators-own";

describe("what is offered", () => {
  it("is what the entry lists, and nothing else of the server", async () => {
    const odd = oddServer({ tools: ["echo", "fails", "missing"] });
    const { listed } = await startGateway({ odd: odd.entry });
    const tools = await listed();
    expect(tools.map(({ name }) => name)).toEqual(["odd__echo", "odd__fails"]);
    expect(tools[0]).toMatchObject({
      description: "Says it again.",
      inputSchema: { type: "object", properties: { text: { type: "string" } } },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    });
  });

  it("cannot be called by another name", async () => {
    const odd = oddServer();
    const { client } = await startGateway({ odd: odd.entry });
    await expect(client.call("odd__unlisted", {})).rejects.toThrow();
    expect(odd.calls()).toEqual([]);
  });
});

describe("a call", () => {
  it("is asked about with its tool, its server and its input, and its result is passed on unchanged", async () => {
    const odd = oddServer();
    const { client, phone, request, told } = await startGateway({ odd: odd.entry });
    const answer = client.call("odd__echo", { text: "hello there" });
    const { sid, body } = await request();
    expect(body).toContain("odd");
    expect(body).toContain("echo");
    expect(body).toContain("text: hello there");
    expect(odd.calls()).toEqual([]);
    await phone.tap(sid, "approve");
    expect(await answer).toEqual({
      content: [
        { type: "text", text: "you said hello there" },
        { type: "image", data: "aGVsbG8=", mimeType: "image/png" },
        { type: "resource", resource: { uri: "file:///x", mimeType: "text/plain", text: "y" } },
      ],
      structuredContent: { text: "hello there", deep: { list: [1, null, "z"] } },
      _meta: expect.objectContaining({ "example.com/trace": "t1" }),
    });
    expect(odd.calls()).toEqual(['call echo {"text":"hello there"}']);
    await told("approved: the server runs it");
  });

  it("that is denied does not reach the server, and says why in a code", async () => {
    const odd = oddServer();
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const answer = client.call("odd__echo", { text: "x" });
    await phone.type("not today", { quote: (await request()).sid });
    expect(await answer).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("not today") }],
      _meta: { [META]: { reason_code: "denied_by_person" } },
    });
    expect(odd.calls()).toEqual([]);
  });

  it("that fails at the server is an error as the server says it", async () => {
    const odd = oddServer({ tools: ["fails", "breaks"] });
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const failing = client.call("odd__fails", {});
    await phone.tap((await request()).sid, "approve");
    expect(await failing).toMatchObject({
      isError: true,
      content: [{ type: "text", text: "no such record" }],
    });
    const breaking = client.call("odd__breaks", {});
    await phone.tap((await request(1)).sid, "approve");
    const { content, isError } = await breaking;
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain("answered with error -32050");
    // One line, so that nothing in it can pass for a line of ours.
    expect(content[0]?.text).not.toContain("\n");
  });

  it("passes progress to the caller, and the caller's giving up to the server", async () => {
    const odd = oddServer({ tools: ["slow"] });
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const caller = new AbortController();
    const steps: string[] = [];
    const sawStep = new Promise<void>((resolve) => {
      client
        .call(
          "odd__slow",
          { until: "cancelled" },
          {
            signal: caller.signal,
            onProgress: (message) => {
              steps.push(message);
              if (message === "step 2") resolve();
            },
          },
        )
        .catch(() => {});
    });
    await phone.tap((await request()).sid, "approve");
    await sawStep;
    expect(steps.filter((step) => step.startsWith("step"))).toEqual(["step 1", "step 2"]);
    caller.abort();
    await expect.poll(() => odd.notes().some((line) => line.startsWith("cancelled"))).toBe(true);
  });

  it.each([
    ["PANIC", true],
    ["PAUSE 10", false],
  ])("that runs is told to stop by %s: %s", async (word, isStopped) => {
    const odd = oddServer({ tools: ["hang"], timeoutSeconds: 300 });
    const { client, phone, request, told } = await startGateway({ odd: odd.entry });
    let result: unknown;
    const answer = client.call("odd__hang", {}).then((value) => {
      result = value;
      return value;
    });
    await phone.tap((await request()).sid, "approve");
    await expect.poll(odd.calls).toHaveLength(1);
    await phone.type(word);
    await told(isStopped ? "topped" : "aused");
    if (!isStopped) {
      // It ends with the client.
      answer.catch(() => {});
      return expect(result).toBeUndefined();
    }
    expect(await answer).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("stopped everything while it ran") }],
      _meta: { [META]: { reason_code: "failed" } },
    });
    await expect.poll(() => odd.notes().some((line) => line.startsWith("cancelled"))).toBe(true);
  });

  it("gets its answer from the policy where that decides", async () => {
    const odd = oddServer({ tools: ["echo", "fails"] });
    const policy = join(odd.folder, "policy.json");
    writeFileSync(
      policy,
      JSON.stringify({
        version: 1,
        rules: [
          { decision: "allow", rules: ["mcp__approval-server__odd__echo"] },
          { decision: "deny", rules: ["mcp__approval-server__odd__fails"], message: "never" },
        ],
      }),
      { mode: 0o600 },
    );
    const { client, phone } = await startGateway({ odd: odd.entry }, { env: { APPROVAL_POLICY: policy } });
    expect(await client.call("odd__echo", { text: "x" })).toMatchObject({ structuredContent: { text: "x" } });
    expect(await client.call("odd__fails", {})).toMatchObject({
      _meta: { [META]: { reason_code: "policy" } },
    });
    expect(phone.messages()).toEqual([]);
    expect(odd.calls()).toEqual(['call echo {"text":"x"}']);
  });

  it("is refused while the server is paused", async () => {
    const odd = oddServer();
    const { client, phone, told } = await startGateway({ odd: odd.entry });
    await phone.type("PAUSE 10");
    await told("aused");
    expect(await client.call("odd__echo", { text: "x" })).toMatchObject({
      _meta: { [META]: { reason_code: "paused" } },
    });
    expect(odd.calls()).toEqual([]);
  });
});

describe("a server that misbehaves", () => {
  it("that gives no result in time is told to stop", async () => {
    const odd = oddServer({ tools: ["hang"], timeoutSeconds: 1 });
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const answer = client.call("odd__hang", {});
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("no result within 1 s") }],
      _meta: { [META]: { reason_code: "failed" } },
    });
    await expect.poll(() => odd.notes().some((line) => line.startsWith("cancelled"))).toBe(true);
  });

  it("that dies under a call ends it, says so in the list, and is started again", async () => {
    const odd = oddServer({ tools: ["die", "echo"] });
    const { client, phone, request, until } = await startGateway({ odd: odd.entry });
    const answer = client.call("odd__die", {});
    const letGo = odd.hold();
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("Whether it took effect is not known") }],
    });
    const down = await until((tools) =>
      tools.some(({ description = "" }) => description.includes("is down")),
    );
    expect(down.map(({ name }) => name)).toEqual(["odd__die", "odd__echo"]);
    expect(down[1]?.description).toMatch(/is down: it exited with code 3\..*\n\nSays it again\./s);
    letGo();
    await until((tools) => tools.every(({ description = "" }) => !description.includes("is down")));
    expect(odd.notes().filter((line) => line.startsWith("started"))).toHaveLength(2);
  });

  it("that never starts is listed as down, without its own words, and a call of it asks nobody", async () => {
    const odd = oddServer();
    writeFileSync(join(odd.folder, "broken"), "");
    const { client, listed, phone } = await startGateway({ odd: odd.entry });
    const [tool] = await listed();
    expect(tool).toMatchObject({ name: "odd__echo", inputSchema: { type: "object" } });
    expect(tool?.description).toContain("is down: it exited with code 7");
    expect(tool?.description).not.toContain("hunter2");
    expect(await client.call("odd__echo", { text: "x" })).toMatchObject({
      _meta: { [META]: { reason_code: "failed" } },
    });
    expect(phone.messages()).toEqual([]);
  });

  it("that returns too much gives an error that says that it ran", async () => {
    const odd = oddServer({ tools: ["huge"], maxResultBytes: 10_000 });
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const large = client.call("odd__huge", { size: 20_000 });
    await phone.tap((await request()).sid, "approve");
    expect((await large).content[0]?.text).toMatch(/It ran, but its result has 20\d\d\d bytes/);
    // More than a message may have: the connection ends before it fills the memory.
    const monstrous = client.call("odd__huge", { size: 30_000_000 });
    await phone.tap((await request(1)).sid, "approve");
    expect((await monstrous).content[0]?.text).toContain("larger than maxResultBytes allows");
  });

  it("that floods is ended, and the gate goes on", async () => {
    const odd = oddServer({ tools: ["flood"] });
    const { client, phone, request, until } = await startGateway({ odd: odd.entry });
    const flooding = client.call("odd__flood", {});
    odd.hold();
    await phone.tap((await request()).sid, "approve");
    expect((await flooding).content[0]?.text).toContain("it floods");
    await until(([tool]) => tool?.description?.includes("it floods") === true);
  });

  it("that lies cannot say in our name that its call was refused", async () => {
    const odd = oddServer({ tools: ["lies"] });
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const lying = client.call("odd__lies", {});
    await phone.tap((await request()).sid, "approve");
    const result = await lying;
    expect(result).toMatchObject({ _meta: { "example.com/trace": "t2" } });
    expect(result).not.toHaveProperty(["_meta", META]);
  });

  it("that says without end that its tools have changed is asked for them one time after the other", async () => {
    const odd = oddServer({ tools: ["news"] });
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const telling = client.call("odd__news", {});
    await phone.tap((await request()).sid, "approve");
    expect((await telling).content[0]?.text).toBe("done");
    // At the start, before the question, after the tap, and once for each batch of news.
    expect(odd.notes().filter((line) => line === "list").length).toBeLessThan(100);
  });

  it("one of whose tools is described too deeply to be written keeps the others", async () => {
    const odd = oddServer();
    const deep = `${"[".repeat(45_000)}${"]".repeat(45_000)}`;
    writeFileSync(
      join(odd.folder, "tools.json"),
      `[${JSON.stringify(ODD_TOOLS[0])},{"name":"deep","inputSchema":{"type":"object","x":${deep}}}]`,
    );
    const { listed } = await startGateway({ odd: odd.entry });
    expect((await listed()).map(({ description }) => description)).toEqual(["Says it again."]);
  });

  it("that asks for a model is refused", async () => {
    const odd = oddServer({ tools: ["asks"] });
    const { client, phone, request } = await startGateway({ odd: odd.entry });
    const asking = client.call("odd__asks", {});
    await phone.tap((await request()).sid, "approve");
    expect(JSON.parse((await asking).content[0]?.text ?? "")).toMatchObject({ code: -32601 });
  });
});

describe("what a server is given", () => {
  it("is its own environment and folder, and nothing of ours", async () => {
    const odd = oddServer({ tools: ["world"], env: { MINE: variable("GIVEN"), PLAIN: "p" } });
    const { client, phone, request } = await startGateway(
      { odd: { ...odd.entry, cwd: odd.folder } },
      { env: { GIVEN: "filled-in", APPROVAL_TOKEN: TOKEN }, headers: { authorization: `Bearer ${TOKEN}` } },
    );
    const asking = client.call("odd__world", {});
    await phone.tap((await request()).sid, "approve");
    const { env, cwd, fds } = JSON.parse((await asking).content[0]?.text ?? "");
    expect(env).toMatchObject({ MINE: "filled-in", PLAIN: "p", PATH: process.env["PATH"] });
    const also = Object.keys(env).filter((name) => !["MINE", "PLAIN"].includes(name));
    const allowed = [
      "HOME",
      "LOGNAME",
      "PATH",
      "SHELL",
      "TERM",
      "USER",
      "LANG",
      "LC_ALL",
      "LC_CTYPE",
      "TZ",
      "TMPDIR",
      // By which the next start finds it, should this server be killed.
      "APPROVAL_GATEWAY_RUN",
    ];
    expect(also.filter((name) => !allowed.includes(name))).toEqual([]);
    expect(JSON.stringify(env)).not.toContain(TOKEN);
    expect(cwd).toBe(odd.folder);
    expect(fds).toBeLessThan(30);
  });

  it("ends with it at a stop, whatever it has started", async () => {
    const odd = oddServer({ tools: ["spawns"] });
    const { client, phone, request, server } = await startGateway({ odd: odd.entry });
    const spawning = client.call("odd__spawns", {});
    await phone.tap((await request()).sid, "approve");
    const grandchild = Number((await spawning).content[0]?.text);
    const child = Number(odd.notes()[0]?.split(" ")[1]);
    expect([child, grandchild].every(isAlive)).toBe(true);
    await server.close();
    await expect.poll(() => [child, grandchild].some(isAlive)).toBe(false);
  });
});

/** As gateway.json writes it. */
const variable = (name: string) => `\${${name}}`;

/** A process that has ended and was not waited for yet counts as gone. */
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`) && process.kill(pid, 0);
}
