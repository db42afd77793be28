// Takes the service away: what runs, what starts by itself, and the file. The settings, the record and the log stay.
import { rm } from "node:fs/promises";
import type { CommandContext } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint } from "../paint.ts";
import type { ServiceManager } from "./manager.ts";
import { readOurFile } from "./service-file.ts";

/** @throws ServerError when the file is not ours, or the service cannot be stopped; it is then still installed */
export async function uninstall(
  manager: ServiceManager,
  { out, colours, envFile }: CommandContext,
): Promise<number> {
  if ((await readOurFile(manager.file)) === undefined) {
    out(`Nothing to do: the service is not installed (there is no ${manager.file}).\n`);
    return EXIT.ok;
  }
  await manager.check();
  const { kind } = await manager.state();
  await manager.stop();
  await rm(manager.file, { force: true });
  await manager.forget();
  out(`${createPaint(colours.out)("green", "✓")} The service is stopped and gone: ${manager.file}\n`);
  if (kind === "running") out("  What waited was denied.\n");
  out(`  Your settings (${envFile}) and the record are still there.\n`);
  return EXIT.ok;
}
