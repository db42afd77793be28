// What a person should notice about a shell command, the approval server's own files and ports included. Says which
// dangers it found; finding none proves nothing. Never throws, and ends quickly whatever it is given.
import { homedir } from "node:os";
import { analyse } from "../shell/analyse.ts";
import { type FoundRisk, findingTexts, RISKS, type Risk } from "../shell/risk.ts";
import { overwritesFile } from "./overwritten-files.ts";
import { touchesOwn } from "./own-files.ts";
import { createOwnPaths } from "./own-paths.ts";

/** One program run that was found anywhere in a command, quotes removed and expansions as written. */
interface SimpleCommand {
  /** Base name in lower case; empty for bare assignments and redirections. */
  readonly name: string;
  readonly args: readonly string[];
}

export interface ShellReport {
  /** False when any part could not be read; the risks of what could be read are given anyway. */
  readonly parsed: boolean;
  /** The kinds of its dangers, each at most once, worst first. */
  readonly risks: readonly Risk[];
  /** What a person reads of them. */
  readonly texts: readonly string[];
  /** Outermost first, wrappers included: `sudo rm x` gives `sudo` and `rm`. */
  readonly commands: readonly SimpleCommand[];
  /**
   * Whether it is nothing but programs run with fixed words, none of them through another: no file redirected to, no
   * variable, no wildcard.
   */
  readonly isPlain: boolean;
  /** Whether it does the same in whatever folder it is started. */
  readonly isPlaceless: boolean;
}

export interface ShellInspector {
  /** @param cwd where the command will run, absolute; without it, a bare name such as `.env` may be the server's. */
  inspect(command: string, cwd?: string): ShellReport;
}

export interface ShellInspectorOptions {
  /** Absolute paths of the approval server's files and folders. */
  readonly ownPaths?: readonly string[] | undefined;
  readonly ownPorts?: readonly number[] | undefined;
  /** Default: the home folder of whoever runs the server. */
  readonly home?: string | undefined;
}

const OVERWRITES: FoundRisk = { risk: "lose-files", says: "overwrites a file that exists" };

export function createShellInspector(options: ShellInspectorOptions = {}): ShellInspector {
  const { ownPaths = [], ownPorts = [], home = homedir() } = options;
  const own = { paths: createOwnPaths({ paths: ownPaths, home }), ports: ownPorts };
  return {
    inspect(command, cwd) {
      const { extent, steps, findings: found, plain, isPlaceless } = analyse(command);
      const findings: FoundRisk[] = [...found];
      const runs = steps.filter(({ kind }) => kind === "run");
      try {
        if (touchesOwn(steps, own, cwd)) findings.push({ risk: "own-files" });
        if (overwritesFile(steps, { cwd, home })) findings.push(OVERWRITES);
      } catch {
        // Nothing is known to throw here. If it does, what was not looked at is said.
        findings.push({ risk: "not-fully-checked" });
      }
      const risks = new Set(findings.map(({ risk }) => risk));
      return {
        parsed: extent !== "none" && !risks.has("unreadable"),
        risks: RISKS.filter((risk) => risks.has(risk)),
        texts: findingTexts(findings),
        commands: steps.flatMap((step) =>
          step.kind === "code"
            ? []
            : [{ name: step.call.name, args: step.call.args.map(({ text }) => text) }],
        ),
        // One that runs another has a step for each.
        isPlain: plain !== undefined && plain.length === runs.length,
        isPlaceless,
      };
    },
  };
}
