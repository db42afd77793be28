// Entry point of `npm start`: reads the environment, starts the server, says how to use it, stops on a signal.
import dotenv from "dotenv";
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
  // Nothing is known any more about the state in here, but whoever waits can still be told that nothing was approved.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.error({ err: error }, `an error that nobody expected (${event})`);
      if (!stopping) stop(event, 1);
    });
  }
  const server = await starting;
  process.stdout.write(
    startText(config, server, { version, root, colours: process.stdout.isTTY && process.stdout.hasColors() }),
  );
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) {
    const list = error.problems.map((problem) => `  ${problem}`).join("\n");
    process.stderr.write(
      `The approval server did not start:\n${list}\nSet these in .env or in the environment; see .env.example.\n`,
    );
    process.exitCode = 2;
    return;
  }
  if (error instanceof DeliveryError) {
    process.stderr.write(`The approval server did not start: ${error.message} ${error.advice}\n`);
    process.exitCode = 2;
    return;
  }
  process.stderr.write(
    `The approval server failed: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
