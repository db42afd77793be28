// What the tables of clouds, clusters and services share: how their rows are written, and the words for deleting.
import type { Danger } from "./danger.ts";

/** With one of these a call changes nothing. */
export const HARMLESS = "--help --dry-run --dryrun";

/** Rows that are alike but for what they are on and what they say. */
export function rows(
  common: Omit<Danger, "on" | "says">,
  sentences: Readonly<Record<string, string>>,
): readonly Danger[] {
  return Object.entries(sentences).map(([on, says]) => ({ unless: HARMLESS, ...common, on, says }));
}

const VERBS =
  "delete|destroy|remove|rm|del|purge|terminate|drop|wipe|erase|deregister|uninstall|teardown|deprovision|nuke|undeploy|prune|expunge|unset|empty|rimraf|rmdir|rb|rmi";

/** A word that deletes, alone or as the start of one, behind the names of its group: `compute instances delete`, `apps:destroy`. */
const DELETES = new RegExp(
  `^(?:(?!(?:describe|list|ls|get|show|view|info|status|create|add|set|update|read|tail|cat|cp|copy|download|upload|push|pull|apply|export|help|search|explain|completion|logs|docs|config|components|plugins?|extensions?|contexts?|auth|cache|telemetry|run|exec|shell|ssh) )[a-z][\\w.@-]*[ :]){0,5}?(?:batch-|bulk-|force-|permanent-|permanently-|schedule-)?(?:${VERBS})(?:[-_:][\\w:-]+)?(?: |$)`,
  "i",
);

/** For a tool of which not every subcommand is known: whatever deletes. @param place as in "deletes something at AWS" */
export function deletesAt(programs: string, place: string): Danger {
  return {
    risk: "delete-remote",
    says: `deletes something ${place}`,
    programs,
    on: DELETES,
    otherwise: true,
    unless: HARMLESS,
  };
}
