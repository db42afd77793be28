// The built server as a process of its own: how it starts, how it stops, what a crash leaves behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { openPhone } from "../helpers/phone-client.ts";
import { startServer } from "../helpers/server-process.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";

const MAIN = fileURLToPath(new URL("../../dist/src/main.js", import.meta.url));

// Not `temporaryFolder`: it must outlive the server, which is stopped when the test ends.
async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "approval-process-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function start(dir: string) {
  const server = await startServer({ dir });
  onTestFinished(() => server.kill());
  const phone = await openPhone(server.phoneUrl);
  onTestFinished(() => phone.close());
  const caller = new AbortController();
  onTestFinished(() => caller.abort());
  return {
    server,
    phone,
    /** Asks about a command of its own. Resolves once the request is on the phone. */
    async ask(command: string) {
      const args = { ...BASH_CALL, input: { command }, tool_use_id: command };
      const answer = callTool({ localUrl: server.url }, args, { signal: caller.signal });
      answer.catch(() => {});
      const { id, message } = await phone.waitForRequest((body) => body.includes(`\`${command}\``));
      return { answer, id, sid: message.sid };
    },
  };
}

describe("the server process", () => {
  it("ends by force after 5 s at most, and then not with 0", () => {
    const main = readFileSync(new URL("../../src/main.ts", import.meta.url), "utf8");
    const [, limit = ""] = /STOP_LIMIT_MS = ([\d_]+);/.exec(main) ?? [];
    expect(Number(limit.replaceAll("_", ""))).toBeLessThan(5_000);
    expect(main).toContain("setTimeout(() => process.exit(1), STOP_LIMIT_MS)");
  });

  it("answers three waiting calls with a denial on SIGTERM and exits 0, in time", async () => {
    const { server, ask } = await start(await folder());
    const asked = await Promise.all(["ls a", "ls b", "ls c"].map(ask));
    const [code, ...results] = await Promise.all([server.stop(), ...asked.map(({ answer }) => answer)]);
    // By force it would have ended with 1: no clock of the test's own is needed.
    expect(code).toBe(0);
    const message = expect.stringContaining("The approval server is shutting down; nothing was approved.");
    expect(results).toEqual([1, 2, 3].map(() => ({ behavior: "deny", message })));
  });

  it.each(["SIGINT", "SIGHUP"] as const)("denies what waits on %s as well", async (signal) => {
    const { server, ask } = await start(await folder());
    const { answer } = await ask("ls a");
    expect(await server.stop(signal)).toBe(0);
    expect(await answer).toMatchObject({ message: expect.stringContaining("shutting down") });
  });

  it("cancels what a crash left pending; an answer to it is told that nothing ran", async () => {
    const dir = await folder();
    const first = await start(dir);
    const { id } = await first.ask("ls a");
    await first.server.kill();
    const second = await start(dir);
    await second.phone.type(`APPROVE ${id}`);
    await second.phone.waitForMessage(({ body }) =>
      new RegExp(`^⌛ ${id} ended .+ ago: the approval server was restarted: nothing ran$`).test(body),
    );
    await expect.poll(second.server.output).toContain("cancelled");
  });

  it("keeps its database to its owner", async () => {
    const dir = await folder();
    await start(dir);
    for (const file of ["approvals.db", "approvals.db-wal", "approvals.db-shm"]) {
      expect(((await stat(join(dir, file))).mode & 0o777).toString(8)).toBe("600");
    }
  });

  it.each([
    [
      { TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}` },
      ["TWILIO_AUTH_TOKEN: is missing", "APPROVAL_PHONE: is missing"],
    ],
    [{ TWILIO_AUTH_TOKEN: "0123456789abcdef" }, ["TWILIO_ACCOUNT_SID: is missing"]],
    [
      { APPROVAL_TIMEOUT_SECONDS: "5", SERVER_PORT: "x" },
      ["APPROVAL_TIMEOUT_SECONDS: must be at least 10", "SERVER_PORT"],
    ],
    [{ HOST: "0.0.0.0" }, ["APPROVAL_TOKEN: is required because HOST is not a loopback address"]],
  ])("does not start with %j and names what is wrong", async (env, problems) => {
    const { code, stderr, stdout } = await runMain(await folder(), env as Record<string, string>);
    expect(code).toBe(2);
    for (const problem of problems) expect(stderr).toContain(problem);
    expect(stderr).not.toContain("0123456789abcdef");
    expect(stdout).toBe("");
  });

  it("does not start on a taken port, and leaves the running server's requests alone", async () => {
    const dir = await folder();
    const { server, phone, ask } = await start(dir);
    const { answer, id, sid } = await ask("ls a");
    const env = { SERVER_PORT: new URL(server.url).port, APPROVAL_DB: join(dir, "approvals.db") };
    const { code, stderr } = await runMain(dir, env);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(
        `the approval server is already running at ${server.url} \\(process \\d+, since \\d\\d:\\d\\d\\)`,
      ),
    );
    expect(stderr).toContain(
      "for a second one set SERVER_PORT, WEBHOOK_PORT, SIMULATOR_PORT and APPROVAL_DB",
    );
    await phone.tap(sid, `approve:${id}`);
    expect(await answer).toMatchObject({ behavior: "allow" });
  });
});

describe("what is wrong without keeping the server from starting", () => {
  it("is said at the start: misspelt settings, and a .env that others can read", async () => {
    const dir = await folder();
    const home = join(dir, "home");
    await mkdir(home);
    await writeFile(join(home, ".env"), "APPROVAL_TIMEOUT_SECOND=60\n", { mode: 0o644 });
    const server = await startServer({ dir, env: { APPROVAL_HOME: home, TWILIO_ACOUNT_SID: "x" } });
    onTestFinished(() => server.kill());
    await expect.poll(server.output).toContain("Try it in a second terminal");
    const file = join(home, ".env");
    // On another stream than the invitation: which of them is read first is not known.
    await expect
      .poll(server.output)
      .toContain(
        `APPROVAL_TIMEOUT_SECOND (${file}, line 1) is no setting: did you mean APPROVAL_TIMEOUT_SECONDS?`,
      );
    await expect
      .poll(server.output)
      .toContain("TWILIO_ACOUNT_SID (the environment) is no setting: did you mean TWILIO_ACCOUNT_SID?");
    await expect
      .poll(server.output)
      .toContain(`can be read by other users of this machine: chmod 600 ${file}`);
  });

  it("is said with what keeps it from starting", async () => {
    const env = { TWILIO_AUTH_TOKEN: "0123456789abcdef", TWILIO_ACOUNT_SID: `AC${"0".repeat(32)}` };
    const { stderr } = await runMain(await folder(), env);
    expect(stderr).toContain("TWILIO_ACCOUNT_SID: is missing");
    expect(stderr).toContain("did you mean TWILIO_ACCOUNT_SID?");
  });
});

async function runMain(cwd: string, env: Record<string, string>) {
  const ports = { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0" };
  const child = spawn(process.execPath, [MAIN], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...ports, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, code: code as number };
}
