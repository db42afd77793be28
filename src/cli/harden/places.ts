// The files and folders that decide who approves and what runs, and what the file system says of each.
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { COMPANION_FILES, COMPANION_FOLDERS, TASK_ARTIFACTS } from "../../domain/companions.ts";
import { gatewayFilePath } from "../../server/gateway.ts";
import { policyFilePath, toolsFolderPath } from "../../server/guards.ts";
import { keptLogs } from "../../store/kept-log.ts";
import type { CommandContext } from "../command.ts";

/** `secret`: who reads it can sign in the phone's name, or read the record. `steering`: who writes it decides what is allowed. */
export interface OwnPlace {
  readonly path: string;
  readonly kind: "secret" | "steering";
  readonly isFolder: boolean;
}

export interface PlaceFacts extends OwnPlace {
  readonly uid: number;
  /** Permission bits. */
  readonly mode: number;
}

/** @param config absent where the settings cannot be read: then without what they name */
export function ownPlaces(
  config: Config | undefined,
  { home, root }: Pick<CommandContext, "home" | "root">,
): readonly OwnPlace[] {
  const database = resolve(home.folder, config?.databasePath ?? join(home.dataFolder, "approvals.db"));
  const file = (kind: OwnPlace["kind"]) => (path: string) => ({ path, kind, isFolder: false });
  const folder = (kind: OwnPlace["kind"]) => (path: string) => ({ path, kind, isFolder: true });
  const named = config ?? { policyPath: undefined, gatewayPath: undefined, toolsPath: undefined };
  const approvers = config?.approversPath === undefined ? [] : [resolve(home.folder, config.approversPath)];
  const hasOwnFolder = dirname(database) === home.dataFolder;
  return [
    ...[home.envFile, ...filesOf(database)].map(file("secret")),
    ...COMPANION_FOLDERS.map((suffix) => database + suffix).map(folder("secret")),
    ...[hasOwnFolder ? home.dataFolder : join(dirname(database), TASK_ARTIFACTS)].map(folder("secret")),
    ...[policyFilePath(named, home.folder), gatewayFilePath(named, home.folder), ...approvers].map(
      file("steering"),
    ),
    ...[toolsFolderPath(named, home.folder), root].map(folder("steering")),
  ];
}

/** The database and what lies beside it. */
function filesOf(database: string): readonly string[] {
  const kept = keptLogs(database).map(({ path }) => path);
  return [database, ...COMPANION_FILES.map((suffix) => database + suffix), ...kept];
}

/** With every folder on the way: whoever can write one puts another file in the place of ours. */
export function withFoldersAbove(places: readonly OwnPlace[]): readonly OwnPlace[] {
  const above = new Set<string>();
  for (const { path } of places) for (let at = dirname(path); !above.has(at); at = dirname(at)) above.add(at);
  for (const { path } of places) above.delete(path);
  return [...places, ...[...above].map((path) => ({ path, kind: "steering" as const, isFolder: true }))];
}

/** What is not there is left out. @throws the file system's error where one cannot be looked at */
export async function factsOf(places: readonly OwnPlace[]): Promise<readonly PlaceFacts[]> {
  const facts = await Promise.all(
    places.map(async (place) => {
      const stats = await stat(place.path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
        // Who may not even look at it cannot read it either.
        if (error.code === "EACCES") return "closed" as const;
        throw error;
      });
      if (stats === undefined || stats === "closed") return [];
      return [{ ...place, uid: stats.uid, mode: stats.mode & 0o7777 }];
    }),
  );
  return facts.flat();
}

/** ".env", "the folder data": as short as it is clear. */
export function shortName({ path, isFolder }: OwnPlace): string {
  return isFolder ? `the folder ${path}` : `${basename(path)} (${path})`;
}
