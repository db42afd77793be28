// A server as `npm start` runs it, from the built program, with its steps watched: the parent says over IPC at which it is killed.

import Database from "better-sqlite3";
import { parseConfig, secretsOf } from "../../dist/src/config/config.js";
import { homeIn } from "../../dist/src/config/home.js";
import { startServer } from "../../dist/src/server/create-server.js";
import { createLog } from "../../dist/src/server/log.js";
import { createOutput, sendTo } from "../../dist/src/server/output.js";
import { createProcesses, runsFolder } from "../../dist/src/server/processes.js";
import { createSqliteStore } from "../../dist/src/store/sqlite.js";
import {
  createPoints,
  watchDriver,
  watchedJournal,
  watchedProcesses,
  watchedStore,
  watchProcess,
} from "./points.mjs";

const { FAULT_ARM, ...env } = process.env;
/** So many times the other channel must have been read for what came while it was down. */
const minPolls = Number(env.FAULT_POLLS ?? 0);
delete process.env.FAULT_ARM;
const points = createPoints();
points.arm(FAULT_ARM === undefined ? undefined : (JSON.parse(FAULT_ARM) ?? undefined));
const traffic = watchProcess(points);
const isOpen = watchDriver(Database, points);

const RealDate = Date;
const home = homeIn(env.APPROVAL_HOME);
const config = parseConfig(env, home);
const send = sendTo(process.stderr);
const log = createLog({ level: "info", terminal: false, colours: false, secrets: secretsOf(config), send });
createOutput(send);

/** The run of Claude that has parked a call has ended, and was started like this. */
const claudeBefore =
  env.FAULT_PARKED === undefined
    ? {}
    : { isRunning: () => false, wordsOf: async () => ["claude", "-p", "go"] };

/** What every part of the program takes for the time of day; timers go on as they do. */
function setWallClock({ offsetMs, rate }) {
  const since = RealDate.now();
  const now = () => since + offsetMs + Math.round((RealDate.now() - since) * rate);
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [now()] : args));
    }
    static now = now;
  };
}

let server;
const starting = startServer(config, {
  log,
  version: "0.0.0-faults",
  home,
  journals: [watchedJournal(points)],
  processes: watchedProcesses({ ...createProcesses(process, runsFolder(config)), ...claudeBefore }, points),
  sendIntervalMs: 0,
  openStore: (path, options) => {
    const store = createSqliteStore(path, options);
    isOpen();
    return watchedStore(store, points);
  },
});

process.on("SIGTERM", () => {
  void starting
    .then((started) => started.close())
    .finally(() => process.send({ stopped: points.steps() }, () => process.exit(0)));
});

// Whoever has started it is gone: a run that was broken off leaves nothing behind.
process.on("disconnect", () => process.exit(1));

process.on("message", (message) => {
  if (message.ask === "arm") points.arm(message.step);
  if (message.ask === "clock") setWallClock(message.step);
  if (
    message.ask === "quiet" &&
    !(server !== undefined && traffic.isQuiet() && traffic.lists() > 0 && traffic.polls() >= minPolls)
  )
    return setTimeout(() => process.emit("message", message), 5);
  process.send({ to: message.id, steps: message.ask === "steps" ? points.steps() : undefined });
});

server = await starting;
process.send({ ready: server.localUrl });
