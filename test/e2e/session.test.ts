// Session with the real CLI: the same call runs again unasked, a variation is asked about. Through both doors.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureClaudeCli } from "./claude-cli.ts";
import { installHooks, startSession } from "./interactive.ts";
import type { Step } from "./scripted-model.ts";
import { type Stage, setStage } from "./stage.ts";

let cli: string;
beforeAll(async () => {
  cli = await ensureClaudeCli();
});

type Call = Exclude<Step, string | ((request: string) => unknown)>;

const bash = (command: string, more: object = {}): Call => ({
  tool: "Bash",
  input: { command, description: "Part of the test", ...more },
});
const write = (file_path: string, content: string): Call => ({
  tool: "Write",
  input: { file_path, content },
});
const requests = ({ phone }: Stage) => phone.messages().filter(({ buttons }) => buttons.length > 0);

/** The nth request on the phone, from 0. */
async function nth({ phone }: Stage, index: number) {
  const { body, sid } = await phone.waitForMessage(
    (message) => phone.messages().filter(({ buttons }) => buttons.length > 0)[index]?.sid === message.sid,
  );
  return { sid, body, id: /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "" };
}

/** Taps Session on the first request and Deny on `denied` more; @returns the first one. */
async function answer(stage: Stage, denied: number) {
  const first = await nth(stage, 0);
  await stage.phone.tap(first.sid, `session:${first.id}`);
  for (let index = 1; index <= denied; index += 1) {
    const { sid, id } = await nth(stage, index);
    await stage.phone.tap(sid, `deny:${id}`);
  }
  return first;
}

const shown = (stage: Stage) =>
  requests(stage).map(({ body }) => /(?<=Execute command: `).*(?=`)/.exec(body)?.[0]);

describe("claude -p with the permission tool", () => {
  test("runs the README's example again unasked, and asks about each variation", async () => {
    const variations = [
      bash("cd / && ls -la /etc"),
      bash("ls -la /etc /tmp"),
      bash("echo x | ls -la /etc"),
      bash("ls -la /etc", { timeout: 9_000 }),
    ];
    // `ask` makes Claude Code ask about what it takes for reading.
    const settings = { permissions: { ask: ["Bash(ls *)", "Bash(echo *)", "Bash(cd *)"] } };
    const stage = await setStage({
      cli,
      script: () => [bash("ls -la /etc"), bash("ls -la /etc"), ...variations, bash("ls -la /etc")],
      args: ["--settings", JSON.stringify(settings)],
    });
    const run = stage.runClaude();
    const first = await answer(stage, variations.length);
    expect(first.body).toContain(
      "🔁 Session allows this exact command, in any folder of this project, for 60 minutes",
    );
    expect(await run).toMatchObject({ exitCode: 0 });
    expect(requests(stage)).toHaveLength(1 + variations.length);
    expect(stage.model.results().map(({ isError }) => isError)).toEqual([
      false,
      false,
      ...variations.map(() => true),
      false,
    ]);
    const list = await fetch(`${stage.server.url}/v1/approvals?limit=50`);
    const { approvals } = (await list.json()) as { approvals: { grant?: string; status: string }[] };
    const uses = approvals.filter(({ grant }) => grant !== undefined);
    expect(uses).toEqual([
      expect.objectContaining({ grant: first.id, status: "approved" }),
      expect.objectContaining({ grant: first.id, status: "approved" }),
    ]);
  });

  test.each(["./build.sh", "rm notes.txt", "touch one.txt", "npm test"])(
    "is offered no Session for what depends on a folder that it does not tell: %s",
    async (command) => {
      const stage = await setStage({ cli, script: () => [bash(command)] });
      const run = stage.runClaude();
      const { sid, id } = await nth(stage, 0);
      expect(requests(stage)[0]?.buttons).toHaveLength(2);
      await stage.phone.tap(sid, `deny:${id}`);
      await run;
    },
  );

  test("edits the same file again unasked; another spelling is another file", async () => {
    const stage = await setStage({
      cli,
      script: (path) => [
        write(path("new.txt"), "one"),
        write(path("new.txt"), "two"),
        { tool: "Edit", input: { file_path: path("new.txt"), old_string: "two", new_string: "three" } },
        write(path("NEW.TXT"), "four"),
      ],
    });
    const run = stage.runClaude();
    await answer(stage, 1);
    expect((await run).exitCode).toBe(0);
    expect(requests(stage)).toHaveLength(2);
    expect(await readFile(stage.path("new.txt"), "utf8")).toBe("three");
    expect(existsSync(stage.path("NEW.TXT"))).toBe(false);
  });

  test.each([
    ["REVOKE", async ({ phone }: Stage, id: string) => phone.type(`REVOKE ${id}`), /^Ended: /],
    ["PAUSE and RESUME", async ({ phone }: Stage) => phone.type("PAUSE 5"), /has ended with it/],
  ])("asks again after %s", async (name, take, told) => {
    const stage = await setStage({ cli, script: (path) => [bash(`touch ${path("a.txt")}`), "Done."] });
    const first = stage.runClaude();
    const { id } = await answer(stage, 0);
    await first;
    await stage.phone.waitForMessage(({ body }) => body.includes(`REVOKE ${id} ends that`));
    // Another run of Claude in the same project: the permission tool does not tell them apart, and the message says so.
    await stage.runClaude();
    expect(requests(stage)).toHaveLength(1);
    await take(stage, id);
    await stage.phone.waitForMessage(({ body }) => told.test(body));
    if (name !== "REVOKE") {
      await stage.phone.type("RESUME");
      await stage.phone.waitForMessage(({ body }) => body.startsWith("Resumed"));
    }
    const again = stage.runClaude();
    const second = await nth(stage, 1);
    await stage.phone.tap(second.sid, `deny:${second.id}`);
    expect((await again).permissionDenials).toHaveLength(1);
  });
});

describe("an interactive session with the hooks", () => {
  test("runs the same calls again unasked, in the same folder only", async () => {
    const script = [
      bash("./build.sh"),
      bash("./build.sh"),
      bash("cd sub && ./build.sh"),
      bash("cd sub"),
      bash("./build.sh"),
    ];
    const stage = await setStage({ cli, script: () => script });
    await mkdir(stage.path("sub"));
    for (const [file, word] of [
      ["build.sh", "outer"],
      ["sub/build.sh", "inner"],
    ] as const)
      await writeFile(stage.path(file), `#!/bin/sh\necho ${word} >> "${stage.path("ran.txt")}"\n`, {
        mode: 0o755,
      });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    const first = await nth(stage, 0);
    expect(first.body).toContain(
      "🔁 Session allows this exact command, in this folder and Claude session, for 60 minutes",
    );
    await stage.phone.tap(first.sid, `session:${first.id}`);
    const second = await nth(stage, 1);
    expect(second.body).toContain("cd sub && ./build.sh");
    await stage.phone.tap(second.sid, `deny:${second.id}`);
    // `cd sub` alone asks nobody: Claude's shell is in the folder below from here on.
    const third = await nth(stage, 2);
    expect(third.body).toContain("`./build.sh`");
    await stage.phone.tap(third.sid, `deny:${third.id}`);
    await terminal.waitFor(/Done\./);
    expect(await readFile(stage.path("ran.txt"), "utf8")).toBe("outer\nouter\n");
    expect(shown(stage)).toEqual(["./build.sh", "cd sub && ./build.sh", "./build.sh"]);
  });

  test("asks about a pipe into the program that it was allowed", async () => {
    const script = [bash("touch out.txt"), bash("touch out.txt"), bash("echo x | touch out.txt")];
    const stage = await setStage({ cli, script: () => script });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    await answer(stage, 1);
    await terminal.waitFor(/Done\./);
    expect(shown(stage)).toEqual(["touch out.txt", "echo x | touch out.txt"]);
    expect(stage.model.results().map(({ isError }) => isError)).toEqual([false, false, true]);
  });

  test("gives nothing to another session", async () => {
    const stage = await setStage({ cli, script: () => [bash("touch one.txt")] });
    await installHooks(stage);
    const terminal = await startSession(stage, cli);
    await answer(stage, 0);
    await terminal.waitFor(/Done\./);
    await terminal.close();
    await startSession(stage, cli);
    const second = await nth(stage, 1);
    await stage.phone.tap(second.sid, `deny:${second.id}`);
    await stage.phone.waitForMessage(({ body }) => body.startsWith(`❌ ${second.id} denied`));
  });
});

describe("claude -p with the hooks", () => {
  test("and the permission tool is one call for each use, whichever door is first", async () => {
    const call = bash("touch one.txt");
    const script = [call, call, call, call, bash("touch two.txt")];
    const stage = await setStage({ cli, script: (path) => [bash(`touch ${path("zero.txt")}`), ...script] });
    await installHooks(stage);
    const run = stage.runClaude();
    const first = await nth(stage, 0);
    await stage.phone.tap(first.sid, `approve:${first.id}`);
    const second = await nth(stage, 1);
    const isOffered = requests(stage)[1]?.buttons.length === 3;
    // The door that is first decides what is offered: only the hook knows the folder.
    await stage.phone.tap(second.sid, isOffered ? `session:${second.id}` : `approve:${second.id}`);
    for (let index = 2; index <= (isOffered ? 2 : 5); index += 1) {
      const { sid, id } = await nth(stage, index);
      await stage.phone.tap(sid, `approve:${id}`);
    }
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    if (isOffered) {
      expect(shown(stage).slice(1)).toEqual(["touch one.txt", "touch two.txt"]);
      await stage.phone.type("GRANTS");
      await stage.phone.waitForMessage(({ body }) => /used 3 times/.test(body));
    }
  });

  test("uses a grant of the permission tool's words once for each call", async () => {
    const stage = await setStage({
      cli,
      script: (path) => Array.from({ length: 4 }, () => bash(`touch ${path("a.txt")}`)),
    });
    await installHooks(stage);
    const run = stage.runClaude();
    await answer(stage, 0);
    expect(await run).toMatchObject({ exitCode: 0, permissionDenials: [] });
    expect(requests(stage)).toHaveLength(1);
    await stage.phone.type("GRANTS");
    await stage.phone.waitForMessage(({ body }) => /used 3 times/.test(body));
  });
});
