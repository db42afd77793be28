// Programs that run another program given in their arguments. From their manual pages: an option that takes a value and
// is missing here would hide the inner command.
import type { Program } from "./program.ts";

export const WRAPPERS: readonly Program[] = [
  {
    names: "sudo",
    valued: "-u -g -h -p -C -D -R -T -U -a -c -r -t --user --group --host --prompt --chdir --chroot",
    wraps: {},
  },
  { names: "doas", valued: "-u -C -a", wraps: {} },
  { names: "pkexec", valued: "--user", wraps: {} },
  {
    names: "run0",
    valued: "-u -g -D --user --group --chdir --setenv --unit --property --description --slice",
    wraps: {},
  },
  { names: "gosu su-exec", wraps: { skip: 1 } },
  {
    names: "env",
    valued: "-u -C -S -P -a --unset --chdir --split-string --argv0",
    wraps: { text: "-S --split-string" },
  },
  { names: "time gtime", valued: "-f -o --format --output", wraps: {} },
  { names: "timeout gtimeout", valued: "-s -k --signal --kill-after", wraps: { skip: 1 } },
  { names: "nice", valued: "-n --adjustment", wraps: {} },
  { names: "ionice", valued: "-c -n -p --class --classdata", wraps: {} },
  { names: "chrt", valued: "-T -P -D", wraps: { skip: 1 } },
  { names: "taskset setarch", wraps: { skip: 1 } },
  { names: "stdbuf", valued: "-i -o -e --input --output --error", wraps: {} },
  { names: "caffeinate", valued: "-t -w", wraps: {} },
  { names: "command", wraps: { unless: "-v -V" } },
  { names: "exec", valued: "-a", wraps: {} },
  { names: "nohup setsid builtin noglob nocorrect busybox toybox firejail entr pnpx", wraps: {} },
  { names: "chroot", valued: "--userspec --groups", wraps: { skip: 1 } },
  { names: "unshare", valued: "-S -G -R -w --setuid --setgid --root --wd", wraps: {} },
  { names: "nsenter", valued: "-t -S -G --target --setuid --setgid", wraps: {} },
  {
    names: "systemd-run",
    valued: "-u -p -E -M -H --unit --property --setenv --description --slice --uid --gid",
    wraps: {},
  },
  { names: "systemd-inhibit", valued: "--what --who --why --mode", wraps: {} },
  { names: "strace", valued: "-e -o -p -s -u -E -a -P", wraps: {} },
  { names: "ltrace", valued: "-e -o -p -s -u", wraps: {} },
  { names: "watch", valued: "-n --interval", wraps: { throughShell: true } },
  {
    names: "flock",
    valued: "-w -E -c --wait --timeout --conflict-exit-code --command",
    wraps: { skip: 1 },
  },
  {
    names: "xargs",
    valued: "-I -n -P -L -s -d -E -a -R -S -J --max-args --max-procs --max-lines --delimiter --arg-file",
    wraps: { fedAt: "-I -J" },
  },
  {
    names: "parallel",
    valued: "-j -I -S -a -n -N --jobs --max-procs --arg-file --delay --timeout --joblog --sshlogin",
    wraps: { throughShell: true },
  },
  { names: "npx", valued: "-p -c -w --package --call --workspace", wraps: { text: "-c --call" } },
  { names: "bunx", valued: "-p --package", wraps: {} },
  { names: "uvx", valued: "--from --with -p --python", wraps: {} },
];
