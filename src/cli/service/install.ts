// Installs the service, or brings the installed one up to date, and says so once it answers.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { pause, timeLeft } from "../../core/timing.ts";
import { ownCommand } from "../../domain/own-command.ts";
import type { CommandContext } from "../command.ts";
import { EXIT } from "../exit.ts";
import { type LocalAddress, localAddress, ServerError } from "../local-client.ts";
import { createPaint } from "../paint.ts";
import type { ServiceManager } from "./manager.ts";
import type { ServicePlan } from "./plan.ts";
import { type Probed, probe } from "./probe.ts";
import type { Programs } from "./programs.ts";
import { readOurFile } from "./service-file.ts";
import { serviceConfig, shellOnly } from "./service-settings.ts";

/** The first start of a machine reads some thousand files of packages; ms. */
const START_LIMIT_MS = 60_000;
const POLL_MS = 300;
/** Read by everybody: no secret is in it. */
const MODE = 0o644;
const LAST_LINES = 15;

/** @throws ConfigError, ServerError: what is wrong, and what to do; nothing was changed before the first file is written */
export async function install(
  manager: ServiceManager,
  plan: ServicePlan,
  programs: Programs,
  context: CommandContext,
): Promise<number> {
  const { out, colours } = context;
  const address = localAddress(await serviceConfig(context));
  await manager.check();
  const before = await readOurFile(manager.file);
  await refuseOccupied(manager, address, context);
  const text = await manager.text(plan);
  if (before !== text) {
    await mkdir(dirname(manager.file), { recursive: true });
    await writeFileAtomic(manager.file, text, { mode: MODE });
  }
  await manager.start();
  const answer = await untilItAnswers(manager, address, programs, context);
  const done = before === undefined ? "The service is installed" : "The service is up to date";
  out(`${createPaint(colours.out)("green", "✓")} ${done}, runs, and answers at ${address.url}\n`);
  out(`  ${manager.file}\n`);
  if (answer.kind === "ours" && answer.problem !== undefined) {
    out(`  But nothing can be recorded, and so nothing be approved: ${answer.problem}\n`);
  }
  const missed = await shellOnly(context);
  if (missed.length > 0) {
    out(
      `  Set in this shell only, and so not for the service: ${missed.join(", ")}. Write them into ${context.envFile}\n`,
    );
  }
  for (const hint of await manager.hints()) out(`  ${hint}\n`);
  out(`  See: ${ownCommand("service status")}, ${ownCommand("service logs --follow")}\n`);
  return EXIT.ok;
}

/** Two servers cannot have one port: which of them has it is said before anything is changed. */
async function refuseOccupied(
  manager: ServiceManager,
  address: LocalAddress,
  context: CommandContext,
): Promise<void> {
  const { kind } = await manager.state();
  if (kind === "running" || kind === "trying") return;
  const answer = await probe(address, context);
  if (answer.kind === "nobody") return;
  if (answer.kind === "foreign") {
    throw new ServerError(
      `Another program has ${address.url}.`,
      `Stop it, or set SERVER_PORT in ${context.envFile} to another port.`,
    );
  }
  throw new ServerError(
    `An approval server that was started by hand already runs at ${address.url}.`,
    `Stop it where it was started (Ctrl-C), then run: ${ownCommand("service install")}`,
  );
}

async function untilItAnswers(
  manager: ServiceManager,
  address: LocalAddress,
  programs: Programs,
  context: CommandContext,
): Promise<Probed> {
  const leftMs = timeLeft(START_LIMIT_MS, context.clock);
  for (;;) {
    const answer = await probe(address, context);
    const { kind, problem } = await manager.state();
    if (kind === "running" && (answer.kind === "ours" || answer.kind === "locked")) return answer;
    const isOver = kind === "failed" || kind === "stopped" || (kind === "trying" && problem !== undefined);
    if (isOver || leftMs() <= 0) {
      const why = problem ?? (isOver ? "ended at once" : `does not answer at ${address.url}`);
      await showLastLines(manager, programs, context);
      throw new ServerError(
        `The service is installed, but it ${why}.`,
        `The lines above are its log. Mend it, then run: ${ownCommand("service install")}`,
      );
    }
    await pause(POLL_MS, context.clock);
  }
}

async function showLastLines(
  manager: ServiceManager,
  programs: Programs,
  { err }: CommandContext,
): Promise<void> {
  try {
    const [program, ...args] = manager.logCommand({ lines: LAST_LINES, follow: false });
    const { stdout } = await programs.run(program, ...args);
    err(stdout.trim() === "" ? "(its log is empty)\n" : stdout.replace(/\n?$/, "\n"));
  } catch {
    err("(its log is empty)\n");
  }
}
