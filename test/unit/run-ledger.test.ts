// What a server that was killed has left running is found by its mark at the next start, and ended: that, and nothing else.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProcesses } from "../../src/server/processes.ts";
import { createRunLedger } from "../../src/server/run-ledger.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const newEntry = () => `APPROVAL_SCRIPT_RUN=${randomBytes(16).toString("hex")}`;

function ledgerOf(environment: Readonly<Record<string, string>> = {}) {
  const folder = join(temporaryFolder(), "runs");
  const killed: string[] = [];
  const open = () => createRunLedger({ folder, killMarked: (entry) => void killed.push(entry), environment });
  return { folder, killed, open };
}

describe("a run", () => {
  it("that is over when the server ends is not looked for", () => {
    const { killed, open } = ledgerOf();
    open().noteRun(newEntry())();
    expect([open().endLeftOver(), killed]).toEqual([0, []]);
  });

  it("that is not is ended by the next start, once", () => {
    const { killed, open } = ledgerOf();
    const entries = [newEntry(), newEntry()];
    for (const entry of entries) open().noteRun(entry);
    expect(open().endLeftOver()).toBe(2);
    expect(killed.sort()).toEqual([...entries].sort());
    expect(open().endLeftOver()).toBe(0);
  });

  it("that has started this very server does not end it", () => {
    const entry = newEntry();
    const [name = "", value = ""] = entry.split("=");
    const { killed, open } = ledgerOf({ [name]: value });
    open().noteRun(entry);
    expect([open().endLeftOver(), killed]).toEqual([0, []]);
  });

  it("is noted only where it can be, and runs all the same", () => {
    const { folder, open } = ledgerOf();
    writeFileSync(folder, "not a folder");
    expect(() => open().noteRun(newEntry())()).not.toThrow();
    expect(open().endLeftOver()).toBe(0);
  });
});

it.each([
  "PATH=/usr/bin",
  "APPROVAL_SCRIPT_RUN=",
  "HOME=x\nAPPROVAL_SCRIPT_RUN=",
  "APPROVAL_SCRIPT_RUN=short",
])("a file that somebody else has put there names nothing to end: %s", (text) => {
  const { folder, killed, open } = ledgerOf();
  open().noteRun(newEntry())();
  writeFileSync(join(folder, "0".repeat(32)), text);
  expect([open().endLeftOver(), killed]).toEqual([0, []]);
});

it.each<[string, (path: string) => void]>([
  ["a pipe", (path) => void execFileSync("mkfifo", [path])],
  ["a link to a file without end", (path) => symlinkSync("/dev/zero", path)],
  ["a long file", (path) => writeFileSync(path, `${newEntry()}${" ".repeat(1e6)}`)],
])("%s in its place does not hold the start", (_, make) => {
  const { folder, killed, open } = ledgerOf();
  const entry = newEntry();
  open().noteRun(entry);
  make(join(folder, "0".repeat(32)));
  expect([open().endLeftOver(), killed]).toEqual([1, [entry]]);
});

// Where the system has no /proc nothing is found: docs/reliability.md says so.
it.runIf(existsSync("/proc/self/environ"))(
  "what has left its group is ended, too, and others go on",
  async () => {
    const folder = join(temporaryFolder(), "runs");
    const entry = newEntry();
    const [name = "", value = ""] = entry.split("=");
    const start = (env: Record<string, string>) => {
      const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)"], {
        detached: true,
        stdio: ["ignore", "pipe", "ignore"],
        env,
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      return child;
    };
    const [marked, other] = [start({ [name]: value }), start({})];
    await Promise.all([marked, other].map((child) => once(child.stdout, "data")));
    createProcesses(process, folder).noteRun(entry);
    const ended = once(marked, "exit");
    expect(createProcesses(process, folder).endLeftOver()).toBe(1);
    expect((await ended)[1]).toBe("SIGKILL");
    expect(other.exitCode ?? other.signalCode).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  },
);
