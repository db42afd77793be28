// Says whether the service is installed, runs and answers: in words, or as JSON. Exits with 0 only when all of it is so.
import { ownCommand } from "../../domain/own-command.ts";
import type { CommandContext } from "../command.ts";
import { EXIT } from "../exit.ts";
import { localAddress } from "../local-client.ts";
import { createPaint } from "../paint.ts";
import type { ServiceManager, ServiceState } from "./manager.ts";
import type { ServicePlan } from "./plan.ts";
import { type Probed, probe } from "./probe.ts";
import { readOurFile } from "./service-file.ts";
import { serviceConfig } from "./service-settings.ts";

/** What `service status --json` prints. */
interface ServiceReport {
  readonly installed: boolean;
  readonly state: ServiceState["kind"] | "absent";
  readonly pid?: number | undefined;
  readonly problem?: string | undefined;
  readonly startsByItself?: boolean | undefined;
  readonly answers: boolean;
  readonly url: string;
  readonly file: string;
}

/** @throws ConfigError when the settings are wrong, after the state; ServerError when the service manager cannot be reached */
export async function status(
  manager: ServiceManager,
  plan: ServicePlan,
  context: CommandContext,
  isJson: boolean,
): Promise<number> {
  const file = await readOurFile(manager.file);
  const installed = file !== undefined;
  const state: ServiceState | undefined = installed ? await checkedState(manager) : undefined;
  const config = await serviceConfig(context).catch((error: unknown) => {
    if (!isJson) context.out(`${stateInWords(state)} Its settings are wrong:\n`);
    throw error;
  });
  const address = localAddress(config);
  const answer = await probe(address, context);
  const isFine = state?.kind === "running" && (isWorking(answer) || answer.kind === "locked");
  if (isJson) {
    const report: ServiceReport = {
      installed,
      state: state?.kind ?? "absent",
      pid: state?.pid,
      problem: state?.problem ?? (answer.kind === "ours" ? answer.problem : undefined),
      startsByItself: state?.startsByItself,
      answers: answer.kind === "ours" || answer.kind === "locked",
      url: address.url,
      file: manager.file,
    };
    context.out(`${JSON.stringify(report)}\n`);
  } else {
    const paint = createPaint(context.colours.out);
    const [first, ...more] = sentences(state, answer, address.url);
    context.out(`${isFine ? paint("green", "✓") : paint("red", "✗")} ${first}\n`);
    for (const line of more) context.out(`  ${line}\n`);
    if (installed && file !== (await manager.text(plan))) context.out(`  ${OUTDATED}\n`);
  }
  return isFine ? EXIT.ok : EXIT.failed;
}

const OUTDATED = `It was installed with another folder, Node or version. Name that folder with --dir here too, or bring it up to date: ${ownCommand("service install")}`;

function stateInWords(state: ServiceState | undefined): string {
  if (state === undefined) return "The service is not installed.";
  if (state.kind === "running") return "The service still runs, with earlier settings.";
  return `The service does not run${state.problem === undefined ? "" : `: it ${state.problem}`}.`;
}

async function checkedState(manager: ServiceManager): Promise<ServiceState> {
  await manager.check();
  return manager.state();
}

const isWorking = (answer: Probed) => answer.kind === "ours" && answer.problem === undefined;

function sentences(state: ServiceState | undefined, answer: Probed, url: string): string[] {
  const isOurs = answer.kind === "ours" || answer.kind === "locked";
  if (state === undefined) {
    return [
      "The service is not installed.",
      ...(isOurs ? [`A server that was started by hand answers at ${url}.`] : []),
      `Install it with: ${ownCommand("service install")}`,
    ];
  }
  const logs = `Its log: ${ownCommand("service logs")}`;
  const byHand =
    isOurs && state.kind !== "running" ? [`A server that was started by hand answers at ${url}.`] : [];
  const next =
    state.startsByItself === false
      ? [`It does not start by itself. Mend that with: ${ownCommand("service install")}`]
      : [];
  switch (state.kind) {
    case "running":
      return [
        running(state, answer, url),
        ...next,
        ...(isWorking(answer) || answer.kind === "locked" ? [] : [logs]),
      ];
    case "trying":
      return [
        `The service is being started${state.problem === undefined ? "" : `: it ${state.problem}`}.`,
        ...byHand,
        logs,
      ];
    case "failed":
      return [
        `The service does not run: it ${state.problem ?? "failed"}.`,
        ...byHand,
        logs,
        `When that is mended, start it with: ${ownCommand("service install")}`,
      ];
    case "stopped":
      return [
        "The service is installed, but it does not run.",
        ...byHand,
        `Start it with: ${ownCommand("service install")}`,
      ];
  }
}

function running({ pid }: ServiceState, answer: Probed, url: string): string {
  const start = `The service runs${pid === undefined ? "" : ` (process ${pid})`}`;
  switch (answer.kind) {
    case "ours": {
      if (answer.problem !== undefined) {
        return `${start}, but nothing can be recorded, and so nothing be approved: ${answer.problem}`;
      }
      const waiting = answer.waiting === 1 ? "1 request waits" : `${answer.waiting} requests wait`;
      return `${start}, and answers at ${url}: ${waiting}.`;
    }
    case "locked":
      return `${start}, and answers at ${url}, but wants another APPROVAL_TOKEN than the one in its .env now.`;
    case "starting":
      return `${start}, and is starting: it does not take requests yet.`;
    case "nobody":
      return `${start}, but does not answer at ${url}. Were the settings changed? Start it anew with: ${ownCommand("service install")}`;
    case "foreign":
      return `${start}, but another program answers at ${url}.`;
  }
}
