// Every shell block of README and docs, as a reader pastes it: in a copy of this folder, beside a running server, with the real
// Claude Code and a phone whose owner approves everything.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMAND } from "../helpers/command-line.ts";
import { openPhone, type Phone } from "../helpers/phone-client.ts";
import { type ServerProcess, startServer } from "../helpers/server-process.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";
import { ruleOf, SHELL_RULES, shellBlocks } from "./shell-lines.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const blocks = shellBlocks();
const here = blocks.filter(({ text }) => ruleOf(text)?.elsewhere === undefined);

let root: string;
let server: ServerProcess;
let phone: Phone;
let model: ScriptedModel;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "approval-docs-")));
  for (const folder of ["commands", "server"]) mkdirSync(join(root, folder));
  copyTree(join(root, "clone"));
  // The file that docs/policy.md shows first.
  const [, policy = ""] = /```json\n([\s\S]+?)```/.exec(readFileSync(`${ROOT}docs/policy.md`, "utf8")) ?? [];
  writeFileSync(join(root, "clone", "policy.json"), policy, { mode: 0o600 });
  symlinkSync(COMMAND, join(root, "commands", "approval-server"));
  const cli = await ensureClaudeCli();
  writeFileSync(join(root, "commands", "claude"), `#!/bin/sh\nexec '${cli}' "$@"\n`, { mode: 0o755 });
  server = await startServer({ dir: join(root, "server") });
  phone = await openPhone(server.phoneUrl);
  model = await startScriptedModel([{ tool: "Bash", input: { command: "ls -la /etc" } }]);
});

afterAll(async () => {
  phone?.close();
  await Promise.all([server?.stop(), model?.close()]);
  if (root !== undefined) await rm(root, { recursive: true, force: true, maxRetries: 3 });
});

/** What git would give somebody who clones, with what `npm install` adds. */
function copyTree(to: string): void {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const file of files.split("\n").filter((each) => each !== "" && existsSync(join(ROOT, each)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(ROOT, file), join(to, file), { preserveTimestamps: true });
  }
  cpSync(join(ROOT, "dist"), join(to, "dist"), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(ROOT, "node_modules"), join(to, "node_modules"));
}

/** A request that waits, whose id stands in for the one of the examples. */
async function waitingRequest(): Promise<string> {
  const body = JSON.stringify({ action: "./deploy.sh prod", summary: "an example of the docs" });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${server.url}/v1/approvals`, { method: "POST", headers, body });
  return ((await answer.json()) as { approval_id: string }).approval_id;
}

/** Approves whatever comes until it is told to stop. */
function approveAll(): () => void {
  const tapped = new Set(phone.messages().map(({ sid }) => sid));
  let isOn = true;
  const tapNext = async () => {
    while (isOn) {
      const next = await phone.waitForMessage(
        ({ sid, buttons }) => !tapped.has(sid) && buttons.some(({ id }) => id.startsWith("approve:")),
        600_000,
      );
      tapped.add(next.sid);
      const button = next.buttons.find(({ id }) => id.startsWith("approve:"));
      if (isOn && button !== undefined) await phone.tap(next.sid, button.id);
    }
  };
  void tapNext().catch(() => {});
  return () => {
    isOn = false;
  };
}

/** Runs a block as one script that stops at its first failure. */
async function run(script: string) {
  const { port } = new URL(server.url);
  const shown = script.replaceAll("127.0.0.1:8000", `127.0.0.1:${port}`);
  const id = /\bkqmw[a-z]\b/.test(shown) ? await waitingRequest() : "";
  const home = await mkdtemp(join(root, "home-"));
  mkdirSync(join(home, "code/web-shop"), { recursive: true });
  const stop = approveAll();
  const child = spawn("bash", ["-euo", "pipefail", "-c", shown.replaceAll(/\bkqmw[a-z]\b/g, id)], {
    cwd: join(root, "clone"),
    env: {
      PATH: `${join(root, "commands")}:${process.env["PATH"]}`,
      HOME: home,
      PWD: join(root, "clone"),
      SERVER_PORT: port,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "sk-ant-test",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      IS_SANDBOX: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  stop();
  return { exitCode, output: `${stdout}\n${stderr}` };
}

describe("a shell block of the docs", () => {
  it.each(here)("$place does what it says", async ({ text: script }) => {
    const { exitCode, output } = await run(script);
    expect(output).not.toContain("not found");
    expect(exitCode, `${script}\n${output}`).toBe(ruleOf(script)?.exitCode ?? 0);
  });

  it.each(blocks)("$place is bash that parses", ({ text: script }) => {
    expect(() => execFileSync("bash", ["-n"], { input: script, stdio: "pipe" })).not.toThrow();
  });

  it("that is run elsewhere is named by a test that is there", () => {
    for (const { elsewhere } of SHELL_RULES.filter((rule) => rule.elsewhere !== undefined)) {
      expect([elsewhere, existsSync(join(ROOT, elsewhere ?? ""))]).toEqual([elsewhere, true]);
    }
  });

  it("has a rule only where there is such a block", () => {
    const unused = SHELL_RULES.filter(({ match }) => !blocks.some((block) => match.test(block.text)));
    expect(unused.map(({ match }) => match.source)).toEqual([]);
  });
});
