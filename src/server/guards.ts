// What looks at a call before a person does: the inspector and the policy.

import { homedir } from "node:os";
import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { Home } from "../config/home.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { Log } from "../core/ports/log.ts";
import type { Policy } from "../core/ports/policy.ts";
import type { PolicyView } from "../core/ports/policy-view.ts";
import { ConfigError } from "../domain/errors.ts";
import { createPolicy, policyView } from "../policy/create-policy.ts";
import type { PolicyContext } from "../policy/policy-context.ts";
import { type PolicyState, watchPolicy } from "../policy/watched-policy.ts";
import { realPath } from "../shell/real-path.ts";
import { gatewayFilePath } from "./gateway.ts";
import { openLatePolicy } from "./late-policy.ts";
import { createLook, type Look } from "./look.ts";

/** Read when `APPROVAL_POLICY` is not set, and there is one. */
const DEFAULT_POLICY_FILE = "policy.json";
/** Looked into when `TOOLS_DIR` is not set, and there is one. */
const DEFAULT_TOOLS_FOLDER = "tools";

export interface GuardsOptions {
  /** Folder of package.json. */
  readonly root: string;
  /** Where the settings and the data live. */
  readonly home: Home;
  /** The person's own folder. Default: of whoever runs this. */
  readonly personHome?: string | undefined;
}

/** @param folder the home's. @returns an absolute path */
export function policyFilePath({ policyPath }: Pick<Config, "policyPath">, folder: string): string {
  return resolve(folder, policyPath ?? DEFAULT_POLICY_FILE);
}

/** @param folder the home's. @returns the folder with the scripts that are tools, absolute; it need not be there */
export function toolsFolderPath({ toolsPath }: Pick<Config, "toolsPath">, folder: string): string {
  return resolve(folder, toolsPath ?? DEFAULT_TOOLS_FOLDER);
}

/** Absolute paths of the approval server's files and folders, and where they lead when a link is on the way. */
function ownPathsOf(config: Config, { root, home }: GuardsOptions, personHome: string): string[] {
  const { folder, envFile, dataFolder } = home;
  // Somebody's whole home folder is no place of the server: every call would touch it.
  const folders = [folder, dataFolder].filter((each) => !isIn(personHome, each));
  const named = config.approversPath === undefined ? [] : [resolve(folder, config.approversPath)];
  const read = [policyFilePath(config, folder), gatewayFilePath(config, folder), ...named];
  const files = [resolve(folder, config.databasePath), envFile, ...read];
  const own = [root, ...folders, ...files, toolsFolderPath(config, folder)];
  return [...new Set(own.flatMap((path) => [path, realPath(path) ?? path]))];
}

const isIn = (path: string, folder: string) =>
  `${path}/`.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

export function policyContext(config: Config, options: GuardsOptions): PolicyContext {
  const { personHome = homedir() } = options;
  return { home: personHome, ownPaths: ownPathsOf(config, options, personHome), realPath };
}

export interface Guards {
  readonly inspector: Inspector;
  readonly rendererOf: Look["rendererOf"];
  readonly policy: Policy;
  /** How much of the policy's file is in force, for `/health`. */
  policyState(): Pick<PolicyState, "state">;
  policyView(): PolicyView;
  /** What its rules go by. */
  readonly policyContext: PolicyContext;
  close(): void;
}

/** @throws ConfigError when the policy's file is wrong, or not where `APPROVAL_POLICY` says */
export async function openGuards(
  config: Config,
  options: GuardsOptions & {
    readonly ownPorts: readonly number[];
    /** The server's own, by value: what a call holds of them is masked everywhere. */
    readonly ownSecrets: readonly string[];
    readonly onPolicy?: ((state: PolicyState) => void) | undefined;
    readonly clock: Clock;
    readonly log: Log;
  },
): Promise<Guards> {
  const { ownPorts, ownSecrets, onPolicy, clock, log } = options;
  const context = policyContext(config, options);
  const path = policyFilePath(config, options.home.folder);
  const late = await openLatePolicy(path, context);
  const { read, stamp } = late;
  const watched = watchPolicy({ read, stamp, onRead: onPolicy, clock, log });
  const { state, problems } = watched.current();
  const isMissing = state === "none" && config.policyPath !== undefined;
  if (state === "refused" || isMissing) {
    watched.close();
    throw new ConfigError(
      isMissing ? [`APPROVAL_POLICY: ${path} does not exist`] : problems.map((each) => `${path}: ${each}`),
    );
  }
  if (state === "active") log.info({ path }, "the policy is in force");
  onPolicy?.({ state, problems });
  const { home, ownPaths } = context;
  const rendering = { hasReactions: config.reactions };
  const look = createLook({ home, ownPaths, ownPorts, ownSecrets, rendering, clock });
  const policy = createPolicy(watched, clock, late.decide);
  return {
    inspector: look.inspector,
    rendererOf: look.rendererOf,
    policy: {
      ...policy,
      // Not awaited where it need not be: the cap counts a request before anything else happens to it.
      decide: (submission, request) =>
        late.isNeeded()
          ? late.load().then(() => policy.decide(submission, request))
          : policy.decide(submission, request),
      quorum: () => (late.isNeeded() ? late.load().then(() => policy.quorum?.()) : policy.quorum?.()),
    },
    policyState: () => ({ state: watched.current().state }),
    policyView: () => policyView(watched),
    policyContext: context,
    close() {
      look.close();
      watched.close();
    },
  };
}
