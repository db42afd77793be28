// The plugin's files agree with the server and with what `hooks install` writes.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { ourHooks } from "../../src/cli/hooks/our-hooks.ts";
import { packageRoot, packageVersion } from "../../src/server/system.ts";

const read = (path: string): string => readFileSync(join(packageRoot(), path), "utf8");
const json = (path: string) => JSON.parse(read(path)) as Record<string, unknown>;

describe("the plugin", () => {
  it("has the server's version, and the marketplace its name", () => {
    const { name, version } = json("plugin/.claude-plugin/plugin.json");
    expect(version).toBe(packageVersion());
    expect(json(".claude-plugin/marketplace.json")["plugins"]).toMatchObject([{ name, source: "./plugin" }]);
  });

  it("has the hooks of install, all of them, with the same matchers and time-outs", () => {
    const place = { origin: "http://127.0.0.1:8000", root: "/package", node: "/bin/node" };
    const hooks = JSON.stringify(
      ourHooks({ ...place, doneMessages: true, waitsForReply: true, parking: true }),
    )
      .replaceAll(
        "if [ -f '/package/plugin/hook.sh' ]; then exec sh '/package/plugin/hook.sh'",
        "exec sh PROGRAM",
      )
      .replaceAll(" 'http://127.0.0.1:8000' '/bin/node'; else cat >/dev/null; fi", "");
    const program = JSON.stringify(`"\${CLAUDE_PLUGIN_ROOT}/hook.sh"`).slice(1, -1);
    expect(JSON.stringify(json("plugin/hooks/hooks.json")["hooks"]).replaceAll(program, "PROGRAM")).toBe(
      hooks,
    );
  });

  it("has the MCP entry of mcp-servers.json", () => {
    expect(json("plugin/.mcp.json")).toEqual(json("mcp-servers.json"));
  });

  it("asks in the setup for no secret, and names the permission tool as Claude Code calls it", () => {
    const setup = read("plugin/commands/setup.md");
    expect(setup).toContain("mcp__plugin_approvals_approval-server__permissions__approve");
    expect(setup).not.toContain("allowed-tools");
    expect(setup).not.toMatch(/^!/m);
    expect(COMMANDS.map(({ name }) => name)).toEqual(expect.arrayContaining(["start", "doctor", "hooks"]));
  });
});

describe("what /approvals:status prints of the phone", () => {
  const telegram = { channel: "telegram", state: "up", bound: 2, approving: 1 };

  it.each<[string, object, readonly string[]]>([
    ["Twilio alone", { phone: "twilio" }, ["phone: WhatsApp through Twilio"]],
    ["Telegram alone", { phone: "none", channels: [telegram] }, ["phone: telegram, up, 1 may approve"]],
    [
      "both",
      { phone: "twilio", channels: [telegram] },
      ["phone: WhatsApp through Twilio", "phone: telegram, up, 1 may approve"],
    ],
    [
      "simulated ones",
      { phone: "none", simulated: ["telegram", "whatsapp-agent"], channels: [telegram] },
      ["phone: simulated: telegram, whatsapp-agent"],
    ],
    ["an older server", { phone: "simulator" }, ["phone: simulator"]],
  ])("is true with %s", async (_, health, lines) => {
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ status: "ok", waiting: 0, approvers: [], ...health }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(packageRoot(), "plugin/status.js")],
        { env: { SERVER_PORT: String((server.address() as AddressInfo).port) } },
      );
      expect(stdout.split("\n").filter((line) => line.startsWith("phone: "))).toEqual(lines);
    } finally {
      server.close();
    }
  });
});
