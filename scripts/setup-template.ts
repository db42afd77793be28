// Creates the WhatsApp templates at Twilio and writes their SIDs into .env. See src/cli/setup-template/setup-template.ts.
import { setupTemplate } from "../src/cli/setup-template/setup-template.ts";

process.exitCode = await setupTemplate({
  argv: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  // hasColors() knows NO_COLOR and the terminal's abilities.
  colour: process.stdout.isTTY && process.stderr.isTTY && process.stdout.hasColors(),
});
