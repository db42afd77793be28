// The built server as `npm start` runs it, but for the pace of its messages: to one phone WhatsApp takes 14 in 30 s, and a soak has
// more to say. Started as a process of its own; `sendIntervalMs` is what the server's own tests use.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as ConfigModule from "../src/config/config.ts";
import type * as ServerModule from "../src/server/create-server.ts";
import type * as LogModule from "../src/server/log.ts";
import type * as OutputModule from "../src/server/output.ts";
import type * as ProcessesModule from "../src/server/processes.ts";
import type * as LinesModule from "../src/server/request-lines.ts";
import { packageRoot } from "../src/server/system.ts";

const COLUMNS = 200;

const built = async <T>(file: string) =>
  (await import(pathToFileURL(join(packageRoot(), "dist", "src", file)).href)) as T;

const { parseConfig, secretsOf } = await built<typeof ConfigModule>("config/config.js");
const { startServer } = await built<typeof ServerModule>("server/create-server.js");
const { createLog } = await built<typeof LogModule>("server/log.js");
const { sendTo } = await built<typeof OutputModule>("server/output.js");
const { createProcesses } = await built<typeof ProcessesModule>("server/processes.js");
const { createRequestLines } = await built<typeof LinesModule>("server/request-lines.js");

const config = parseConfig(process.env);
const send = sendTo(process.stderr);
const log = createLog({
  level: config.logLevel,
  terminal: false,
  colours: false,
  secrets: secretsOf(config),
  send,
});
const lines = createRequestLines({ log, colours: false, columns: () => COLUMNS });
const processes = createProcesses(process);
const server = await startServer(config, {
  log,
  version: "0.0.0",
  sendIntervalMs: 0,
  journals: [lines],
  processes,
});
process.on("SIGTERM", () => {
  void server.close().then(() => process.exit(0));
});
