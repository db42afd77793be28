// What reads and carries out policy.json, loaded where there is one. Without it nothing is decided without a person; once the file
// is there, no call is decided before its rules are.
import type { decideByRules } from "../policy/decide.ts";
import { fileStamp, MISSING_STAMP } from "../policy/file-stamp.ts";
import type { PolicyContext } from "../policy/policy-context.ts";
import type { PolicyFile } from "../policy/read-policy-file.ts";
import { whenUsed } from "./when-used.ts";

async function loadRules() {
  const [{ readPolicyFile }, { decideByRules }] = await Promise.all([
    import("../policy/read-policy-file.ts"),
    import("../policy/decide.ts"),
  ]);
  return { readPolicyFile, decideByRules };
}

export interface LatePolicy {
  /** The file as it is now; none until its rules are loaded, bad where they cannot be. */
  read(): PolicyFile;
  /** Differs whenever what `read` says may have changed. */
  stamp(): string;
  readonly decide: typeof decideByRules;
  /** Whether there is a file now whose rules are not loaded. */
  isNeeded(): boolean;
  /** Loads them. Never rejects: why it failed is what `read` says. */
  load(): Promise<void>;
}

/** @param bring what reads and decides. Default: their import */
export async function openLatePolicy(
  path: string,
  context: PolicyContext,
  bring: typeof loadRules = loadRules,
): Promise<LatePolicy> {
  const rules = whenUsed(bring);
  let loaded: Awaited<ReturnType<typeof bring>> | undefined;
  let problem: string | undefined;

  const isNeeded = () => loaded === undefined && fileStamp(path) !== MISSING_STAMP;

  async function load(): Promise<void> {
    try {
      loaded = await rules();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
  }

  if (isNeeded()) await load();
  return {
    read() {
      if (loaded !== undefined) return loaded.readPolicyFile(path, context);
      return problem !== undefined && isNeeded() ? { kind: "bad", problems: [problem] } : { kind: "none" };
    },
    stamp() {
      if (loaded !== undefined) return fileStamp(path);
      if (!isNeeded()) return MISSING_STAMP;
      void load();
      return problem ?? MISSING_STAMP;
    },
    decide(...args) {
      if (loaded === undefined) throw new Error("no rules are loaded");
      return loaded.decideByRules(...args);
    },
    isNeeded,
    load,
  };
}
