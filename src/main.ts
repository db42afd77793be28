// Entry point of `npm start`: reads the environment, starts the server, says how to use it, stops on a signal.
import dotenv from "dotenv";
import { readCommandLine } from "./cli/command-line.ts";
import { EXIT } from "./cli/exit.ts";
import { failureText } from "./cli/failure.ts";
import { createPaint, mayBeColoured } from "./cli/paint.ts";
import { type Config, parseConfig, secretsOf } from "./config/config.ts";
import { ConfigError, DeliveryError } from "./domain/errors.ts";
import { startText } from "./server/banner.ts";
import { startServer } from "./server/create-server.ts";
import { createLog } from "./server/log.ts";
import { packageRoot, packageVersion } from "./server/system.ts";

/** A stop that takes longer is ended by force, ms; everything in it is bounded below this. */
const STOP_LIMIT_MS = 4_500;

async function main(): Promise<void> {
  dotenv.config({ quiet: true });
  const config: Config = parseConfig(process.env);
  const log = createLog({
    level: config.logLevel,
    terminal: process.stderr.isTTY === true,
    secrets: secretsOf(config),
  });
  const root = packageRoot();
  const version = packageVersion();

  // A signal may come while the tunnel is being opened: calls are taken by then.
  const starting = startServer(config, { log, version, contentSids: process.env });
  let stopping = false;
  const stop = (why: string, exitCode: number) => {
    // The second signal means it.
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ why }, "stopping: what waits is denied");
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    void starting.then((server) => server.close()).finally(() => process.exit(exitCode));
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
  process.stdout.write(
    startText(config, server, { version, root, colours: mayBeColoured(process.stdout, process.env) }),
  );
}

/** Says why it did not start, and what to do. */
function explain(error: unknown): void {
  const isOperators = error instanceof ConfigError || error instanceof DeliveryError;
  const paint = createPaint(mayBeColoured(process.stderr, process.env));
  const advice = "Settings are read from .env and the environment; see .env.example.\n";
  process.stderr.write(
    `The approval server ${isOperators ? "did not start" : "failed"}:\n${failureText(error, paint)}${error instanceof ConfigError ? advice : ""}`,
  );
  process.exitCode = isOperators ? EXIT.configuration : EXIT.failed;
}

const line = readCommandLine(["start", ...process.argv.slice(2)], {
  start: "npm",
  version: packageVersion(),
});
if (line.kind === "notice") {
  process[line.to === "out" ? "stdout" : "stderr"].write(line.text);
  process.exitCode = line.exitCode;
} else {
  main().catch(explain);
}
