// The database is removed, replaced or overwritten while the server runs: nothing is approved without a record that is found
// again, the phone is told, and the server goes on with a new file where that is safe.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/domain/errors.ts";
import { startServer } from "../../src/server/create-server.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { rest } from "../helpers/rest-client.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const call = (command: string) => ({ ...BASH_CALL, input: { command }, tool_use_id: command });

function statusIn(path: string, command: string): unknown {
  const db = keep(new Database(path, { readonly: true }));
  onTestFinished(() => void db.close());
  return keep(db.prepare("SELECT status FROM approvals WHERE masked_input LIKE ?").pluck()).get(
    `%${command}%`,
  );
}

/** Another database with a schema, as a backup has it. */
async function backup(): Promise<string> {
  const path = join(temporaryFolder(), "backup.db");
  await createSqliteStore(path).close();
  return path;
}

async function askFor(stage: ServerStage, command: string) {
  const answer = callTool(stage.server, call(command));
  const message = await stage.phone.waitForMessage(
    ({ body, buttons }) => buttons.length > 0 && body.includes(command),
  );
  const tap = async (what: "approve" | "deny") => {
    const button = message.buttons.find(({ id }) => id.startsWith(`${what}:`));
    await stage.phone.tap(message.sid, button?.id ?? "");
    return answer;
  };
  return { answer, tap };
}

type Sabotage = (path: string) => void | Promise<void>;

const LOSSES: [string, Sabotage][] = [
  ["rm", (path) => rmSync(path)],
  ["rm of the file and all beside it", (path) => rmSync(dirname(path), { recursive: true })],
  [
    "rm of the file and an empty one in its place",
    (path) => {
      rmSync(path);
      writeFileSync(path, "");
    },
  ],
  ["mv of a backup over it", async (path) => renameSync(await backup(), path)],
  [
    "mv of a backup that brings a log of its own",
    async (path) => {
      const other = await backup();
      const db = keep(new Database(other));
      db.exec("INSERT INTO settings VALUES ('mine', '1')");
      const folder = temporaryFolder();
      for (const suffix of ["", "-wal"]) cpSync(other + suffix, join(folder, `x${suffix}`));
      db.close();
      for (const suffix of ["", "-wal"]) renameSync(join(folder, `x${suffix}`), path + suffix);
    },
  ],
  ["mv of its folder", (path) => renameSync(dirname(path), `${dirname(path)}-moved`)],
  ["rm of its write-ahead log", (path) => rmSync(`${path}-wal`)],
  ["rm of its index", (path) => rmSync(`${path}-shm`)],
  ["rm of the lock", (path) => rmSync(`${path}-lock`)],
];

/** Of a request that is in no record, and of one that is, as failed. */
const SAID = /the answer could not be recorded: nothing ran|ended .*ago with an error: nothing ran/;

describe.each(LOSSES)("after %s", (_, sabotage) => {
  it("a tap approves nothing and reads so, and the next request is recorded where it is found", async () => {
    const stage = await startStage();
    const waiting = await askFor(stage, "ls first");
    const other = await askFor(stage, "ls second");
    await sabotage(stage.databasePath);
    expect(await waiting.tap("approve")).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("could not record the request or its answer"),
    });
    // It waited, too: denied without a tap.
    expect(await other.answer).toMatchObject({ behavior: "deny" });
    await stage.phone.waitForMessage(({ body }) => SAID.test(body));
    const notice = await stage.told("database was removed, replaced or changed");
    expect(notice.body).toMatch(/2 waiting requests denied\. A new one was begun/);
    const next = await askFor(stage, "ls third");
    expect(await next.tap("approve")).toMatchObject({ behavior: "allow" });
    expect(statusIn(stage.databasePath, "ls third")).toBe("approved");
    expect((await rest(stage.server, "/health")).body).toMatchObject({ status: "ok" });
  });

  it("a denial still reaches Claude", async () => {
    const stage = await startStage();
    const waiting = await askFor(stage, "ls first");
    await sabotage(stage.databasePath);
    expect(await waiting.tap("deny")).toMatchObject({ behavior: "deny" });
    expect(stage.log.text()).toContain("removed or replaced");
  });
});

describe("a panic", () => {
  it("does not end with the file that it was written in", async () => {
    const databasePath = join(temporaryFolder(), "data", "approvals.db");
    const env = { APPROVAL_DB: databasePath };
    const stage = await startStage({ env });
    await stage.phone.type("PANIC");
    await stage.told("Stopped:");
    rmSync(dirname(databasePath), { recursive: true });
    expect(await callTool(stage.server, call("ls"))).toMatchObject({ behavior: "deny" });
    await stage.told("nothing waited");
    await stage.server.close();
    const again = await startStage({ env });
    expect((await rest(again.server, "/health")).body).toMatchObject({ standing: "panic" });
  });
});

describe("a file that is written over in place", () => {
  it("is not mixed with what was open: nothing is approved until the server starts again", async () => {
    const stage = await startStage();
    const { tap } = await askFor(stage, "ls first");
    const other = await backup();
    copyFileSync(other, stage.databasePath);
    expect(await tap("approve")).toMatchObject({ behavior: "deny" });
    const notice = await stage.told("database was removed, replaced or changed");
    expect(notice.body).toContain("There is no other yet: nothing can be approved");
    expect(await callTool(stage.server, call("ls second"))).toMatchObject({ behavior: "deny" });
    expect(await rest(stage.server, "/health")).toMatchObject({
      status: 503,
      body: { status: "not recording", problem: expect.stringContaining("start it again") },
    });
    await stage.server.close();
    // What the next start finds is what was put there, and no log of the old file is applied to it.
    expect(readFileSync(stage.databasePath)).toEqual(readFileSync(other));
    expect(existsSync(`${stage.databasePath}-wal`)).toBe(false);
  });
});

describe("a lost file whose place cannot be used", () => {
  it("is not replaced: everything is denied in words, /health says why, and it comes back by itself", async () => {
    const stage = await startStage();
    const folder = dirname(stage.databasePath);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "no folder");
    expect(await callTool(stage.server, call("ls first"))).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("could not be written to the database"),
    });
    await stage.told("There is no other yet");
    const { status, body } = await rest(stage.server, "/health");
    expect([status, body]).toEqual([503, expect.objectContaining({ status: "not recording" })]);
    expect(body["problem"]).toContain("a part of its path is a file, not a folder");
    rmSync(folder);
    const next = await askFor(stage, "ls second");
    expect(await next.tap("approve")).toMatchObject({ behavior: "allow" });
    await stage.told("A new one was begun");
    expect(statusIn(stage.databasePath, "ls second")).toBe("approved");
    expect(await rest(stage.server, "/health")).toMatchObject({ status: 200, body: { status: "ok" } });
  });
});

describe("/health", () => {
  it.each(["insert", "settle"] as const)(
    "is not ok after a %s failed, and ok after one that worked",
    async (what) => {
      let isFull = false;
      const openStore = (path: string) => {
        const store = createSqliteStore(path);
        const full = () => Promise.reject(new Error("database or disk is full"));
        return {
          ...store,
          insert: (...args: Parameters<typeof store.insert>) =>
            isFull && what === "insert" ? full() : store.insert(...args),
          settle: (...args: Parameters<typeof store.settle>) =>
            isFull && what === "settle" ? full() : store.settle(...args),
        };
      };
      const stage = await startStage({ deps: { openStore } });
      expect((await rest(stage.server, "/health")).status).toBe(200);
      isFull = what === "insert";
      const first = callTool(stage.server, call("ls first"));
      if (what === "settle") {
        const message = await stage.request();
        isFull = true;
        await stage.phone.tap(message.sid, message.buttons[0]?.id ?? "");
      }
      expect(await first).toMatchObject({ behavior: "deny" });
      expect(await rest(stage.server, "/health")).toMatchObject({
        status: 503,
        body: { status: "not recording", problem: "database or disk is full" },
      });
      isFull = false;
      const next = await askFor(stage, "ls next");
      expect(await next.tap("approve")).toMatchObject({ behavior: "allow" });
      expect((await rest(stage.server, "/health")).status).toBe(200);
    },
  );
});

describe("a second server on the same file", () => {
  const start = (databasePath: string) =>
    startServer(
      parseConfig({ SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0", APPROVAL_DB: databasePath }),
      { log: createKeptLog(), version: "0.0.0-test" },
    );
  const refusal = async (databasePath: string) => {
    const error = await start(databasePath).then(
      async (server) => {
        await server.close();
        return undefined;
      },
      (thrown: unknown) => thrown,
    );
    return error instanceof ConfigError ? error.message : `${error}`;
  };

  it("is refused whatever its ports, also through a link, and leaves what waits alone", async () => {
    const stage = await startStage();
    const { tap } = await askFor(stage, "ls first");
    const link = join(temporaryFolder(), "link");
    symlinkSync(dirname(stage.databasePath), link);
    for (const path of [stage.databasePath, join(link, "approvals.db")]) {
      expect(await refusal(path)).toBe(
        `APPROVAL_DB: ${path} is in use by another approval server, process ${process.pid}. Stop that one, or set APPROVAL_DB to another file.`,
      );
    }
    expect(await tap("approve")).toMatchObject({ behavior: "allow" });
    await stage.server.close();
    expect(await refusal(stage.databasePath)).toBe("undefined");
  });

  it("does not take the file away by removing the lock: the first one notices, and approves nothing", async () => {
    const stage = await startStage();
    const { tap } = await askFor(stage, "ls first");
    rmSync(`${stage.databasePath}-lock`);
    // As another process would: it knows nothing of the lock that this one holds.
    const holder = keep(new Database(`${stage.databasePath}-lock`));
    onTestFinished(() => void holder.close());
    holder.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version = 1; COMMIT");
    expect(await tap("approve")).toMatchObject({ behavior: "deny" });
    const { status, body } = await rest(stage.server, "/health");
    expect([status, body["status"]]).toEqual([503, "not recording"]);
    expect(body["problem"]).toMatch(/in use by another approval server/);
  });
});

describe("a folder for the record", () => {
  it("that a link leads to is followed, and the lock lies beside the file itself", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real", "the.db"), join(folder, "link.db"));
    await startStage({ env: { APPROVAL_DB: join(folder, "link.db") } });
    for (const name of ["the.db", "the.db-wal", "the.db-lock"]) {
      expect(existsSync(join(folder, "real", name)), name).toBe(true);
    }
  });
});
