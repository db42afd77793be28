// What scenarios find on the disk: programs that note that they run, and what is read back of them.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { keep } from "../../src/store/open-database.ts";
import { postHook } from "../helpers/hook-client.ts";
import { rest } from "../helpers/rest-client.ts";
import type { Act, Answer } from "./act.ts";
import { linesOf, PATIENCE_MS, type World } from "./world.ts";

export const STAND_IN = fileURLToPath(new URL("../helpers/stand-in-claude.mjs", import.meta.url));

/** Notes that it runs, and ends once `go-<name>` is there. */
export const WORKED_SCRIPT = (dir: string) =>
  `#!/bin/sh\necho "$2" >> ${dir}/ran\necho $$ >> ${dir}/pids\nwhile [ ! -e ${dir}/go-$2 ]; do sleep 0.05; done\necho done\n`;

const SCRIPT_SETTINGS = {
  description: "Works.",
  inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
};

/** Writes a program, or what a setting names. @returns what the setting is set to */
export function program(dir: string, path: string, text: string): string {
  const at = join(dir, path);
  if (text === "") {
    mkdirSync(at, { mode: 0o755 });
    return at;
  }
  mkdirSync(dirname(at), { recursive: true, mode: 0o755 });
  if (path === "policy.json") {
    writeFileSync(at, text, { mode: 0o600 });
    return at;
  }
  if (path === "gateway.json") {
    mkdirSync(join(dir, "odd"));
    writeFileSync(join(dir, "odd/server.mjs"), text);
    writeFileSync(join(dir, "odd/tools.json"), JSON.stringify(ECHO));
    const odd = {
      command: process.execPath,
      args: [join(dir, "odd/server.mjs"), join(dir, "odd")],
      tools: ["echo"],
    };
    writeFileSync(at, JSON.stringify({ mcpServers: { odd } }), { mode: 0o600 });
    return at;
  }
  if (path.endsWith(".sh")) {
    writeFileSync(at, text, { mode: 0o755 });
    writeFileSync(at.replace(/\.sh$/, ".json"), JSON.stringify(SCRIPT_SETTINGS));
    return dirname(at);
  }
  writeFileSync(join(dirname(at), "program.cjs"), text);
  writeFileSync(at, `#!/bin/sh\nexec '${process.execPath}' '${join(dirname(at), "program.cjs")}' "$@"\n`, {
    mode: 0o755,
  });
  return at;
}

const ECHO = [
  {
    name: "echo",
    description: "Says it again.",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
];

export function pidsIn(path: string): readonly number[] {
  return linesOf(path).flatMap((line) => line.split(/\s+/).filter(Boolean).map(Number));
}

/** Of the odd MCP server's notes. */
export function startedPids(path: string): readonly number[] {
  return linesOf(path).flatMap((line) => (line.startsWith("started ") ? [Number(line.slice(8))] : []));
}

/** Waits a while for it. @returns what it is then */
export async function modeWithin(world: World, wanted: "open" | "panic"): Promise<unknown> {
  const until = Date.now() + PATIENCE_MS / 3;
  for (;;) {
    const mode = (await rest(world.server, "/health")).body["standing"];
    if (mode === wanted || Date.now() > until) return mode;
    await sleep(20);
  }
}

const SESSION = "9d474c58-b4db-446a-9bb9-efb62da9c029";

export const approveParked = {
  /** A call of `claude -p` that its hook brings; the run of Claude has ended by the time that it is approved. */
  ask(act: Act, mark: string): Promise<Answer> {
    const { dir, server } = act.world;
    const folder = join(dir, "web-shop");
    const call = {
      session_id: SESSION,
      tool_name: "Bash",
      tool_input: { command: `npm publish ${mark}`, description: "Publishes it" },
      tool_use_id: mark,
      permission_mode: "default",
    };
    writeFileSync(join(dir, "claude/plan"), JSON.stringify([call]));
    const { pid } = spawnSync("true");
    return act.call(mark, async (signal) => {
      const response = await postHook(
        server,
        "pre-tool-use",
        { hook_event_name: "PreToolUse", cwd: folder, ...call },
        {
          headers: {
            "x-approval-attended": "no",
            "x-approval-folder": encodeURIComponent(folder),
            "x-approval-claude-pid": String(pid),
          },
          signal,
        },
      );
      const { hookSpecificOutput: answer } = (await response.json()) as {
        hookSpecificOutput?: { permissionDecision: string };
      };
      return answer?.permissionDecision === "allow" ? "allow" : "deny";
    });
  },
};

/** Waits until nothing that was parked goes on. */
export async function isParkedOver({ world }: Act): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  const db = keep(new Database(world.databasePath, { readonly: true }));
  try {
    const open = keep(db.prepare<[], number>("SELECT count(*) FROM parked WHERE ended_at IS NULL").pluck());
    while ((open.get() ?? 0) > 0) {
      if (Date.now() > until) throw new Error("a parked request goes on for ever");
      await sleep(20);
    }
  } finally {
    db.close();
  }
}
