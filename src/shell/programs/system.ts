// Programs for the machine itself: users, services, processes, ports.
import type { Program } from "./program.ts";

export const SYSTEM: readonly Program[] = [
  { names: "su", valued: "-c -s -g -G --command" },
  { names: "runuser", valued: "-c -u -s --command" },
  { names: "script", valued: "-c --command", runsElsewhere: true },
  { names: "crontab", valued: "-u" },
  { names: "systemctl loginctl", valued: "-M -H -t -p -n --type --property --machine --host" },
  { names: "iptables ip6tables", valued: "-t" },
  { names: "lsof fuser kill-port fkill ss", takesPorts: true },
];
