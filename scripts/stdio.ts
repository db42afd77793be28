// `approval-server stdio`: the running server for MCP clients that only start processes. stdout is the protocol's.
// Takes its settings from the environment alone: a .env of the folder that it is started in could name another server.
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { explainLocalError, localAddress } from "../src/cli/local-client.ts";
import { serveBridge } from "../src/cli/stdio/bridge.ts";
import { parseConfig, secretsOf } from "../src/config/config.ts";
import { createLog } from "../src/server/log.ts";
import { packageVersion } from "../src/server/system.ts";

function main(): void {
  const { HOST, SERVER_PORT, APPROVAL_TOKEN, LOG_LEVEL } = process.env;
  const config = parseConfig({ HOST, SERVER_PORT, APPROVAL_TOKEN, LOG_LEVEL });
  const log = createLog({ level: config.logLevel, terminal: false, secrets: secretsOf(config) });
  const transport = new StdioServerTransport();
  const bridge = serveBridge({
    address: localAddress(config),
    folder: process.cwd(),
    version: packageVersion(),
    log,
    transport,
  });
  // The end of the process breaks the connections to the server, which withdraws what waits.
  const end = () => void bridge.close().finally(() => process.exit(0));
  process.stdin.once("end", end).once("close", end);
  process.stdout.once("error", end);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${explainLocalError(error)}\n`);
  process.exitCode = 2;
}
