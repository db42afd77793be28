// Why a command rule of a policy would allow more than its author can mean. Knows programs, not intentions: what it
// does not object to may still be too broad.
import { analyse } from "../shell/analyse.ts";
import { baseName } from "../shell/invocation.ts";
import { isInterpreter, isWrapper, runsOthers } from "../shell/programs/programs.ts";
import { RISKS, riskText } from "../shell/risk.ts";

/** What a program with any arguments at all would do. */
const WITH_ANY_ARGUMENTS: readonly (readonly [string, RegExp])[] = [
  [
    "runs whatever its subcommand and options name",
    /^(git|npm|pnpm|yarn|bun|deno|make|gmake|just|task|cargo|go|gh|glab|hub|aws|gcloud|az|terraform|tofu|pip|pipx|uv|poetry|pipenv|bundle|gem|composer|mvn|gradle|gradlew|dotnet|systemctl|brew|apt|apt-get|dnf|yum|apk|helm|ansible|rails|rake|mise|nx|turbo|lerna|vagrant|flatpak|snap|cmake|ninja|bazel)$/,
  ],
  [
    "can run other programs by an option or in its text",
    /^(g?awk|mawk|g?sed|tar|zip|unzip|rsync|scp|sftp|less|more|man|vim?|nvim|nano|emacs|ed|ex|crontab|at|batch|rg|sort|split|tcpdump|jq|sqlite3|psql|mysql|redis-cli|gdb|lldb)$/,
  ],
  ["can send or fetch anything", /^(curl|wget|nc|ncat|netcat|socat|telnet|ftp|http|https|xh|aria2c)$/],
  [
    "can change or delete any file",
    /^(rm|rmdir|mv|cp|ln|install|tee|dd|truncate|shred|unlink|chmod|chown|chgrp|patch|mkfs.*|sponge|uniq|xxd)$/,
  ],
  [
    "evaluates its arguments: they can run code or set variables for the rest of the line",
    /^(printf|test|\[|wait|jobs|history|compgen|print|exit|return)$/,
  ],
  [
    "runs what its arguments or the files that they name hold",
    /^(tsx|ts-node|vite-node|java|jshell|groovy|scala|kotlin|julia|elixir|iex|erl|swift|dart|ipython|jupyter|irb|r|octave|ghci|runghc|runhaskell|guile|racket|clojure|dc|m4|expect|unbuffer|nu|elvish|xonsh|powershell|tmux|screen|zellij|hyperfine|concurrently|nodemon|pm2|cross-env|dotenv|dotenvx|direnv|conda|mamba|micromamba|pdm|hatch|rye|tox|nox|nix|nix-shell|asdf|nvm|fnm|volta|rbenv|pyenv|devbox|fakeroot|xvfb-run|valgrind|perf|rlwrap|setpriv|torsocks|proxychains4?|open|xdg-open|xcrun|docker-compose|heroku|ansible-playbook|pre-commit|lefthook)$/,
  ],
  ["can end any process", /^(kill|pkill|killall|fuser|shutdown|reboot)$/],
];

/** Subcommands that run what their arguments name, or fetch and run it. */
const OPEN_SUBCOMMAND =
  /^(git (config|rebase|submodule|bisect|filter-branch|difftool|mergetool|clone|worktree|am|init|merge-index|for-each-repo|shell|instaweb|credential|lfs|hook|maintenance|send-email|daemon|var|remote)|(npm|pnpm|yarn|bun) (i|in|install|isntall|add|update|up|upgrade|config|c|set|link|ln|init|create|explore|edit|env|patch|rebuild|dlx|node)|(pip|pipx|gem|composer|brew|apt|apt-get|dnf|yum|apk|cargo|go|helm|snap|flatpak) (install|add|require|run|run-script|get|generate|tool|download|inject|plugin)|(uv|poetry|pipenv|bundle|mise) (add|install|run|exec|x|pip|tool|sync|shell)|(gh|glab) (api|alias|extension|workflow|run|codespace|auth|secret|config)|(aws|gcloud|az) (configure|config|ssh)|(cmake|ninja|g?make) \S+|terraform (apply|destroy|init|console)|dotnet (run|tool|add|new)|mvn exec\S*)$/;

/** Builtins that change what the next command of the line is, or where it runs. */
const CHANGES_THE_REST =
  /^(cd|chdir|pushd|popd|export|declare|typeset|local|readonly|alias|unalias|set|unset|shopt|trap|hash|enable|read|let|mapfile|readarray|getopts|bind|complete|fc|vared|zmodload|autoload|emulate|source|\.|eval|exec|umask|ulimit)$/;

/**
 * @param specifier what stands in the brackets of `Bash(…)`, with `:*` already written as ` *`
 * @returns the reason, to stand after a colon; undefined when there is none
 */
export function whyBroadCommand(specifier: string): string | undefined {
  const [program = "", second = ""] = specifier.split(" ");
  if (program.includes("*")) return "its program is not named";
  if (isWrapper(baseName(program)))
    return `${baseName(program)} runs what its arguments name: write the rule without it`;
  const { plain: sample, steps, risks } = analyse(specifier.replaceAll("*", "x"));
  if (sample === undefined)
    return "it is not one plain command: rules are compared with each command of a line, without wrappers such as sudo or timeout, assignments, redirections, expansions or patterns of the shell";
  if (sample.length > 1) return "it joins commands: write a rule for each of them";
  const name = baseName(sample[0]?.words[0] ?? "");
  const isOpen = specifier.includes("*");
  if (CHANGES_THE_REST.test(name)) return `${name} changes what the other commands of the line do`;
  if (isInterpreter(name) && (isOpen || second === "" || second.startsWith("-")))
    return `${name} runs code; name one script file, without wildcards`;
  if (isOpen && runsOthers(name)) return `${name} can run other programs`;
  if (isOpen && steps.filter(({ kind }) => kind !== "code").length > 1)
    return "it runs what follows, whatever that is";
  const risk = RISKS.find((each) => risks.has(each));
  if (risk !== undefined)
    return `such a command ${riskText(risk)}, and is asked about whatever the policy says`;
  if (!isOpen) return undefined;
  if (OPEN_SUBCOMMAND.test(`${name} ${second}`)) return `${name} ${second} can run or fetch whatever follows`;
  if (/^-|\*/.test(second) || second === "")
    return WITH_ANY_ARGUMENTS.find(([, names]) => names.test(name))?.[0];
  return WITH_ANY_ARGUMENTS.slice(1).find(([, names]) => names.test(name))?.[0];
}

/** Options by which ordinary commands run other programs, load code, work elsewhere, or write where they are told to. */
const WAYS_OUT = (
  "exec exec-path eval output output-file ext-diff textconv open-files-in-pager upload-pack receive-pack config " +
  "config-env script-shell node-options pager editor rsh command compress-program use-compress-program to-command " +
  "checkpoint-action pre require import loader plugin rcfile init-file prefix cwd git-dir work-tree file eval-file " +
  "toolchain toolexec vettool overlay modfile manifest-path globalsetup globalteardown test-runner rulesdir outdir " +
  "userconfig globalconfig shell ldflags gccgoflags parser template transform resolver test-environment " +
  "setup-files setup-files-after-env snapshot-resolver pdbcls basetemp override-ini init-script"
)
  .split(" ")
  .map(plain);
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
  return name.length >= SHORTEST && WAYS_OUT.some((option) => option.startsWith(name));
}
