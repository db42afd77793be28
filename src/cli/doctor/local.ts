// The checks of what lies on this machine: settings, files, database, ports.
import { appendFile, chmod, lstat, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { closeFileCommand, envFileAccess } from "../../config/env-file-access.ts";
import { settingFindingText } from "../../config/setting-findings.ts";
import { findingsInEnvironment, findingsInFile, namesInFile } from "../../config/setting-names.ts";
import type { Check } from "../../doctor/check.ts";
import { databaseCheck } from "../../doctor/database.ts";
import { envFileCheck } from "../../doctor/env-file.ts";
import { gatewayFileCheck } from "../../doctor/gateway-file.ts";
import { policyFileCheck } from "../../doctor/policy-file.ts";
import { portOwner } from "../../doctor/port-owner.ts";
import { type PortProbe, portsCheck } from "../../doctor/ports.ts";
import { quorumCheck } from "../../doctor/quorum.ts";
import { secondServerCheck } from "../../doctor/second-server.ts";
import { settingNamesCheck } from "../../doctor/setting-names.ts";
import { COMPANION_FILES, COMPANION_FOLDERS } from "../../domain/companions.ts";
import { ConfigError } from "../../domain/errors.ts";
import { visibleLine } from "../../domain/visible.ts";
import { readGatewayFile } from "../../gateway/read-gateway-file.ts";
import { readPolicyFile } from "../../policy/read-policy-file.ts";
import { entryContext, gatewayFilePath } from "../../server/gateway.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import { examineDatabase } from "../../store/examine.ts";
import { keptLogs } from "../../store/kept-log.ts";
import { lockHolder } from "../../store/server-lock.ts";
import type { CommandContext } from "../command.ts";
import { entriesText } from "../gateway/check.ts";
import { countText } from "../policy/check.ts";
import { shortOfPeople } from "../policy/short-of-people.ts";
import { eventLog } from "./event-log.ts";
import { scriptsFolderCheck } from "./scripts.ts";
import type { ServerProbe } from "./server-probe.ts";

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

export type LocalContext = Pick<CommandContext, "env" | "envFile" | "home" | "root" | "hasModes" | "clock">;

/** Those that need no valid configuration. */
export function settingsFileChecks({ env, envFile, hasModes }: LocalContext): Check[] {
  const ignoreFile = join(dirname(envFile), ".gitignore");
  return [
    settingNamesCheck({
      path: envFile,
      find: async () => {
        const text = await readIfThere(envFile);
        const found = [...findingsInFile(text), ...findingsInEnvironment(env, namesInFile(text))];
        return found.map((finding) => settingFindingText(finding, envFile));
      },
    }),
    envFileCheck({
      path: envFile,
      access: () => envFileAccess(envFile, env, hasModes ? undefined : "win32"),
      closeCommand: closeFileCommand(envFile),
      ignoreFile,
      close: () => chmod(envFile, OWNER_ONLY),
      ignore: async () => {
        const before = await readIfThere(ignoreFile);
        // git does not follow one either, and it may lead to any file of this user.
        if ((await lstat(ignoreFile).catch(() => undefined))?.isSymbolicLink()) {
          throw new ConfigError([`${ignoreFile} is a link: it was not touched`]);
        }
        await appendFile(ignoreFile, `${before === "" || before.endsWith("\n") ? "" : "\n"}.env\n`);
      },
    }),
  ];
}

export function localChecks(config: Config, context: LocalContext, probe: ServerProbe): Check[] {
  const { home, hasModes } = context;
  const path = resolve(home.folder, config.databasePath);
  return [
    databaseCheck({
      path,
      hasModes,
      dataFolder: home.dataFolder,
      examine: () => examineDatabase(path),
      keptLogs: () => keptLogs(path).map((kept) => kept.path),
      makePrivate: () => makePrivate(path, home.dataFolder),
    }),
    eventLog(config, path),
    policyCheck(config, context),
    ...quorumChecks(config, context),
    scriptsFolderCheck(config, context),
    gatewayCheck(config, context, probe),
    portsCheck(portProbes(config, probe), (port) => portOwner(port)),
    secondServerCheck({ path, holder: () => lockHolder(path), serverProcess: probe.serverProcess }),
  ];
}

async function makePrivate(path: string, dataFolder: string): Promise<string[]> {
  const done: string[] = [];
  const close = async (file: string, mode: number) => {
    const stats = await stat(file).catch(() => undefined);
    if (stats === undefined || (stats.mode & 0o777 & ~mode) === 0) return;
    await chmod(file, mode);
    done.push(`made ${file} its owner's alone (${mode.toString(8)})`);
  };
  for (const suffix of ["", ...COMPANION_FILES]) await close(path + suffix, OWNER_ONLY);
  for (const suffix of COMPANION_FOLDERS) await close(path + suffix, OWNER_ONLY_FOLDER);
  for (const kept of keptLogs(path)) await close(kept.path, OWNER_ONLY);
  // Any other folder may be shared for a reason: /tmp, say.
  if (dirname(path) === dataFolder) await close(dataFolder, OWNER_ONLY_FOLDER);
  return done;
}

function policyCheck(config: Config, { home, root }: LocalContext): Check {
  const path = policyFilePath(config, home.folder);
  return policyFileCheck({
    path,
    isNamed: config.policyPath !== undefined,
    read: () => {
      const file = readPolicyFile(path, policyContext(config, { root, home }));
      if (file.kind === "none") return undefined;
      return file.kind === "good" ? { summary: countText(file.policy) } : file;
    },
  });
}

/** Only where the policy asks for several people. */
function quorumChecks(config: Config, context: LocalContext): Check[] {
  const { home, root } = context;
  const file = readPolicyFile(policyFilePath(config, home.folder), policyContext(config, { root, home }));
  if (file.kind !== "good" || file.policy.quorum === undefined) return [];
  return [quorumCheck({ places: config, short: () => shortOfPeople(config, file.policy, context) })];
}

function gatewayCheck(config: Config, { home, env }: LocalContext, probe: ServerProbe): Check {
  const path = gatewayFilePath(config, home.folder);
  return gatewayFileCheck({
    path,
    isNamed: config.gatewayPath !== undefined,
    read: () => {
      const file = readGatewayFile(path, entryContext(config, home, env));
      if (file.kind === "none") return undefined;
      if (file.kind === "bad") return { problems: file.problems.map(visibleLine) };
      return { summary: entriesText(file.entries), openMode: file.openMode };
    },
    running: () => probe.gatewayProblems(),
    closeCommand: closeFileCommand(path),
    close: () => chmod(path, OWNER_ONLY),
  });
}

function portProbes(
  { host, serverPort, webhookPort, phone, simulation }: Config,
  probe: ServerProbe,
): PortProbe[] {
  const loopback = "127.0.0.1";
  return [
    { variable: "SERVER_PORT", host, port: serverPort, whoAnswers: probe.local },
    // Where Twilio is not used it is not opened.
    ...(phone.kind === "none"
      ? []
      : [{ variable: "WEBHOOK_PORT", host: loopback, port: webhookPort, whoAnswers: probe.webhook }]),
    ...(simulation === undefined
      ? []
      : // It belongs to the server that runs here, when that one has the simulated phone.
        [{ variable: "SIMULATOR_PORT", host: loopback, port: simulation.port, whoAnswers: probe.local }]),
  ];
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}
