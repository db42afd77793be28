// A caller in the home folder, or above it, is in no project: what a rule means by "here" would be everything.
import type { PolicyContext } from "./policy-context.ts";

/** Whether a folder is the home folder or holds it, also once links are followed. @param folder absolute */
export function holdsHome(folder: string, { home, realPath }: PolicyContext): boolean {
  return [folder, realPath(folder) ?? "/"].some(
    (each) => each === "/" || `${home}/`.toLowerCase().startsWith(`${each}/`.toLowerCase()),
  );
}
