// Entry point of `npm start`: reads the environment, starts the server, says how to use it, stops on a signal.
import { existsSync } from "node:fs";
import { join } from "node:path";
import dotenv from "dotenv";
import { type CommandCall, readCommandLine } from "./cli/command-line.ts";
import { EXIT } from "./cli/exit.ts";
import { failureText } from "./cli/failure.ts";
import { createPaint, mayBeColoured } from "./cli/paint.ts";
import { configurationExit } from "./cli/service/launchd-label.ts";
import { readSettings } from "./cli/settings.ts";
import { type Config, parseConfig, secretsOf } from "./config/config.ts";
import { findHome, type Home } from "./config/home.ts";
import type { Variables } from "./config/read-variables.ts";
import { waitAtMost } from "./core/timing.ts";
import { ConfigError, DeliveryError } from "./domain/errors.ts";
import { nameFolderInCommands } from "./domain/own-command.ts";
import { explainStart } from "./server/already-running.ts";
import { withApprovers } from "./server/approvers/with-approvers.ts";
import { startText } from "./server/banner.ts";
import { startServer } from "./server/create-server.ts";
import { isInForeground } from "./server/foreground.ts";
import { checkLive, withTemplates } from "./server/live-check.ts";
import { createLog } from "./server/log.ts";
import { createOutput, sendTo } from "./server/output.ts";
import { createProcesses, runsFolder } from "./server/processes.ts";
import { createRequestLines } from "./server/request-lines.ts";
import type { ApprovalServer } from "./server/server-contract.ts";
import { accessWarnings, settingWarnings } from "./server/start-warnings.ts";
import { packageRoot, packageVersion, systemClock } from "./server/system.ts";
import { type KeyActions, readKeys } from "./server/terminal-keys.ts";
import { type TerminalMode, terminalMode } from "./server/terminal-mode.ts";

/** A stop that takes longer is ended by force, ms; everything in it is bounded below this. */
const STOP_LIMIT_MS = 4_500;
/** How long the last lines may take to leave, ms: a terminal that nobody reads must not keep the process. */
const LAST_LINES_MS = 300;
/** How wide a terminal is taken to be that does not say it. */
const WIDE = 120;
/** What the log puts in front of a line: "[19:02:11] INFO: ". */
const LOG_PREFIX = 17;

// Whatever is printed goes through these: a full disk, a closed pipe or a stopped terminal must not stop the server.
const sendOut = sendTo(process.stdout);
const sendErr = sendTo(process.stderr);
const out = createOutput(sendOut);
const err = createOutput(sendErr);

/** Ends the process once what it said has left. */
async function leave(exitCode: number, ...outputs: readonly { idle(): Promise<void> }[]): Promise<never> {
  await waitAtMost(
    LAST_LINES_MS,
    Promise.all([out, err, ...outputs].map((each) => each.idle())),
    systemClock,
  );
  process.exit(exitCode);
}

async function main(home: Home): Promise<void> {
  const settings = await readSettings({ env: process.env, envFile: home.envFile });
  const misspelt = await settingWarnings(home, process.env);
  const open = accessWarnings(home, { ...process.env });
  // Packages read the environment too, a proxy's address for example.
  dotenv.populate(process.env as Record<string, string>, settings as Record<string, string>);
  const config = readConfig(settings, home, misspelt);
  const log = createLog({
    level: config.logLevel,
    terminal: config.logFormat === "auto" ? process.stderr.isTTY === true : config.logFormat === "pretty",
    colours: mayBeColoured(process.stderr, process.env),
    secrets: secretsOf(config),
    send: sendErr,
  });
  const root = packageRoot();
  const version = packageVersion();
  const colours = mayBeColoured(process.stdout, process.env);
  const lines = createRequestLines({
    log,
    colours: mayBeColoured(process.stderr, process.env),
    columns: () => (process.stderr.columns || WIDE) - LOG_PREFIX,
  });
  const { phone } = config;
  const checking =
    phone.kind === "twilio" ? checkLive({ twilio: phone.twilio, clock: systemClock }) : undefined;

  // A signal may come while the tunnel is being opened: calls are taken by then.
  const processes = createProcesses(process, runsFolder(config));
  const deps = { log, version, home, contentSids: settings, journals: [lines], processes };
  const starting = startServer(config, deps).catch(async (error: unknown) => {
    throw await explainStart(error, config);
  });
  let stopping = false;
  const stop = (why: string, exitCode: number) => {
    // The second signal means it.
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ why }, "stopping: what waits is denied");
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    void starting.then((server) => server.close()).finally(() => void leave(exitCode, log));
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(signal, 0));
  // The state in here can no longer be trusted, but whoever waits can still be told that nothing was approved.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.error({ err: error }, `an error that nobody expected (${event})`);
      if (!stopping) stop(event, 1);
    });
  }
  const server = await starting;
  const live = await checking;
  const isJson = config.logFormat === "json";
  const isWatched = !isJson && process.stdin.isTTY && process.stdout.isTTY;
  const mode = isWatched ? terminalMode() : undefined;
  const { missingTemplates, localUrl, webhookUrl } = server;
  const found = live && withTemplates(live, missingTemplates.length);
  const warnings = [...misspelt, ...(await open)];
  // Whoever wants JSON reads both streams as one log, as a container's is.
  if (isJson) {
    log.info({ version, localUrl, webhookUrl, twilio: found?.text, advice: found?.advice }, "listening");
    for (const warning of warnings) log.warn({ warning }, "something is wrong with the settings");
  } else {
    const columns = (process.stdout.isTTY && process.stdout.columns) || undefined;
    const seen = { hasKeys: mode !== undefined, hasEnvFile: existsSync(home.envFile), columns };
    out.write(startText(config, server, { version, root, home, colours, live: found, warnings, ...seen }));
  }
  // Where both streams are one log, or go into a file, a code would stay where others read it.
  server.firstPairing.begin(isWatched ? out.write : undefined);
  if (mode !== undefined) useKeys(mode, server, () => stop("a key", 0));
}

/** Reads the terminal's keys while the process is in its foreground. The terminal is given back however the process ends. */
function useKeys(mode: TerminalMode, { waiting }: Pick<ApprovalServer, "waiting">, stop: () => void): void {
  const columns = () => process.stdout.columns || WIDE;
  const actions: KeyActions = { say: out.write, waiting, now: Date.now, columns, stop };
  let giveBack = () => {};
  const take = () => {
    giveBack();
    if (isInForeground()) giveBack = readKeys(process.stdin, mode, actions);
    process.once("SIGTSTP", suspend);
  };
  const suspend = () => {
    giveBack();
    process.kill(process.pid, "SIGTSTP");
  };
  process.on("exit", () => giveBack());
  process.on("SIGCONT", () => {
    process.off("SIGTSTP", suspend);
    take();
  });
  take();
}

/** What may keep the server from starting is said with what is misspelt: the one often comes of the other. */
function readConfig(settings: Variables, home: Home, misspelt: readonly string[]): Config {
  try {
    return withApprovers(parseConfig(settings, home));
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError([...error.problems, ...misspelt]) : error;
  }
}

/** Says why it did not start, and what to do. */
function explain(error: unknown, home?: Home): Promise<never> {
  const isOperators = error instanceof ConfigError || error instanceof DeliveryError;
  const paint = createPaint(mayBeColoured(process.stderr, process.env));
  const advice = `Settings are read from ${home?.envFile} and the environment; see ${join(packageRoot(), ".env.example")}.\n`;
  err.write(
    `The approval server ${isOperators ? "did not start" : "failed"}:\n${failureText(error, paint)}${error instanceof ConfigError && home !== undefined ? advice : ""}`,
  );
  // What the world outside refused may work the next time: a service tries again.
  return leave(error instanceof ConfigError ? configurationExit(process.env) : EXIT.failed);
}

const line = readCommandLine(["start", ...process.argv.slice(2)], {
  start: "npm",
  version: packageVersion(),
});
if (line.kind === "notice") {
  (line.to === "out" ? out : err).write(line.text);
  void leave(line.exitCode);
} else {
  run(line);
}

function run({ dir }: CommandCall): void {
  const clone = process.cwd();
  try {
    const home = findHome({ dir, env: process.env, current: process.env["INIT_CWD"] || clone, clone });
    if (dir !== undefined) nameFolderInCommands(home.folder);
    main(home).catch((error: unknown) => explain(error, home));
  } catch (error) {
    void explain(error);
  }
}
