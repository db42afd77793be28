// `npm run hooks`: the hooks for interactive sessions in Claude Code's settings. See src/cli/hooks/hooks.ts.
import { runHooks } from "../src/cli/hooks/hooks.ts";

process.exitCode = await runHooks({
  argv: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  // hasColors() knows NO_COLOR and the terminal's abilities.
  colour: process.stdout.isTTY && process.stdout.hasColors(),
});
