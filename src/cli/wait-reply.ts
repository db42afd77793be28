// `approval-server wait-reply`: what a Stop hook of one's own starts. The program of our own hooks does it; here it only learns where the
// server is. Exit code 2 is for a person's words and nothing else: Claude Code takes what is on standard error then for something to do.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { CommandContext, CommandInput } from "./command.ts";
import { EXIT } from "./exit.ts";
import { localAddress } from "./local-client.ts";
import { readClientConfig } from "./settings.ts";

/** Below the package's folder. */
const PROGRAM = "plugin/hook.js";
/** As Claude Code reads it. */
const GO_ON = 2;

export async function waitReply(_input: CommandInput, context: CommandContext): Promise<number> {
  const { env, root, nodePath, stdin } = context;
  const config = await readClientConfig(context);
  const { url } = localAddress(config);
  const child = spawn(nodePath, [join(root, PROGRAM), "wait-reply", url], {
    env: { ...env, ...(config.token === undefined ? {} : { APPROVAL_TOKEN: config.token }) },
    stdio: ["pipe", "ignore", "pipe"],
  });
  // It ends without reading where it need not wait.
  child.stdin.on("error", () => {});
  stdin.pipe(child.stdin);
  const words: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== GO_ON) return EXIT.ok;
  context.err(Buffer.concat(words).toString());
  return GO_ON;
}
