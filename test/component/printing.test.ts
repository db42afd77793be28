// The built server, printing where nothing can be printed: a terminal and a pipe that nobody reads, a pipe that is closed, a
// full disk. Approvals and denials go on, and it stops as it should.
import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openPhone } from "../helpers/phone-client.ts";
import { type ServerOptions, startServer } from "../helpers/server-process.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";

// Not `temporaryFolder`: it must outlive the server, which is stopped when the test ends.
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "approval-printing-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function open(path: string, flags: string | number): number {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
}

/** A pipe with a reader that never reads, full from the start. */
function fullPipe(): number {
  const path = join(folder(), "pipe");
  execFileSync("mkfifo", [path]);
  const end = open(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    for (;;) writeSync(end, "x".repeat(1_000));
  } catch {
    // Full.
  }
  // What the server gets blocks its writer, as a shell's pipe does.
  return open(path, constants.O_RDWR);
}

async function start(options: Omit<ServerOptions, "dir">) {
  const server = await startServer({
    dir: folder(),
    ...options,
    env: { MAX_REQUESTS_PER_MINUTE: "1000" },
  });
  onTestFinished(() => server.kill());
  const phone = await openPhone(server.phoneUrl);
  onTestFinished(() => phone.close());
  return {
    server,
    phone,
    /** Asks and answers on the phone. */
    async ask(command: string, answer: "approve" | "deny") {
      const args = { ...BASH_CALL, input: { command }, tool_use_id: command };
      const called = callTool({ localUrl: server.url }, args);
      const { id, message } = await phone.waitForRequest((body) => body.includes(`\`${command}\``));
      await phone.tap(message.sid, `${answer}:${id}`);
      return (await called).behavior;
    },
  };
}

/** Far more lines of the log than a pipe or a terminal holds: during a panic each request is denied at once. */
const MANY = 150;
/** A terminal takes some more, and `script` keeps some of it. */
const MORE = 600;

async function goesOn({ server, phone, ask }: Awaited<ReturnType<typeof start>>, many = MANY) {
  expect(await ask("ls a", "approve")).toBe("allow");
  expect(await ask("ls b", "deny")).toBe("deny");
  await phone.type("PANIC");
  const post = (path: string, body: object) =>
    fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  for (let n = 0; n < many; n += 1) {
    const asked = await post("/hooks/permission-request", {
      tool_name: "Bash",
      tool_input: { command: `ls ${n}` },
    });
    expect(await asked.text()).toContain('"behavior":"deny"');
  }
  expect((await post("/control/resume", {})).status).toBe(200);
  expect(await ask("ls c", "approve")).toBe("allow");
}

async function stopsWell(started: Awaited<ReturnType<typeof start>>) {
  await goesOn(started);
  expect(await started.server.stop()).toBe(0);
}

describe.skipIf(process.platform === "win32")("a server whose output", () => {
  it("is a pipe that nobody reads approves, denies and stops all the same", async () => {
    const fd = fullPipe();
    await stopsWell(await start({ prints: { out: fd, err: fd } }));
  });

  it.skipIf(!existsSync("/dev/full"))("is a full disk approves, denies and stops all the same", async () => {
    const fd = open("/dev/full", "w");
    await stopsWell(await start({ prints: { out: fd, err: fd } }));
  });

  it("is a pipe that has been closed approves, denies and stops all the same", async () => {
    const path = join(folder(), "pipe");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = open(path, "w");
    const server = await start({ prints: { out: writer, err: writer } });
    closeSync(reader);
    await stopsWell(server);
  });

  // `script` gives the server a terminal; what comes out of that goes into a pipe that nobody reads, as after Ctrl-S.
  it.skipIf(!existsSync("/usr/bin/script") || process.platform !== "linux")(
    "is a terminal that has stopped approves and denies all the same",
    async () => {
      const fd = fullPipe();
      const through = (line: string) => ["/usr/bin/script", "-qfc", line, "/dev/null"];
      await goesOn(await start({ prints: { out: fd, err: fd }, through }), MORE);
    },
  );
});
