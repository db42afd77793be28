// `npm run policy`: checks a policy file, or says what it decides of a call. See src/cli/policy/check.ts.
import dotenv from "dotenv";
import { runPolicy } from "../src/cli/policy/check.ts";
import { packageRoot } from "../src/server/system.ts";

dotenv.config({ quiet: true });
process.exitCode = await runPolicy({
  argv: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  root: packageRoot(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY && process.stdout.hasColors(),
});
