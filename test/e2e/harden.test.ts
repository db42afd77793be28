// The deny rules that `approval-server harden` prints, in Claude Code's own settings, with the real CLI: what they stop, what they do
// not, and that the phone is asked as ever about the rest. docs/harden.md says so.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/command-line.ts";
import { ensureClaudeCli } from "./claude-cli.ts";
import { type Stage, type StageOptions, setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

const SECRET = "only-the-server-knows-it";
const bash = (command: string) => ({ tool: "Bash", input: { command, description: "Part of the test" } });
/** The server's folder, seen from the project's. */
const OWN = "../../server";

/** A stage whose Claude has the very rules that harden prints. @param allow what Claude may do unasked */
async function hardened(options: Omit<StageOptions, "cli">, allow: readonly string[]): Promise<Stage> {
  const stage = await setStage({ cli, ...options });
  const own = join(dirname(dirname(stage.folder)), "server");
  writeFileSync(join(own, ".env"), `TWILIO_AUTH_TOKEN_SECONDARY=${SECRET}\n`, { mode: 0o600 });
  symlinkSync(own, stage.path("link"));
  const env = { APPROVAL_HOME: own, HOME: stage.home, SERVER_PORT: new URL(stage.server.url).port };
  const { stdout } = await run(["harden", "--json"], own, env);
  const { steps } = JSON.parse(stdout) as { steps: { id: string; do: string[] }[] };
  const lines = steps.find(({ id }) => id === "deny-rules")?.do.slice(1) ?? [];
  const { permissions } = JSON.parse(lines.join("\n")) as { permissions: { deny: string[] } };
  mkdirSync(join(stage.home, ".claude"), { recursive: true });
  const settings = { permissions: { ...permissions, allow } };
  writeFileSync(join(stage.home, ".claude", "settings.json"), JSON.stringify(settings));
  return stage;
}

const DENIED = [
  { tool: "Read", input: { file_path: `${OWN}/.env` } },
  { tool: "Write", input: { file_path: `${OWN}/.env`, content: "" } },
  { tool: "Write", input: { file_path: `${OWN}/policy.json`, content: "{}" } },
  bash(`cat ${OWN}/.env`),
  bash(`cd ${OWN} && cat .env`),
  bash("cat link/.env"),
  bash(`cat ${OWN}/.e*`),
  bash(`F=${OWN}/.env; cat $F`),
  bash(`cat < ${OWN}/.env`),
  bash(`cp ${OWN}/.env here`),
  bash(`echo X=1 >> ${OWN}/.env`),
  bash(`head -1 ${OWN}/.env`),
  bash(`tee ${OWN}/.env < /dev/null`),
  bash(`touch ${OWN}/data/x`),
  bash(`sed -i s/a/b/ ${OWN}/.env`),
  bash("approval-server resume"),
  bash("npx approval-server resume"),
  bash("approval-server pair telegram"),
  bash("npm run pair -- telegram"),
];

describe("the deny rules that harden prints", () => {
  test("stop Claude's tools and the usual commands unasked, whatever its own rules allow", async () => {
    let port = "";
    const stage = await hardened(
      {
        script: (path) => [
          ...DENIED.map((step) =>
            "file_path" in step.input
              ? { ...step, input: { ...step.input, file_path: path(step.input.file_path) } }
              : step,
          ),
          () => bash(`curl -s http://127.0.0.1:${port}/health`),
          () => bash(`wget -qO- http://localhost:${port}/health`),
          () => ({ tool: "WebFetch", input: { url: `http://127.0.0.1:${port}/health`, prompt: "x" } }),
          () => bash(`U=localhost; timeout 5 curl -s http://$U:${port}/health`),
        ],
      },
      ["Bash", "Read", "Edit", "Write"],
    );
    port = new URL(stage.server.url).port;
    expect((await stage.runClaude()).exitCode).toBe(0);
    const results = stage.model.results();
    expect(results.map(({ isError }) => isError)).toEqual(
      [...DENIED, "curl", "wget", "WebFetch", "with a variable"].map(() => true),
    );
    for (const { text } of results) expect(text).toMatch(/denied|deny rule/);
    expect(results.map(({ text }) => text).join()).not.toContain(SECRET);
    expect(existsSync(stage.path("here"))).toBe(false);
    expect(stage.phone.messages()).toEqual([]);
  });

  test("leave approvals as they are; a program that opens the file itself is asked about, not stopped", async () => {
    const read = `node -e "console.log(require('fs').readFileSync('${OWN}/.env', 'utf8'))"`;
    const stage = await hardened({ script: () => [bash("mkdir approved"), bash(read)] }, []);
    const running = stage.runClaude();
    const first = await stage.phone.waitForRequest();
    expect(first.message.body).toContain("mkdir approved");
    await stage.phone.tap(first.message.sid, `approve:${first.id}`);
    const second = await stage.phone.waitForRequest((body) => body.includes("node -e"));
    await stage.phone.tap(second.message.sid, `deny:${second.id}`);
    expect((await running).exitCode).toBe(0);
    expect(stage.model.results().map(({ isError }) => isError)).toEqual([false, true]);
    expect(existsSync(stage.path("approved"))).toBe(true);
    expect(stage.model.results()[1]?.text).not.toContain(SECRET);
  });

  test("hold in bypassPermissions too, where that program reads the file unasked", async () => {
    const own = join("..", "..", "server", ".env");
    const stage = await hardened(
      {
        script: (path) => [
          { tool: "Read", input: { file_path: path(own) } },
          bash(`cat ${own}`),
          bash(`node -e "console.log(require('fs').readFileSync('${own}', 'utf8'))"`),
          bash(`bash -c 'cat ${own}'`),
        ],
        args: ["--permission-mode", "bypassPermissions"],
      },
      [],
    );
    expect((await stage.runClaude()).exitCode).toBe(0);
    expect(stage.model.results().map(({ isError }) => isError)).toEqual([true, true, false, false]);
    // What does not hold, and why a user of its own is the first step.
    for (const { text } of stage.model.results().slice(2)) expect(text).toContain(SECRET);
  });
});
