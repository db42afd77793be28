// Which calls a group of rules is about: by door and by project.

import { normalize } from "node:path/posix";
import type { Submission } from "../domain/submission.ts";
import type { PolicyContext } from "./policy-context.ts";
import type { PolicyGroup } from "./schema.ts";

/** `unknown`: the caller did not say where it works, and the group is for certain projects. */
export type InScope = "yes" | "no" | "unknown";

/** @param strict for rules that allow: a folder must match as it is named and where it leads */
export function createScope(
  { doors, projects }: Pick<PolicyGroup, "doors" | "projects">,
  strict: boolean,
  { home, realPath }: PolicyContext,
): (submission: Submission) => InScope {
  const folders = projects?.filter((project) => /^[/~]/.test(project)).map((folder) => spell(folder, home));
  const names = projects?.filter((project) => !/^[/~]/.test(project));

  function isInFolder(cwd: string): boolean {
    const spellings = [normalize(cwd), realPath(cwd) ?? (strict ? "" : normalize(cwd))];
    const isIn = (path: string) => folders?.some((folder) => holds(folder, path)) === true;
    return strict ? spellings.every(isIn) : spellings.some(isIn);
  }

  return ({ door, project, cwd }) => {
    if (doors !== undefined && !doors.includes(door)) return "no";
    if (projects === undefined) return "yes";
    if (project !== undefined && names?.includes(project)) return "yes";
    if (cwd !== undefined && isInFolder(cwd)) return "yes";
    const isTold =
      (names?.length === 0 || project !== undefined) && (folders?.length === 0 || cwd !== undefined);
    return isTold ? "no" : "unknown";
  };
}

function spell(folder: string, home: string): string {
  return normalize(folder.replace(/^~(?=\/|$)/, home)).replace(/(?<=.)\/+$/, "");
}

function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
