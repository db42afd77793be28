// Whether Claude Code is there, and new enough for what this server answers.
import { type Check, ok, warning } from "./check.ts";

export interface ClaudeVersionDeps {
  /** What `claude --version` prints; undefined where there is no such program. @throws when it fails or hangs */
  readonly print: () => Promise<string | undefined>;
}

/** From the newest on: what an older version does not do. Measured, see docs/interactive.md. */
const NEEDS = [
  { version: "2.1.207", lacks: "it denies large calls that were approved" },
  { version: "2.1.268", lacks: "its hooks do not ask in print mode (claude -p)" },
] as const;
const UPDATE = "Run: claude update";

export function claudeVersionCheck({ print }: ClaudeVersionDeps): Check {
  return {
    description: "Claude Code",
    async run() {
      let printed: string | undefined;
      try {
        printed = await print();
      } catch {
        return warning(
          "claude --version failed, or did not answer in time",
          "Run it yourself, and see what it says.",
        );
      }
      if (printed === undefined) {
        return warning(
          "claude is not in the PATH of this shell",
          "Install it, see https://code.claude.com; other clients need nothing.",
        );
      }
      const [version] = /\d+\.\d+\.\d+/.exec(printed) ?? [];
      if (version === undefined) return warning("claude --version names no version", UPDATE);
      const missed = NEEDS.find((need) => isOlder(version, need.version));
      return missed === undefined
        ? ok(version)
        : warning(`${version} is older than ${missed.version}: ${missed.lacks}`, UPDATE);
    },
  };
}

function isOlder(version: string, wanted: string): boolean {
  return version.localeCompare(wanted, "en", { numeric: true }) < 0;
}
