// The MCP project's own servers behind the gate, and the real CLI as their client: what a person approves is what they do.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { connect } from "../helpers/mcp-clients.ts";
import type { Phone } from "../helpers/phone-client.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { ensureServer } from "./mcp-tools.ts";
import { setServer, setStage } from "./stage.ts";

let cli: string;
let programs: { readonly everything: string; readonly filesystem: string };
beforeAll(async () => {
  const [everything, filesystem] = [await ensureServer("everything"), await ensureServer("filesystem")];
  programs = { everything, filesystem };
  cli = await ensureClaudeCli();
});

const TOOLS = ["read_text_file", "write_file", "list_directory"];

async function files() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "approval-files-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, entry: { command: process.execPath, args: [programs.filesystem, folder], tools: TOOLS } };
}

/** Taps Approve on the nth request, from 1, that names a tool. */
async function approve(phone: Phone, tool: string): Promise<string> {
  const { id, message } = await phone.waitForRequest((body) => body.includes(tool));
  await phone.tap(message.sid, `approve:${id}`);
  return message.body;
}

async function up(url: string) {
  const client = await connect(url);
  for (;;) {
    const tools = (await client.listTools()).filter(({ name }) => /^(fs|all)__/.test(name));
    if (
      tools.length > 0 &&
      tools.every(({ description = "" }) => !description.startsWith("[The MCP server"))
    ) {
      return { client, tools };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("claude -p with server-filesystem behind the gate", () => {
  test("asks once on the phone, and then the server writes the file", async () => {
    const { folder, entry } = await files();
    const path = join(folder, "notes.txt");
    const call = {
      tool: "mcp__approval-server__fs__write_file",
      input: { path, content: "from the phone\n" },
    };
    const stage = await setStage({ cli, gateway: { fs: entry }, script: () => [call] });
    await up(stage.server.url);
    const run = stage.runClaude();
    const { id, message } = await stage.phone.waitForRequest();
    expect(message.body).toContain("fs › write_file");
    expect(message.body).toContain(path);
    expect(existsSync(path)).toBe(false);
    await stage.phone.tap(message.sid, `approve:${id}`);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(await readFile(path, "utf8")).toBe("from the phone\n");
    expect(stage.model.results()).toEqual([
      { text: expect.stringContaining("Successfully wrote"), isError: false },
    ]);
    expect(stage.phone.messages().filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
  });

  test("cannot write what was denied, and a tool that Claude may use anyway asks all the same", async () => {
    const { folder, entry } = await files();
    const path = join(folder, "notes.txt");
    const call = { tool: "mcp__approval-server__fs__write_file", input: { path, content: "x" } };
    const stage = await setStage({
      cli,
      gateway: { fs: entry },
      script: () => [call],
      // Nothing skips the phone: not even what skips Claude Code's own permission step.
      args: ["--allowedTools", "mcp__approval-server__fs__write_file"],
    });
    await up(stage.server.url);
    const run = stage.runClaude();
    const { id } = await stage.phone.waitForRequest();
    await stage.phone.type(`DENY ${id} not in there`);
    expect(await run).toMatchObject({ exitCode: 0 });
    expect(existsSync(path)).toBe(false);
    expect(stage.model.results()).toEqual([
      { text: expect.stringMatching(/denied_by_person.*not in there/s), isError: true },
    ]);
  });
});

describe("server-everything behind the gate", () => {
  test("passes text, images, structure and progress on as they are", async () => {
    const tools = ["echo", "get-tiny-image", "get-structured-content", "trigger-long-running-operation"];
    const all = { command: process.execPath, args: [programs.everything], tools };
    const { server, phone } = await setServer({ gateway: { all } });
    const { client, tools: listed } = await up(server.url);
    expect(listed.map(({ name }) => name)).toEqual(tools.map((tool) => `all__${tool}`));

    const echo = client.call("all__echo", { message: "hello" });
    expect(await approve(phone, "all › echo")).toContain("hello");
    expect(await echo).toMatchObject({ content: [{ type: "text", text: "Echo: hello" }] });

    const image = client.call("all__get-tiny-image", {});
    await approve(phone, "get-tiny-image");
    expect((await image).content).toContainEqual(
      expect.objectContaining({ type: "image", mimeType: "image/png" }),
    );

    const structured = client.call("all__get-structured-content", { location: "New York" });
    await approve(phone, "get-structured-content");
    expect((await structured).structuredContent).toMatchObject({ temperature: expect.any(Number) });

    const steps: string[] = [];
    const long = client.call(
      "all__trigger-long-running-operation",
      { duration: 1, steps: 3 },
      {
        onProgress: (message) => steps.push(message),
      },
    );
    await approve(phone, "trigger-long-running-operation");
    expect((await long).isError).not.toBe(true);
    expect(steps.length).toBeGreaterThan(3);
  });
});

describe("a file that the policy lets be read", () => {
  test("is read without a message; what lies outside of the server's folder stays the server's to refuse", async () => {
    const { folder, entry } = await files();
    await writeFile(join(folder, "a.txt"), "in here");
    const rules = [{ decision: "allow", rules: ["mcp__approval-server__fs__read_text_file"] }];
    const { server, phone } = await setServer({ gateway: { fs: entry }, policy: { version: 1, rules } });
    const { client } = await up(server.url);
    expect(await client.call("fs__read_text_file", { path: join(folder, "a.txt") })).toMatchObject({
      content: [{ type: "text", text: "in here" }],
    });
    expect(await client.call("fs__read_text_file", { path: "/etc/hostname" })).toMatchObject({
      isError: true,
    });
    expect(phone.messages().filter(({ buttons }) => buttons.length > 0)).toEqual([]);
  });
});
