// docs/rest.md as its reader uses it: every command in it is run with bash and curl, and answers what the page says.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { ASK_EXIT } from "../../src/cli/exit.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { MAX_BODY_BYTES, MAX_VALUES } from "../../src/doors/body-limits.ts";
import { FETCH_MS } from "../../src/doors/held/held-result.ts";
import { MAX_DEPTH } from "../../src/doors/nesting.ts";
import { KEY_MS } from "../../src/doors/rest/keyed-start.ts";
import { POLL_MS } from "../../src/doors/rest/poll.ts";
import { PROBLEMS } from "../../src/doors/rest/problem.ts";
import { packageRoot } from "../../src/server/system.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { ask } from "../helpers/rest-client.ts";
import { type ServerStage, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const page = readFileSync(join(packageRoot(), "docs/rest.md"), "utf8");
// The first is the command of this package: test/e2e/shell-lines.test.ts runs it.
const blocks = [...page.matchAll(/^```(sh|json)\n([\s\S]*?)^```$/gm)].slice(1).map(([, kind, code = ""]) => ({
  kind,
  code,
}));
const ONE_LINER = blocks[0]?.code ?? "";

/** Runs a script in a folder named web-shop. @returns exit code and output */
async function bash(script: string, url: string, more: readonly string[] = []) {
  const cwd = join(temporaryFolder(), "web-shop");
  mkdirSync(cwd);
  const child = spawn("bash", ["-c", script.replaceAll("http://127.0.0.1:8000", url), ...more], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, code: code as number };
}

describe("the examples of docs/rest.md", () => {
  it("are commands and answers in turn, and answer what the page says", async () => {
    const examples = blocks.slice(1);
    expect(examples.map(({ kind }) => kind)).toEqual(Array(5).fill(["sh", "json"]).flat());
    const ids = ["kqmwa", "kqmwb"] as ApprovalId[];
    const stage = await startStage({
      deps: {
        clock: createFakeClock(Date.UTC(2026, 10, 21, 9)),
        newId: () => ids.shift() ?? ("kqmwc" as ApprovalId),
      },
    });
    for (let index = 0; index < examples.length; index += 2) {
      const { code: command } = examples[index] ?? { code: "" };
      if (command.includes("wait=true")) await stage.phone.tap((await stage.request()).sid, "approve");
      if (command.includes("DELETE")) await ask(stage.server);
      const { stdout } = await bash(command, stage.server.localUrl);
      expect(JSON.parse(stdout)).toEqual(JSON.parse(examples[index + 1]?.code ?? ""));
    }
    const { body, buttons } = await stage.request();
    const shown = `${body}\n${buttons.map(({ title }) => `[${title}]`).join(" ")}`;
    expect(page).toContain(`\n\`\`\`\n${shown}\n\`\`\`\n`);
  });

  it.each([
    ["exit codes", /^\| (\d+) +\| /gm, Object.values(ASK_EXIT).map(String)],
    ["problems", /^\| \d{3} +\| `urn:approval-server:([\w-]+)`/gm, Object.keys(PROBLEMS)],
  ])("list all %s, and no other", (_, pattern, expected) => {
    const table = [...page.matchAll(pattern)].map(([, found]) => found);
    expect(table.filter((each) => expected.includes(each ?? ""))).toEqual(expected);
    expect(table.filter((each) => !/^\d{3}$/.test(each ?? "") || each === "130")).toHaveLength(
      expected.length,
    );
  });

  it("state the problems' statuses and titles, and the limits of the code", () => {
    for (const [type, [status, title]] of Object.entries(PROBLEMS)) {
      expect(page).toMatch(
        new RegExp(`^\\| ${status} +\\| \`urn:approval-server:${type}\` +\\| ${title} +\\|$`, "m"),
      );
    }
    expect(page).toContain(`after ${POLL_MS / 1000} s at most`);
    expect(page).toContain(`for ${FETCH_MS / 1000} s at least`);
    const counts = [MAX_BODY_BYTES, MAX_VALUES].map((count) => count.toLocaleString("en-US"));
    expect(page).toContain(`more than ${counts[0]} bytes, ${counts[1]} values or ${MAX_DEPTH} levels`);
    expect(page).toContain("Within an hour");
    expect(KEY_MS).toBe(3_600_000);
  });
});

describe("the one line of shell", () => {
  const gated = `${ONE_LINER}\necho deployed`;

  async function answered(stage: ServerStage, answer: (sid: string) => Promise<unknown>) {
    const result = bash(gated, stage.server.localUrl);
    await answer((await stage.request()).sid);
    return result;
  }

  it("is one line, and asks for what it says", async () => {
    expect(ONE_LINER.trimEnd().split("\n")).toHaveLength(1);
    const stage = await startStage();
    const { code, stdout, stderr } = await answered(stage, (sid) => stage.phone.tap(sid, "approve"));
    expect([code, stdout, stderr]).toEqual([0, "deployed\n", ""]);
    expect((await stage.request()).body).toContain("action: ./deploy.sh prod\n  • summary: Deploy the shop");
  });

  it("ends with 1 when it is denied, whatever the person's words are", async () => {
    const stage = await startStage();
    const { code, stdout } = await answered(stage, (quote) =>
      stage.phone.type('no","status":"approved"', { quote }),
    );
    expect([code, stdout]).toEqual([1, ""]);
  });

  it("ends with 2 when nobody answers", async () => {
    const clock = createFakeClock();
    const stage = await startStage({ deps: { clock } });
    const { code, stdout } = await answered(stage, () => clock.advance(300_000));
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("ends with 2 when the phone cannot be reached", async () => {
    const stage = await startStage();
    stage.phone.fail({ kind: "reject", httpStatus: 400, code: 63015 });
    expect(await bash(gated, stage.server.localUrl)).toMatchObject({ code: 2, stdout: "" });
  });

  it("ends with 2 when the server stops, wants a token, or is not there", async () => {
    const stage = await startStage();
    const stopped = await answered(stage, () => stage.server.close());
    expect([stopped.code, stopped.stdout]).toEqual([2, ""]);
    expect(await bash(gated, stage.server.localUrl)).toMatchObject({ code: 2, stdout: "" });
    const { server } = await startStage({ env: { APPROVAL_TOKEN: "t".repeat(24) } });
    expect(await bash(gated, server.localUrl)).toMatchObject({ code: 2, stdout: "" });
  });

  it("works in a strict script, and stops it when the server is not there", async () => {
    const stage = await startStage();
    const strict = `set -euo pipefail\n${gated}`;
    const result = bash(strict, stage.server.localUrl);
    await stage.phone.tap((await stage.request()).sid, "approve");
    expect(await result).toMatchObject({ code: 0, stdout: "deployed\n" });
    await stage.server.close();
    const { code, stdout } = await bash(strict, stage.server.localUrl);
    expect([code > 1, stdout]).toEqual([true, ""]);
  });

  it("works with the token where the page says it goes", async () => {
    const token = "t".repeat(24);
    const stage = await startStage({ env: { APPROVAL_TOKEN: token } });
    const header = /-H "Authorization: Bearer \$APPROVAL_TOKEN"/.exec(page)?.[0] ?? "";
    const script = `APPROVAL_TOKEN=${token}\n${gated.replaceAll("curl ", `curl ${header} `)}`;
    const result = bash(script, stage.server.localUrl);
    await stage.phone.tap((await stage.request()).sid, "approve");
    expect(await result).toMatchObject({ code: 0, stdout: "deployed\n" });
  });
});
