// The unit of systemd's user manager, as text. See systemd.exec(5), systemd.service(5) and systemd.syntax(7).
import { ASK_EXIT, EXIT } from "../exit.ts";
import { MARK } from "./manager.ts";
import type { ServicePlan } from "./plan.ts";

export const UNIT = "approval-server.service";
/** After a failure it is started again, so often within so many seconds. */
export const RESTARTS = { times: 5, withinSeconds: 600, pauseSeconds: 10 } as const;

/**
 * Hardening is what works without a namespace: a user's manager may not make one on every system (AppArmor on Ubuntu 24.04),
 * and the unit would then not start at all. So ProtectSystem=, PrivateTmp= and their like are not here, nor is
 * MemoryDenyWriteExecute=, which V8 cannot live with, nor what needs root, such as CapabilityBoundingSet=.
 */
const HARDENING = [
  "NoNewPrivileges=yes",
  "LockPersonality=yes",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
  "SystemCallArchitectures=native",
  "UMask=0077",
];

export function unitText({ command: [node, ...args], environment }: ServicePlan): string {
  const line = [quoted(node), ...args.map((arg) => quoted(arg).replaceAll("$", "$$$$"))].join(" ");
  return `# ${MARK}. Run that again to change it; your own additions belong into
# ${UNIT}.d/*.conf beside it (systemctl --user edit ${UNIT}).
[Unit]
Description=Approval server: asks a phone what Claude Code may do
StartLimitIntervalSec=${RESTARTS.withinSeconds}
StartLimitBurst=${RESTARTS.times}

[Service]
Type=exec
ExecStart=${line}
${Object.entries(environment)
  .map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}\n`)
  .join("")}Restart=on-failure
RestartSec=${RESTARTS.pauseSeconds}
# Wrong settings, a port that is taken and a Node that is too old do not get better by themselves.
RestartPreventExitStatus=${EXIT.configuration} ${EXIT.usage} ${ASK_EXIT.unavailable}
# It denies what waits, and ends within 5 s.
TimeoutStopSec=10
${HARDENING.join("\n")}

[Install]
WantedBy=default.target
`;
}

/** A word as it is: systemd takes off the quotes, the backslashes and one of two percent signs. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`;
}
