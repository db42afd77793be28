// Programs for the machine itself: users, services, processes, ports.
import type { Program } from "./program.ts";

export const SYSTEM: readonly Program[] = [
  { names: "su", valued: "-c -s -g -G --command", wraps: { skip: 1, orShell: true } },
  { names: "sg", valued: "-c", wraps: { skip: 1, orShell: true } },
  { names: "runuser", valued: "-c -u -s -g -G --user --group --command", wraps: { orShell: true } },
  { names: "at batch", valued: "-f -q -t", interprets: { as: "input" } },
  { names: "crontab", valued: "-u" },
  { names: "systemctl loginctl", valued: "-M -H -t -p -n --type --property --machine --host" },
  { names: "iptables ip6tables", valued: "-t" },
  { names: "lsof fuser kill-port fkill ss", takesPorts: true },
];
