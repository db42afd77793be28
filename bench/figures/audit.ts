// Verifying a long event log, beside the least that it can cost: its rows read, and one hash of each entry.
import { hash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { verifyLog } from "../../src/audit/verify-log.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { openEventReader } from "../../src/store/event-reader.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { fillLog } from "../../test/helpers/long-log.ts";
import { newFolder } from "../parts/sides.ts";
import { median } from "../parts/statistics.ts";
import { type Figure, row } from "../rows.ts";

const ENTRIES = 100_000;
const QUICK_ENTRIES = 10_000;
const ROUNDS = 5;
const QUICK_ROUNDS = 2;
const START = 1_700_000_000_000;
const TOKEN = "the auth token of this bench";

interface Cost {
  readonly ms: number;
  /** Processor time, ms. */
  readonly cpu: number;
}

function request(id: string, at: number): ApprovalRequest {
  const call = { toolName: "Bash", input: { command: `npm run task -- ${id}` } };
  const inspection = { shown: call, secrets: 0, warnings: [] };
  const about = { id: id as ApprovalId, door: "mcp", project: "web-shop", waiting: 1 } as const;
  return { ...about, call, inspection, createdAt: at, expiresAt: at + 300_000 };
}

function costOf(work: () => void): Cost {
  const before = { cpu: process.cpuUsage(), at: performance.now() };
  work();
  const { user, system } = process.cpuUsage(before.cpu);
  return { ms: performance.now() - before.at, cpu: (user + system) / 1_000 };
}

function verify(path: string): void {
  const reader = openEventReader(path);
  try {
    const { problems } = verifyLog(reader, { secrets: [TOKEN] });
    if (problems.length > 0) throw new Error(`the log of the bench is broken: ${problems[0]?.problem}`);
  } finally {
    reader.close();
  }
}

function readAndHash(path: string): void {
  const db = keep(new Database(path, { readonly: true }));
  const entries = keep(db.prepare<[], unknown[]>("SELECT * FROM events ORDER BY seq").raw());
  for (const entry of entries.iterate()) hash("sha256", entry.join(" "), "hex");
  const rows = keep(db.prepare<[], unknown[]>("SELECT * FROM approvals").raw());
  for (const _ of rows.iterate());
  db.close();
}

export const audit: Figure = {
  name: "audit",
  about: "verifying the event log",
  async run(run) {
    const entries = run.quick ? QUICK_ENTRIES : ENTRIES;
    const rounds = run.quick ? QUICK_ROUNDS : ROUNDS;
    run.say(`audit: ${entries.toLocaleString("en")} entries`);
    const dir = newFolder();
    const path = join(dir, "approvals.db");
    const store = createSqliteStore(path, { secrets: [TOKEN], now: () => START });
    await store.probe();
    await store.close();
    fillLog({ path, entries, start: START, token: TOKEN, request });
    const ours: Cost[] = [];
    const floors: Cost[] = [];
    for (let round = 0; round < rounds; round += 1) {
      floors.push(costOf(() => readAndHash(path)));
      ours.push(costOf(() => verify(path)));
    }
    rmSync(dir, { recursive: true, force: true });
    const what = `audit --verify of ${entries.toLocaleString("en")} entries`;
    const common = { figure: "audit", unit: "ms", samples: rounds } as const;
    run.add(
      row({
        ...common,
        id: "audit.verify",
        what: `${what}, median (floor: its rows read, one hash each)`,
        value: median(ours.map(({ ms }) => ms)),
        floor: median(floors.map(({ ms }) => ms)),
        ...(run.quick ? {} : { target: { of: "value", is: "at most", limit: 2_000 } }),
      }),
    );
    run.add(
      row({
        ...common,
        id: "audit.verify.cpu",
        what: "the same, processor time",
        value: median(ours.map(({ cpu }) => cpu)),
        floor: median(floors.map(({ cpu }) => cpu)),
      }),
    );
  },
};
