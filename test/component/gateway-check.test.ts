// `approval-server gateway check`: what it says of each server, its JSON and its exit codes.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { homeIn } from "../../src/config/home.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { runHere } from "../helpers/command-line.ts";
import { oddServer } from "../helpers/gateway-stage.ts";
import { ODD_TOOLS } from "../helpers/odd-mcp-server.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

async function check(mcpServers: unknown, args: readonly string[] = [], mode = 0o600) {
  const folder = temporaryFolder();
  if (mcpServers !== undefined)
    writeFileSync(join(folder, "gateway.json"), JSON.stringify({ mcpServers }), { mode });
  const env = { PATH: process.env["PATH"] ?? "" };
  return { folder, ...(await runHere(["gateway", "check", ...args], { folder, home: homeIn(folder), env })) };
}

it("lists what is offered and what is not, calls nothing, and ends what it has started", async () => {
  const odd = oddServer({ tools: ["echo", "fails"] });
  const { code, out, err } = await check({ odd: odd.entry });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain(`✓ odd: 2 tools offered of ${ODD_TOOLS.length}\n    odd__echo\n    odd__fails\n`);
  expect(out).toContain("unlisted");
  expect(odd.calls()).toEqual([]);
  const pid = odd.notes()[0]?.split(" ")[1];
  expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
});

it("names what is missing, what does not start and what it said, each with exit code 1", async () => {
  const [odd, broken] = [oddServer({ tools: ["echo", "gone"] }), oddServer()];
  writeFileSync(join(broken.folder, "broken"), "");
  const none = { command: "/nowhere/at/all", tools: ["a"] };
  const { code, err } = await check({ odd: odd.entry, broken: broken.entry, none });
  expect(code).toBe(1);
  expect(err).toContain('✗ odd: has no tool gone, which "tools" lists');
  expect(err).toContain(
    "✗ broken: it exited with code 7\n    it said: Error: the token hunter2-hunter2 was refused",
  );
  expect(err).toContain("✗ none: it cannot be started (ENOENT)");
});

it("prints JSON, and says there what has changed since the server saw it", async () => {
  const odd = oddServer();
  const folder = temporaryFolder();
  writeFileSync(join(folder, "gateway.json"), JSON.stringify({ mcpServers: { odd: odd.entry } }), {
    mode: 0o600,
  });
  const store = createSqliteStore(join(folder, "data", "approvals.db"));
  const definition = JSON.stringify({ ...ODD_TOOLS[0], description: "Says it." });
  await store.recordGatewayTool({
    server: "odd",
    tool: "echo",
    definition,
    fingerprint: "f",
    seal: null,
    at: 1,
  });
  expect(await store.gatewayTools()).toHaveLength(1);
  await store.close();
  const env = { PATH: process.env["PATH"] ?? "" };
  const { code, out } = await runHere(["gateway", "check", "--json"], { folder, home: homeIn(folder), env });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    ok: false,
    path: join(folder, "gateway.json"),
    problems: [],
    servers: [
      {
        name: "odd",
        kind: "stdio",
        has: ODD_TOOLS.map(({ name }) => name),
        offered: ["odd__echo"],
        missing: [],
        changed: [{ tool: "echo", parts: ["description"] }],
      },
    ],
  });
});

it("names every problem of the file, and a file that is not there or open to others", async () => {
  const wrong = await check({ fs: { command: "x", tools: ["*"] } });
  expect(wrong).toMatchObject({ code: 1, out: "" });
  expect(wrong.err).toContain("mcpServers.fs.tools[0]");
  const none = await check(undefined, ["--json"]);
  expect(none.code).toBe(1);
  expect(JSON.parse(none.out)).toEqual({
    ok: false,
    path: join(none.folder, "gateway.json"),
    problems: [`${join(none.folder, "gateway.json")} does not exist`],
    servers: [],
  });
  const open = await check({}, [], 0o644);
  expect(open.code).toBe(1);
  expect(open.err).toContain("other users of this machine may read it");
});
