// Whether the settings file is its owner's alone: other users of the machine, and whoever gets the git repository.
import { type Check, type Concern, ok, together } from "./check.ts";

/** As src/config/env-file-access.ts finds it. */
interface Access {
  /** The permission bits, where others may read or write it. */
  readonly openMode?: number | undefined;
  readonly git: "none" | "ignored" | "not-ignored" | "tracked" | "unknown";
}

export interface EnvFileDeps {
  readonly path: string;
  /** @returns undefined where there is no such file */
  readonly access: () => Promise<Access | undefined>;
  /** As it is typed. */
  readonly closeCommand: string;
  /** The .gitignore that --fix writes to. */
  readonly ignoreFile: string;
  /** Makes it its owner's alone. */
  readonly close: () => Promise<void>;
  /** Adds it to `ignoreFile`. */
  readonly ignore: () => Promise<void>;
}

export function envFileCheck(deps: EnvFileDeps): Check {
  const { path, access } = deps;
  return {
    description: ".env",
    async run() {
      const found = await access();
      if (found === undefined) return ok(`${path}: not there; the environment alone counts`);
      const { openMode, git } = found;
      const concerns = [...modeConcerns(deps, openMode), ...gitConcerns(deps, git)];
      if (concerns.length === 0) return ok(`${path}: readable by its owner only${gitText(git)}`);
      const isOpen = openMode !== undefined;
      const isFixable = isOpen || git === "not-ignored";
      const fix = async () => {
        const done: string[] = [];
        if (isOpen) {
          await deps.close();
          done.push(`made ${path} readable by its owner only`);
        }
        if (git === "not-ignored") {
          await deps.ignore();
          done.push(`added it to ${deps.ignoreFile}`);
        }
        return done;
      };
      return together(concerns, isFixable ? fix : undefined);
    },
  };
}

function modeConcerns({ path, closeCommand }: EnvFileDeps, openMode: number | undefined): Concern[] {
  if (openMode === undefined) return [];
  const others = (openMode & 0o022) === 0 ? "read" : "read or write";
  const text = `${path}: other users of this machine may ${others} it (mode ${openMode.toString(8)})`;
  return [{ text, advice: `Run: ${closeCommand}` }];
}

function gitConcerns({ path, ignoreFile }: EnvFileDeps, git: Access["git"]): Concern[] {
  if (git === "not-ignored") {
    return [
      {
        text: `${path}: git does not ignore it, and would take it along`,
        advice: `Add .env to ${ignoreFile}.`,
      },
    ];
  }
  if (git !== "tracked") return [];
  const advice =
    "Take it out of git (git rm --cached), and make new tokens: whoever has the repository has the old ones.";
  return [{ text: `${path}: it is in the git repository`, advice, isError: true }];
}

function gitText(git: Access["git"]): string {
  if (git === "ignored") return ", ignored by git";
  return git === "unknown" ? "; whether git ignores it could not be told" : "";
}
