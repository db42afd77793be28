// Dangers for the machine itself: who runs, what keeps running, what stops, which protections end.
import type { Danger } from "./danger.ts";

const POWER = "reboot, poweroff, halt, kexec, suspend, hibernate, hybrid-sleep, soft-reboot";
const LOOKS_ONLY = "$|status|show|cat|list|is-|get-|print|help|version|blame|dump";

const WEAKENS = { risk: "weaken-protection" } as const;
const FIREWALL = { ...WEAKENS, says: "opens or changes the firewall" } as const;
const TRACES = { ...WEAKENS, says: "removes the traces of what was done" } as const;
const KILLS = { risk: "kill-processes" } as const;
const SERVICES = { risk: "change-services" } as const;

export const SYSTEM_DANGERS: readonly Danger[] = [
  { risk: "run-as-root", programs: "sudo sudoedit su doas dzdo pkexec run0 runuser gosu su-exec" },
  { risk: "outlive", programs: "nohup disown setsid daemonize start-stop-daemon systemd-run" },
  { risk: "outlive", programs: "screen", word: /^-[a-zA-Z]*[dD]/ },
  { risk: "outlive", programs: "tmux", word: /^-d$/ },
  { ...KILLS, programs: "xkill skill killall5 kill-port fkill taskkill" },
  { ...KILLS, programs: "pkill killall", notWord: /^(-0|-l|-L|--list|--signal=0)$/ },
  { ...KILLS, programs: "kill", notWord: /^(-l|-L|-0|--list|--table)/ },
  {
    ...KILLS,
    says: "kills every process that it may",
    programs: "kill",
    word: /^-1$/,
    when: ({ args }) => args.at(-1)?.text === "-1" && args.length > 1,
  },
  { ...KILLS, programs: "fuser", options: "-k --kill" },
  {
    ...KILLS,
    says: "ends terminal sessions with what runs in them",
    programs: "tmux",
    on: "kill-server, kill-session, kill-window, kill-pane",
  },
  {
    ...KILLS,
    says: "ends terminal sessions with what runs in them",
    programs: "screen",
    word: /^(quit|kill|-wipe)$/,
  },
  { ...KILLS, programs: "pm2 supervisorctl", on: "stop, delete, kill, restart, shutdown" },
  { risk: "power-off", programs: "shutdown", notWord: /^-c$|^--show$/ },
  { risk: "power-off", programs: "reboot halt poweroff telinit" },
  { risk: "power-off", programs: "init", on: "0, 6, 1, s" },
  { risk: "power-off", programs: "systemctl loginctl", on: POWER },
  {
    risk: "power-off",
    says: "switches the system to another state",
    programs: "systemctl",
    on: "isolate, rescue, emergency, default",
  },
  { risk: "power-off", programs: "pmset", on: "sleepnow" },
  { ...SERVICES, programs: "crontab", unless: "-l" },
  { ...SERVICES, says: "deletes all scheduled jobs of a user", programs: "crontab", options: "-r" },
  { ...SERVICES, programs: "at batch", unless: "-l -c" },
  { ...SERVICES, programs: "atrm" },
  {
    ...SERVICES,
    programs: "systemctl launchctl rc-service rc-update update-rc.d chkconfig initctl rcctl svcadm sv",
    notOn: new RegExp(`^(${LOOKS_ONLY}|(${POWER.replaceAll(", ", "|")})( |$))`),
  },
  { ...SERVICES, programs: "service", on: /^\S+ (start|stop|re)/ },
  { ...SERVICES, programs: "brew", on: /^services (start|stop|restart|run|kill|cleanup)/ },
  { ...FIREWALL, programs: "ufw", on: "disable, reset, delete, allow" },
  {
    ...FIREWALL,
    programs: "iptables ip6tables nft arptables ebtables",
    options: "-F -X -Z -D -P --flush --delete --policy --delete-chain",
  },
  { ...FIREWALL, programs: "nft", on: /^(flush|delete|destroy|reset)\b/ },
  { ...FIREWALL, programs: "iptables-restore ip6tables-restore pfctl", unless: "-t --test -s -n" },
  {
    ...FIREWALL,
    programs: "firewall-cmd",
    word: /^--(remove|add|panic-on|set-default|reload|complete-reload|direct)/,
  },
  { ...FIREWALL, programs: "socketfilterfw", word: /^--(setglobalstate|remove|unblockapp)/ },
  { ...WEAKENS, programs: "setenforce", on: /^(0|permissive)( |$)/i },
  { ...WEAKENS, programs: "csrutil", on: "disable, clear, authenticated-root disable" },
  { ...WEAKENS, programs: "spctl", options: "--master-disable --global-disable --add --disable --remove" },
  { ...WEAKENS, programs: "aa-disable aa-teardown aa-complain aa-remove-unknown" },
  { ...WEAKENS, programs: "apparmor_parser", options: "-R --remove" },
  { ...WEAKENS, programs: "setsebool semanage semodule", word: /^(-P|-d|--delete|permissive)$/ },
  { ...WEAKENS, programs: "mokutil", options: "--disable-validation" },
  { ...WEAKENS, programs: "tccutil", on: "reset" },
  {
    ...WEAKENS,
    says: "takes away the mark that a file came from the internet",
    programs: "xattr",
    word: /quarantine|^-[a-z]*c/,
  },
  { ...WEAKENS, programs: "auditctl", word: /^-(D|e0?|e=0)$/ },
  { ...WEAKENS, programs: "fdesetup", on: "disable" },
  { ...TRACES, programs: "history", options: "-c -d -w" },
  { ...TRACES, programs: "unset", word: /^(HISTFILE|HISTSIZE|HISTFILESIZE|PROMPT_COMMAND)$/ },
  { ...TRACES, programs: "set shopt", word: /^(history|cmdhist)$/, notWord: /^-o$|^-s$/ },
  { ...TRACES, programs: "dmesg", options: "-c -C --clear --read-clear" },
  { ...TRACES, programs: "journalctl", word: /^--(vacuum|rotate|flush)/ },
  { ...TRACES, programs: "wevtutil", on: "cl, clear-log" },
  {
    ...WEAKENS,
    programs: "claude",
    word: /^(--(allow-)?dangerously|bypassPermissions|--permission-mode)/,
  },
];
