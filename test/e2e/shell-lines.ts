// The shell blocks of the pages that people read, and how each of them is tried. A block that no rule names is run as it stands
// and has to end with 0.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BLOCK = /^( *)```sh\n([\s\S]*?)^ *```$/gm;

export interface ShellBlock {
  /** `docs/rest.md:13`, for the test's name. */
  readonly place: string;
  readonly text: string;
}

/** What is known of a block beside its text. */
export interface ShellRule {
  readonly match: RegExp;
  /** The test or script that runs it instead: it needs a terminal, a fresh clone or another machine. */
  readonly elsewhere?: string;
  /** The exit code that the page tells. Default: 0. */
  readonly exitCode?: number;
}

/** Pages for a reader; how the house is built and why is not for the shell. */
const PAGES = [
  "README.md",
  ...readdirSync(`${ROOT}docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export function shellBlocks(): ShellBlock[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(`${ROOT}${page}`, "utf8");
    return [...text.matchAll(BLOCK)].map(({ index, 1: indent = "", 2: body = "" }) => ({
      place: `${page}:${text.slice(0, index).split("\n").length}`,
      text: body.replaceAll(new RegExp(`^${indent}`, "gm"), "").trim(),
    }));
  });
}

/** The first that matches counts. */
export const SHELL_RULES: readonly ShellRule[] = [
  { match: /^npm install && npm (?:start|test)$/, elsewhere: ".ci/run" },
  { match: /^claude --permission-mode default$/m, elsewhere: "test/e2e/hooks.test.ts" },
  // Beside a server of another folder it rightly finds an error.
  { match: /^npm run doctor$/, elsewhere: "test/component/doctor.test.ts" },
  { match: /^npm run setup$/, elsewhere: "test/e2e/setup.test.ts" },
  { match: /^npm run setup -- --yes /, elsewhere: "test/component/setup.test.ts" },
  { match: /^claude plugin /, elsewhere: "test/e2e/plugin.test.ts" },
  { match: /^npm pack$/m, elsewhere: "test/e2e/package.test.ts" },
  { match: /^approval-server service /, elsewhere: "test/component/service.test.ts" },
  { match: /^npm run sbom$/, elsewhere: "test/component/sbom.test.ts" },
  { match: /^sqlite3 /, elsewhere: "test/component/backup.test.ts" },
  { match: /docker compose /, elsewhere: ".ci/docker" },
  { match: /^npm run bench /, elsewhere: "test/component/bench.test.ts" },
  // They need what is not there in a fresh folder: a gateway.json, and a record.
  { match: /^npm run gateway -- check$/, elsewhere: "test/component/gateway-check.test.ts" },
  { match: /^npm run audit$/m, elsewhere: "test/component/audit-commands.test.ts" },
  { match: /^npm run policy -- propose /, elsewhere: "test/component/policy-propose.test.ts" },
];

export const ruleOf = (text: string): ShellRule | undefined =>
  SHELL_RULES.find(({ match }) => match.test(text));
