// `npm run resume`: ends a panic or a pause, from the machine that the server runs on.
import dotenv from "dotenv";
import { explainLocalError, localAddress } from "../src/cli/local-client.ts";
import { parseConfig } from "../src/config/config.ts";
import { RESUME_PATH } from "../src/doors/control/control-door.ts";

async function main(): Promise<void> {
  dotenv.config({ quiet: true });
  const { url, headers } = localAddress(parseConfig(process.env));
  const response = await fetch(url + RESUME_PATH, { method: "POST", headers });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const { before } = (await response.json()) as { before: string };
  process.stdout.write(
    before === "open"
      ? "Nothing was paused or stopped.\n"
      : "Resumed: requests are sent to the phone again.\n",
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${explainLocalError(error)}\n`);
  process.exitCode = 1;
});
