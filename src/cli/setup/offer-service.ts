// Offers to start the server at every login, as `service install` does it.
import { service } from "../service/service.ts";
import type { Offer } from "./offer.ts";
import type { RunProgram } from "./programs.ts";

/** Whether the system's own manager of a user's services answers; nothing is changed by asking. */
const PROBES: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  linux: ["systemctl", "--user", "show-environment"],
  darwin: ["launchctl", "version"],
};

export const offerService: Offer = {
  name: "service",
  question: "Shall the server start at every login, and run in the background from now on?",
  initial: false,
  isPossible: ({ run }) => hasManager(run, process.platform),
  async otherwise({ flags, tell }) {
    if (flags.service)
      tell.bad("No service of yours can be installed here: neither systemd nor launchd answers.");
  },
  async run({ context }) {
    const said: string[] = [];
    const keep = (text: string) => void said.push(text);
    const quiet = { ...context, out: keep, err: keep, colours: { out: false, err: false } };
    await service({ verb: "install", args: [], options: {} }, quiet);
    return said.join("").trim().replace(/^✓ /, "").replace(/\n\s*/g, "\n");
  },
};

async function hasManager(run: RunProgram, platform: NodeJS.Platform): Promise<boolean> {
  const [program, ...args] = PROBES[platform] ?? [];
  return program !== undefined && (await run(program, args))?.ok === true;
}
