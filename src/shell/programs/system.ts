// Programs for the machine itself: users, services, processes, ports.
import type { Program } from "./program.ts";

export const SYSTEM: readonly Program[] = [
  { names: "su", valued: "-c -s -g -G --command", wraps: { skip: 1, orShell: true } },
  { names: "sg", valued: "-c", wraps: { skip: 1, orShell: true } },
  { names: "runuser", valued: "-c -u -s -g -G --user --group --command", wraps: { orShell: true } },
  { names: "at batch", valued: "-f -q -t", interprets: { as: "input" } },
  { names: "apt apt-get aptitude", valued: "-o -c -t -a --option --config-file --target-release" },
  {
    names: "dnf dnf5 yum microdnf zypper",
    valued: "-c --config --setopt --repo --enablerepo --disablerepo -x",
  },
  {
    names: "pip pipx",
    valued:
      "-r -c -i -f -t --requirement --constraint --index-url --extra-index-url --find-links --target --prefix --root --proxy --cache-dir --log --trusted-host --python",
  },
  { names: "crontab", valued: "-u" },
  { names: "systemctl loginctl", valued: "-M -H -t -p -n --type --property --machine --host" },
  { names: "iptables ip6tables", valued: "-t" },
  { names: "lsof fuser kill-port fkill ss", takesPorts: true },
];
