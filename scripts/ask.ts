// `npm run ask -- "deploy to prod?"`: asks for an approval and ends with 0 only when it was given. See src/cli/ask/ask.ts.
import dotenv from "dotenv";
import { runAsk } from "../src/cli/ask/ask.ts";

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interrupted.abort(signal));
}
dotenv.config({ quiet: true });

// Whatever goes wrong before the answer is no approval.
process.exitCode = 69;
process.exitCode = await runAsk({
  argv: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  signal: interrupted.signal,
});
