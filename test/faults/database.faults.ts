// The database cannot be written, or read, before a request, while it waits, and in the moment of the tap: a server in a process of its
// own, with the limits and locks of the system. Every way to remove, replace or overwrite it: test/component/lost-record.test.ts.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { keep } from "../../src/store/open-database.ts";
import { type Act, createAct } from "./act.ts";
import { broken, unsound } from "./invariants.ts";
import { createWorld, PATIENCE_MS, type World } from "./world.ts";

/** Begins it. @returns ends it */
type Trouble = (world: World) => () => void;

function limit({ server }: World, bytes: string): void {
  const { status, stderr } = spawnSync("prlimit", [`--pid=${server.pid}`, `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

/** What ends by itself: then the server goes on without a restart. */
const PASSING: Readonly<Record<string, Trouble>> = {
  "takes no byte more (RLIMIT_FSIZE)": (world) => {
    limit(world, "1");
    return () => limit(world, "unlimited");
  },
  "is locked by another process": ({ databasePath }) => {
    const db = keep(new Database(databasePath));
    db.exec("BEGIN IMMEDIATE");
    return () => {
      db.exec("ROLLBACK");
      db.close();
    };
  },
};

async function start(): Promise<World> {
  const world = await createWorld({ env: () => ({ APPROVAL_TIMEOUT_SECONDS: "20" }) });
  onTestFinished(() => world.close());
  await world.start();
  await world.server.quiet();
  return world;
}

async function asked(act: Act) {
  const mark = act.mark();
  const answer = act.permission(mark);
  return { mark, answer, prompt: await act.prompt(mark) };
}

/** With the trouble over, a request goes the way of all. */
async function goesItsWay(world: World): Promise<void> {
  const act = createAct(world);
  const { answer, prompt } = await asked(act);
  await act.tap(prompt, "approve");
  expect(await act.alive(answer)).toBe("allow");
  await act.told(/approved: Claude has the answer/);
  expect(await unsound(act)).toEqual([]);
}

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

describe.skipIf(!hasPrlimit).each(Object.entries(PASSING))("the database %s", (_name, begin) => {
  it("before a request: it is denied, and nobody is asked", async () => {
    const world = await start();
    const end = begin(world);
    const act = createAct(world);
    expect(await act.alive(act.permission(act.mark()))).toBe("deny");
    end();
    expect(await unsound(act)).toEqual([]);
    await goesItsWay(world);
  });

  it("while it waits, and no more when it is tapped: it is approved", async () => {
    const world = await start();
    const act = createAct(world);
    const { answer, prompt } = await asked(act);
    const end = begin(world);
    expect(await act.alive(act.permission(act.mark()))).toBe("deny");
    end();
    await act.tap(prompt, "approve");
    expect(await act.alive(answer)).toBe("allow");
    await act.told(/approved: Claude has the answer/);
    expect(await unsound(act)).toEqual([]);
  });

  it.each(["approve", "deny"])(
    "in the moment of the tap on %s: it is denied, and the phone reads why",
    async (button) => {
      const world = await start();
      const act = createAct(world);
      const { answer, prompt } = await asked(act);
      const end = begin(world);
      await act.tap(prompt, button);
      expect(await act.alive(answer)).toBe("deny");
      const word = await act.told(new RegExp(act.idOf(prompt)));
      if (button === "approve") expect(word.body).not.toMatch(/approved:/);
      expect(await unsound(act)).toEqual([]);
      end();
      await goesItsWay(world);
      // What could not be written is written, or cancelled by the next start.
      await world.server.end("SIGKILL");
      await world.start();
      await world.server.quiet();
      expect(await broken(act, {}, [])).toEqual([]);
    },
  );
});

/** Garbage in the place of every page but the first, in the log of writes as in the file. */
function damage({ databasePath }: World): void {
  for (const path of [databasePath, `${databasePath}-wal`]) {
    if (!existsSync(path)) continue;
    const { size } = statSync(path);
    const file = openSync(path, "r+");
    for (let at = 4_096; at < size; at += 4_096) writeSync(file, Buffer.alloc(4_096, 0xa5), 0, 4_096, at);
    closeSync(file);
  }
}

it("the database is damaged while a request waits: no tap approves it, now or after the next start", async () => {
  const world = await start();
  const act = createAct(world);
  const { answer, prompt } = await asked(act);
  damage(world);
  await act.tap(prompt, "approve");
  expect(await act.alive(answer)).toBe("deny");
  expect(await unsound(act)).toEqual([]);
  await world.server.end("SIGKILL");
  // Where all of it was in the log of writes, SQLite drops that: then it is an empty one.
  const problem = await world.start().then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (problem !== undefined) return expect(problem).toMatch(/APPROVAL_DB/);
  await world.server.quiet();
  const said = world.twilio.messages().length;
  await world.twilio.tap(prompt.sid, "approve");
  const word = await world.twilio.waitForMessage(
    (message) =>
      world.twilio.messages().indexOf(message) >= said &&
      message.direction === "to-phone" &&
      message.body.includes(act.idOf(prompt)),
    AbortSignal.timeout(PATIENCE_MS),
  );
  expect(word.body).not.toMatch(/approved:/);
  expect(await unsound(act)).toEqual([]);
});

describe("while a request waits, the database", () => {
  /** What the phone reads of it, beside the word on its tap. */
  const LOST = /database was removed, replaced or changed by something else: 1 waiting request denied/;

  it.each<[string, (path: string) => void]>([
    ["is removed", (path) => rmSync(path)],
    [
      "is replaced by an empty file",
      (path) => {
        writeFileSync(`${path}.other`, "");
        renameSync(`${path}.other`, path);
      },
    ],
  ])("%s: it is denied, the phone is told, and the next one goes its way", async (_name, lose) => {
    const world = await start();
    const act = createAct(world);
    const { answer, prompt } = await asked(act);
    lose(world.databasePath);
    await act.tap(prompt, "approve");
    expect(await act.alive(answer)).toBe("deny");
    await act.told(LOST);
    expect(await unsound(act)).toEqual([]);
    await goesItsWay(world);
  });
});

it("a second server on the same database does not start, and changes nothing for what waits at the first", async () => {
  const world = await start();
  const act = createAct(world);
  const { answer, prompt } = await asked(act);
  await expect(world.startSecond()).rejects.toThrow(/in use by another approval server/);
  await act.tap(prompt, "approve");
  expect(await act.alive(answer)).toBe("allow");
  await act.told(/approved: Claude has the answer/);
  expect(await unsound(act)).toEqual([]);
});
