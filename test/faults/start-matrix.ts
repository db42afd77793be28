// Kills a server at every step of its start, on a record that is in a certain state; the one after that must find all of it sound.
import Database from "better-sqlite3";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { keep } from "../../src/store/open-database.ts";
import { createAct } from "./act.ts";
import {
  chainProblems,
  distinct,
  type Kill,
  killedWhileItStarts,
  type OnKill,
  type Pick,
  type ScenarioResult,
  startWhole,
} from "./crash-matrix.ts";
import { broken } from "./invariants.ts";
import { createWorld, type World } from "./world.ts";

export interface StartScenario {
  readonly name: string;
  /** What is there before. */
  readonly prepare: (world: World, asked: Asked) => void;
}

/** What was asked before there was a server. */
type Asked = Readonly<{ mark(): string; note(mark: string): void }>;

export const STARTS: readonly StartScenario[] = [
  { name: "first start of all", prepare: () => {} },
  { name: "first start of a new version", prepare: writeEarlier },
];

/** The record of the first version: all that has come since is made of it. */
function writeEarlier({ databasePath }: World, asked: Asked): void {
  const mark = asked.mark();
  asked.note(mark);
  const db = keep(new Database(databasePath));
  db.exec(`PRAGMA journal_mode = WAL; ${MIGRATIONS[0]}; PRAGMA user_version = 1`);
  const input = JSON.stringify({ command: `ls /srv/${mark}` });
  const insert = `INSERT INTO approvals (id, status, door, tool_name, input, masked_input, input_sha256, created_at, expires_at)
    VALUES (?, 'pending', 'mcp', 'Bash', ?, ?, ?, ?, ?)`;
  const now = Date.now();
  keep(db.prepare(insert)).run("kqmwa", input, input, "0".repeat(64), now - 1_000, now + 60_000);
  db.close();
}

export async function killEveryStart(
  { name, prepare }: StartScenario,
  pick: Pick = (steps) => steps,
  onKill: OnKill = () => {},
): Promise<ScenarioResult> {
  const freshMs: number[] = [];
  const inWorld = async <T>(work: (world: World) => Promise<T>): Promise<T> => {
    const world = await createWorld();
    try {
      return await work(world);
    } finally {
      await world.close();
    }
  };
  const recorded = await inWorld(async (world) => {
    prepare(world, unstarted());
    const server = await startWhole(world);
    freshMs.push(server.startedInMs);
    await server.quiet();
    return server.steps();
  });
  const kills: Kill[] = [];
  const steps = distinct(recorded);
  for (const step of pick(steps)) {
    const kill = await inWorld(async (world): Promise<Kill> => {
      const before = unstarted();
      prepare(world, before);
      const wasKilled = await killedWhileItStarts(world, step);
      const next = await startWhole(world);
      await next.quiet();
      const act = createAct(world);
      for (const mark of before.marks) act.note(mark);
      const mark = act.mark();
      const answer = act.permission(mark);
      await act.tap(await act.prompt(mark), "approve");
      const isAllowed = (await act.alive(answer)) === "allow";
      await act.told(/approved: Claude has the answer/);
      const problems = await broken(act, {}, [], { verify: chainProblems });
      return {
        step,
        result: wasKilled ? "killed" : "missed",
        problems: isAllowed ? problems : [...problems, "a request after it was denied"],
        healthyInMs: next.startedInMs,
      };
    });
    kills.push(kill);
    onKill(kill);
  }
  return { scenario: name, steps: steps.length, kills, freshMs };
}

let earlier = 0;

function unstarted() {
  const marks: string[] = [];
  return {
    marks,
    mark: () => {
      earlier += 1;
      return `earlier${earlier}x`;
    },
    note: (mark: string) => void marks.push(mark),
  };
}
