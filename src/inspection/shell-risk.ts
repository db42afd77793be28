// What a shell command can be seen to do, read from the parsed command and never from its text. Says which dangers
// it found; finding none proves nothing. Never throws, and ends quickly whatever it is given.
import { homedir } from "node:os";
import { parse } from "unbash";
import { createJudge } from "./judge.ts";
import { createOwnPaths } from "./own-paths.ts";
import { RISKS, type Risk } from "./risk.ts";
import { isSingleCommand } from "./single-command.ts";
import { walk } from "./walk.ts";

export { riskText } from "./risk.ts";

/** One program run that was found anywhere in a command, quotes removed and expansions as written. */
interface SimpleCommand {
  /** Base name in lower case; empty for bare assignments and redirections. */
  readonly name: string;
  readonly args: readonly string[];
}

interface ShellReport {
  /** False when any part could not be read; the risks of what could be read are given all the same. */
  readonly parsed: boolean;
  /** Each at most once, worst first. */
  readonly risks: readonly Risk[];
  /** Outermost first, wrappers included: `sudo rm x` gives `sudo` and `rm`. */
  readonly commands: readonly SimpleCommand[];
  /** Whether it is one program run of fixed words: no operator, redirection, assignment, expansion or comment. */
  readonly single: boolean;
}

export interface ShellInspector {
  /** @param cwd where the command will run, absolute; without it, a bare name such as `.env` may be the server's. */
  inspect(command: string, cwd?: string): ShellReport;
}

export interface ShellInspectorOptions {
  /** Absolute paths of the approval server's files and folders. */
  readonly ownPaths?: readonly string[];
  readonly ownPorts?: readonly number[];
  /** Default: the home folder of whoever runs the server. */
  readonly home?: string;
}

/** UTF-16 units. Beyond it, input made to be slow could hold up the whole server for seconds. */
export const MAX_COMMAND_LENGTH = 32_768;

export function createShellInspector(options: ShellInspectorOptions = {}): ShellInspector {
  const { ownPaths = [], ownPorts = [], home = homedir() } = options;
  const own = { paths: createOwnPaths({ paths: ownPaths, home }), ports: ownPorts };
  return {
    inspect(command, cwd) {
      if (command.length > MAX_COMMAND_LENGTH) return failed("not-fully-checked");
      try {
        const script = parse(command);
        const { risks, invocations } = walk(script, createJudge(own, cwd));
        return {
          parsed: !risks.has("unreadable"),
          risks: RISKS.filter((risk) => risks.has(risk)),
          commands: invocations.map(({ name, args }) => ({ name, args: args.map(({ text }) => text) })),
          single: isSingleCommand(script, command),
        };
      } catch {
        // The stack ran out, or the parser has a fault: what it was does not matter to the person.
        return failed("unreadable");
      }
    },
  };
}

function failed(risk: Risk): ShellReport {
  return { parsed: false, risks: [risk], commands: [], single: false };
}
