// `npm run doctor`: checks everything that has to fit together. See src/cli/doctor/doctor.ts.
import { runDoctor } from "../src/cli/doctor/doctor.ts";

process.exitCode = await runDoctor({
  argv: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  nodeVersion: process.version,
  hasModes: process.platform !== "win32",
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  // hasColors() knows NO_COLOR and the terminal's abilities.
  colour: process.stdout.isTTY && process.stdout.hasColors(),
});
