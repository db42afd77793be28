// The packed package in the hands of somebody who has only the tarball: installed into an empty prefix, started from an empty folder
// with a fresh home, asked by its demo and by the real Claude Code.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import { openPhone } from "../helpers/phone-client.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { type Installed, installPackage, pack, sizeOf, startInstalled } from "./installed.ts";
import { INSTALL_TIMEOUT_MS } from "./npm-cache.ts";
import { runClaude } from "./run-claude.ts";
import { startScriptedModel } from "./scripted-model.ts";
import { expectSetupToClaude } from "./setup-to-claude.ts";

const exec = promisify(execFile);
const MB = 1024 * 1024;

let cli: string;
let installed: Installed;
beforeAll(async () => {
  cli = await ensureClaudeCli();
  installed = await installPackage();
}, 2 * INSTALL_TIMEOUT_MS);
afterAll(() => installed.remove());

/** A fresh home, the server in it and its phone. */
async function startFresh(name: string) {
  const home = join(installed.folder, name);
  await mkdir(home);
  const server = await startInstalled(installed, home);
  onTestFinished(async () => void (await server.stop()));
  const phone = await openPhone(server.phoneUrl);
  onTestFinished(() => phone.close());
  return { home, server, phone };
}

describe("the tarball", () => {
  test("has what runs and what is read, and nothing of the workshop", async () => {
    const { files, tarball } = installed;
    for (const file of [
      "bin/approval-server.js",
      "bin/package.json",
      "bundle/approval-server.js",
      "bundle/look-worker.js",
      "public/phone/index.html",
      "template_config.json",
      "mcp-servers.json",
      "schema/approvers.schema.json",
      "schema/policy.schema.json",
      ".env.example",
      "README.md",
      "LICENSE",
    ])
      expect(files).toContain(file);
    const workshop = files.filter((file) =>
      /^(test|src|scripts|dist|node_modules)\/|\.(ts|map)$|tsbuildinfo/.test(file),
    );
    expect(workshop).toEqual([]);
    expect((await stat(tarball)).size).toBeLessThan(580_000);
  });

  test("has the same bytes when it is packed again", async () => {
    const again = join(installed.folder, "again");
    await mkdir(again);
    expect(await readFile(await pack(again))).toEqual(await readFile(installed.tarball));
  });
});

describe("installed for use", () => {
  test("gets a fresh home from setup to an approved call of claude -p", async () => {
    await expectSetupToClaude(installed.command, cli);
  });

  test("takes less than 90 MB, and brings no compiler, no tunnel and no tools", async () => {
    expect(await sizeOf(installed.root)).toBeLessThan(90 * MB);
    for (const name of ["typescript", "@ngrok", "vitest", "@biomejs"])
      expect(existsSync(join(installed.root, "node_modules", name))).toBe(false);
  });

  test("names its commands as they are called, and loads nothing that it does not use", async () => {
    const { command, folder } = installed;
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder, SERVER_PORT: "1" };
    const { stdout } = await exec(command, ["--version"], { env });
    expect(stdout).toBe(
      `${JSON.parse(await readFile(join(installed.root, "package.json"), "utf8")).version}\n`,
    );
    const watch = join(folder, "watch.cjs");
    await writeFile(
      watch,
      `process.on("exit", () => { const loaded = Object.keys(require("module")._cache).join(" ");
        require("fs").writeSync(2, /node_modules.(twilio|pino-pretty|@ngrok|better-sqlite3)/.test(loaded) ? "TOO MUCH" : "LIGHT"); });`,
    );
    for (const args of [
      ["--help"],
      ["ask", "Deploy?"],
      ["hooks", "print"],
      ["policy", "check"],
      ["resume"],
    ]) {
      const ended = await exec(process.execPath, ["-r", watch, command, ...args], { env }).catch(
        (error) => error,
      );
      expect([args, ended.stderr]).toEqual([args, expect.stringMatching(/LIGHT$/)]);
      if (args[0] === "resume") expect(ended.stderr).toContain("Start it with: approval-server start");
    }
  });

  test("answers as what was compiled does, in its thread for large calls too", async () => {
    const { root, folder } = installed;
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder, APPROVAL_HOME: folder };
    for (const args of [["--version"], ["policy", "check"], ["completion", "bash"]]) {
      const [packed, built] = await Promise.all(
        [root, packageRoot()].map((from) =>
          exec(process.execPath, [join(from, "bin/approval-server.js"), ...args], { env }).catch(
            ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
          ),
        ),
      );
      expect([args, packed]).toEqual([args, built]);
    }
    const job = { kind: "inspect", call: { toolName: "Bash", input: { command: "rm -rf /" } } };
    const [packed, built] = await Promise.all(
      [join(root, "bundle/look-worker.js"), join(packageRoot(), "dist/src/server/look-worker.js")].map(
        async (file) => {
          const worker = new Worker(file, { workerData: { inspecting: {}, rendering: {} } });
          expect(await once(worker, "message")).toEqual(["ready"]);
          worker.postMessage(job);
          const [answer] = await once(worker, "message");
          await worker.terminate();
          return answer;
        },
      ),
    );
    expect(JSON.stringify(packed)).toContain("deletes recursively");
    expect(packed).toEqual(built);
  });

  test("starts in an empty folder, asks by its demo, and keeps its record in the home", async () => {
    const { home, server, phone } = await startFresh("home");
    const data = {
      linux: ".local/share/approval-server",
      darwin: "Library/Application Support/approval-server",
    };
    const database = join(home, data[process.platform as keyof typeof data] ?? "", "approvals.db");
    expect(server.output()).toContain(`recorded in ${database}`);
    expect(server.output()).toContain("\n  approval-server demo\n");
    const demo = exec(installed.command, ["demo", "--json"], {
      cwd: join(installed.folder, "empty"),
      env: server.env,
    });
    const { id, message } = await phone.waitForRequest();
    await phone.tap(message.sid, `approve:${id}`);
    expect(JSON.parse((await demo).stdout)).toMatchObject({ behavior: "allow" });
    expect((await stat(database)).mode & 0o777).toBe(0o600);
    expect(await server.stop()).toBe(0);
  });

  test("lets the real Claude Code run a call that was approved, with the line that the start prints", async () => {
    const { home, server, phone } = await startFresh("claude");
    const [, mcpConfig = ""] = /claude --mcp-config (\S+) /.exec(server.output()) ?? [];
    const project = join(home, "web-shop");
    await mkdir(project);
    const model = await startScriptedModel([
      { tool: "Bash", input: { command: "touch made-by-claude", description: "Part of the test" } },
      "Done.",
    ]);
    onTestFinished(() => model.close());
    const running = runClaude({
      cli,
      modelUrl: model.url,
      cwd: project,
      home,
      mcpConfig,
      env: { SERVER_PORT: server.env["SERVER_PORT"] ?? "" },
    });
    const { id, message } = await phone.waitForRequest((body) => body.includes("made-by-claude"));
    await phone.tap(message.sid, `approve:${id}`);
    expect(await running).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(existsSync(join(project, "made-by-claude"))).toBe(true);
  });
});
