// `approval-server stdio`: the running server for MCP clients that only start processes. stdout is the protocol's: nothing
// else may be written to it. A .env of the folder that it is started in never counts: it could name another server.
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { parseConfig, secretsOf } from "../../config/config.ts";
import { createLog } from "../../server/log.ts";
import { packageVersion } from "../../server/system.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { serverAddress } from "../server-address.ts";
import { readClientSettings } from "../settings.ts";
import { serveBridge } from "./bridge.ts";

export async function stdio(_input: CommandInput, context: CommandContext): Promise<number> {
  const { HOST, SERVER_PORT, APPROVAL_URL, APPROVAL_TOKEN, LOG_LEVEL } = await readClientSettings(context);
  const config = parseConfig({ HOST, SERVER_PORT, APPROVAL_URL, APPROVAL_TOKEN, LOG_LEVEL });
  const address = await serverAddress(config, context);
  const { stdin, stdout, folder } = context;
  const ended = endOf(context);
  const bridge = serveBridge({
    address,
    folder,
    version: packageVersion(),
    log: createLog({
      level: config.logLevel,
      terminal: false,
      secrets: secretsOf(config),
      send: context.openLog(),
    }),
    transport: new StdioServerTransport(stdin, stdout),
  });
  await ended;
  // The process ends after this, which breaks the connections to the server and withdraws what waits.
  await bridge.close();
  return EXIT.ok;
}

/** The client has closed its end, or no longer reads. */
function endOf({ stdin, stdout }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    stdin.once("end", resolve).once("close", resolve);
    // Each write to a broken pipe is another error.
    stdout.on("error", () => resolve());
  });
}
