// Why a command rule of a policy would allow more than its author can mean. Knows programs, not intentions: what it
// does not object to may still be too broad.
import { analyse } from "../shell/analyse.ts";
import { baseName } from "../shell/invocation.ts";
import { listed } from "../shell/programs/program.ts";
import { isInterpreter, isWrapper, runsOthers } from "../shell/programs/programs.ts";
import {
  CHANGES_THE_REST,
  OPEN_SUBCOMMANDS,
  WAYS_OUT,
  WITH_ANY_ARGUMENTS,
} from "../shell/programs/wildcards.ts";
import { findingTexts } from "../shell/risk.ts";

const changesTheRest = new Set(listed(CHANGES_THE_REST));

/**
 * @param specifier what stands in the brackets of `Bash(…)`, with `:*` already written as ` *`
 * @returns the reason, to stand after a colon; undefined when there is none
 */
export function whyBroadCommand(specifier: string): string | undefined {
  const [program = "", second = ""] = specifier.split(" ");
  if (program.includes("*")) return "its program is not named";
  if (isWrapper(baseName(program)))
    return `${baseName(program)} runs what its arguments name: write the rule without it`;
  const { plain: sample, steps, findings } = analyse(specifier.replaceAll("*", "x"));
  if (sample === undefined)
    return "it is not one plain command: rules are compared with each command of a line, without wrappers such as sudo or timeout, assignments, redirections, expansions or patterns of the shell";
  if (sample.length > 1) return "it joins commands: write a rule for each of them";
  const name = baseName(sample[0]?.words[0] ?? "");
  const isOpen = specifier.includes("*");
  if (changesTheRest.has(name)) return `${name} changes what the other commands of the line do`;
  if (isInterpreter(name) && (isOpen || second === "" || second.startsWith("-")))
    return `${name} runs code; name one script file, without wildcards`;
  if (isOpen && runsOthers(name)) return `${name} can run other programs`;
  if (isOpen && steps.filter(({ kind }) => kind !== "code").length > 1)
    return "it runs what follows, whatever that is";
  const [worst] = findingTexts(findings);
  if (worst !== undefined) return `such a command ${worst}, and is asked about whatever the policy says`;
  if (!isOpen) return undefined;
  if (second !== "" && isOpenSubcommand(name, second))
    return `${name} ${second} can run or fetch whatever follows`;
  return whyOpenProgram(name, second !== "" && !/^-|\*/.test(second));
}

/** Why a program must not be allowed with any arguments; undefined when there is no objection. */
function whyOpenProgram(name: string, isSubcommandNamed: boolean): string | undefined {
  // There is one for each file system: `mkfs.ext4`.
  const listedName = name.replace(/^mkfs.+/, "mkfs");
  return WITH_ANY_ARGUMENTS.find(
    ({ programs, isMetBySubcommand }) =>
      listed(programs).includes(listedName) && !(isMetBySubcommand && isSubcommandNamed),
  )?.why;
}

function isOpenSubcommand(name: string, subcommand: string): boolean {
  const isMeant = (each: string) =>
    each.endsWith("*") ? subcommand.startsWith(each.slice(0, -1)) : subcommand === each;
  return OPEN_SUBCOMMANDS.some(
    ({ programs, subcommands }) => listed(programs).includes(name) && listed(subcommands).some(isMeant),
  );
}

const waysOut = listed(WAYS_OUT).map(plain);

/** Some programs take `--testRunner` for `--test-runner`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

/** Letters of a long option that may be enough for the program. */
const SHORTEST = 2;

/** Whether an argument could lead out of what the author of a wildcard had in mind. */
export function isWayOut(word: string): boolean {
  // `git grep -lOsh`: whatever stands in front of the letter in its cluster.
  if (/^-[a-zA-Z]*O|(^|[/=:])\.\.(\/|$)/.test(word)) return true;
  // Another remote than the ones of the project: `git push me@host:x`.
  if (/^([\w.-]+@[\w.-]+:|(ext|fd)::)/.test(word)) return true;
  const [, written = ""] = /^--?([a-z][\w-]+)(?:=|$)/i.exec(word) ?? [];
  const name = plain(written);
  return name.length >= SHORTEST && waysOut.some((option) => option.startsWith(name));
}
