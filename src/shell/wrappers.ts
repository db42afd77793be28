// Programs that run another program given in their arguments: the inner one is what counts.
import { type Invocation, invocationOf, optionsOf } from "./invocation.ts";
import { fillIn, isFinder, runnerWords } from "./runners.ts";
import { NO_FLOW, type ShellWord } from "./shell-word.ts";

interface Wrapper {
  /** Options that take a value, separated by spaces. */
  readonly valued?: string;
  /** Operands in front of the inner command: `timeout 5 rm`. */
  readonly skip?: number;
  /** Options with which it runs nothing: `command -v rm`. */
  readonly unless?: readonly string[];
  /** Hands its words to a shell, so that they are split again: `watch 'rm x'`. */
  readonly throughShell?: true;
}

/** From their manual pages: an option that takes a value and is missing here would hide the inner command. */
const WRAPPERS = new Map<string, Wrapper>(
  Object.entries({
    sudo: {
      valued: "-u -g -h -p -C -D -R -T -U -a -c -r -t --user --group --host --prompt --chdir --chroot",
    },
    doas: { valued: "-u -C -a" },
    pkexec: { valued: "--user" },
    run0: { valued: "-u -g -D --user --group --chdir --setenv --unit --property --description --slice" },
    gosu: { skip: 1 },
    "su-exec": { skip: 1 },
    env: { valued: "-u -C -S -P -a --unset --chdir --split-string --argv0" },
    nohup: {},
    time: { valued: "-f -o --format --output" },
    gtime: { valued: "-f -o --format --output" },
    timeout: { valued: "-s -k --signal --kill-after", skip: 1 },
    gtimeout: { valued: "-s -k --signal --kill-after", skip: 1 },
    nice: { valued: "-n --adjustment" },
    ionice: { valued: "-c -n -p --class --classdata" },
    chrt: { valued: "-T -P -D", skip: 1 },
    taskset: { skip: 1 },
    stdbuf: { valued: "-i -o -e --input --output --error" },
    setsid: {},
    setarch: { skip: 1 },
    caffeinate: { valued: "-t -w" },
    command: { unless: ["-v", "-V"] },
    builtin: {},
    exec: { valued: "-a" },
    noglob: {},
    nocorrect: {},
    busybox: {},
    toybox: {},
    chroot: { valued: "--userspec --groups", skip: 1 },
    unshare: { valued: "-S -G -R -w --setuid --setgid --root --wd" },
    nsenter: { valued: "-t -S -G --target --setuid --setgid" },
    "systemd-run": { valued: "-u -p -E -M -H --unit --property --setenv --description --slice --uid --gid" },
    "systemd-inhibit": { valued: "--what --who --why --mode" },
    strace: { valued: "-e -o -p -s -u -E -a -P" },
    ltrace: { valued: "-e -o -p -s -u" },
    firejail: {},
    watch: { valued: "-n --interval", throughShell: true },
    entr: {},
    flock: { valued: "-w -E --wait --timeout --conflict-exit-code", skip: 1 },
    xargs: {
      valued: "-I -n -P -L -s -d -E -a -R -S -J --max-args --max-procs --max-lines --delimiter --arg-file",
    },
    parallel: {
      valued: "-j -I -S -a -n -N --jobs --max-procs --arg-file --delay --timeout --joblog --sshlogin",
      throughShell: true,
    },
    npx: { valued: "-p -c -w --package --call --workspace" },
    bunx: { valued: "-p --package" },
    pnpx: {},
    uvx: { valued: "--from --with -p --python" },
  }),
);

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/** Whether a program runs what its arguments name, so that its own name says nothing. */
export function isWrapper(name: string): boolean {
  return WRAPPERS.has(name);
}

/** The commands that an invocation runs through its arguments. */
export function innerInvocations(outer: Invocation): readonly Invocation[] {
  const wrapper = WRAPPERS.get(outer.name);
  if (wrapper === undefined) {
    const around = isFinder(outer.name) ? { ...outer, input: FOUND_NAMES } : outer;
    return runnerWords(outer).map((words) => invocationOf(words, around));
  }
  const options = optionsOf(outer, { valued: valuedBy(wrapper), stopAtOperand: true });
  if (wrapper.throughShell || (wrapper.unless && options.has(...wrapper.unless))) return [];
  const words = options.operands.slice(wrapper.skip ?? 0);
  const start = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
  if (start < 0) return [];
  const around = { ...outer, assignments: [...outer.assignments, ...words.slice(0, start)] };
  return [
    outer.name === "xargs"
      ? fedByInput(words, options.values("-I", "-J")[0]?.text, around)
      : invocationOf(words.slice(start), around),
  ];
}

/** Of what `find` runs: for each name found, and not from standard input. */
const FOUND_NAMES = { flow: { ...NO_FLOW, names: true }, text: "" };

/** Text that a wrapper has the shell read: `env -S 'rm -rf x'`, `npx -c 'rm -rf x'`, `parallel rm ::: x`. */
export function wrappedText(outer: Invocation): readonly ShellWord[] {
  const wrapper = WRAPPERS.get(outer.name);
  if (wrapper === undefined) return [];
  const options = optionsOf(outer, { valued: valuedBy(wrapper), stopAtOperand: true });
  if (outer.name === "env") return options.values("-S", "--split-string");
  if (outer.name === "npx") return options.values("-c", "--call");
  if (!wrapper.throughShell) return [];
  const end = options.operands.findIndex(({ text }) => text.startsWith(":::"));
  const placeholder = options.values("-I")[0]?.text ?? "{}";
  return options.operands.slice(0, end < 0 ? undefined : end).map((word) => fillIn(word, placeholder));
}

/** Of `xargs`: it keeps standard input for itself and puts its lines into the words. */
function fedByInput(
  words: readonly ShellWord[],
  placeholder: string | undefined,
  outer: Invocation,
): Invocation {
  const filled = placeholder === undefined ? words : words.map((word) => fillIn(word, placeholder));
  const flow = { ...NO_FLOW, names: outer.input?.flow.names ?? false };
  return invocationOf(filled, { ...outer, input: { flow, text: "" } });
}

function valuedBy({ valued }: Wrapper): readonly string[] {
  return valued?.split(" ") ?? [];
}
