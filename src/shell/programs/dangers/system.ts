// Dangers for the machine itself: who runs, what keeps running, what stops, which protections end.
import type { Danger } from "./danger.ts";

const POWER = "reboot, poweroff, halt, kexec, suspend, hibernate, hybrid-sleep, soft-reboot";
const LOOKS_ONLY = "$|status|show|cat|list|is-|get-|print|help|version|blame|dump";

export const SYSTEM_DANGERS: readonly Danger[] = [
  { risk: "run-as-root", programs: "sudo sudoedit su doas pkexec run0 runuser gosu su-exec" },
  { risk: "outlive", programs: "nohup disown setsid daemonize start-stop-daemon systemd-run" },
  { risk: "outlive", programs: "screen", word: /^-[a-zA-Z]*[dD]/ },
  { risk: "outlive", programs: "tmux", word: /^-d$/ },
  { risk: "kill-processes", programs: "pkill killall xkill skill killall5 kill-port fkill taskkill" },
  { risk: "kill-processes", programs: "kill", notWord: /^(-l|-L|-0|--list|--table)/ },
  { risk: "kill-processes", programs: "fuser", options: "-k --kill" },
  { risk: "power-off", programs: "shutdown reboot halt poweroff telinit" },
  { risk: "power-off", programs: "init", on: "0, 6" },
  { risk: "power-off", programs: "systemctl loginctl", on: POWER },
  { risk: "change-services", programs: "crontab", unless: "-l" },
  { risk: "change-services", programs: "at batch" },
  {
    risk: "change-services",
    programs: "systemctl launchctl rc-service rc-update update-rc.d chkconfig",
    notOn: new RegExp(`^(${LOOKS_ONLY}|(${POWER.replaceAll(", ", "|")})( |$))`),
  },
  { risk: "change-services", programs: "service", on: /^\S+ (start|stop|re)/ },
  { risk: "login-files", programs: "ssh-copy-id visudo chsh passwd useradd usermod adduser chpasswd" },
  { risk: "login-files", programs: "ssh-keygen", unless: "-l -y -F -B" },
  { risk: "weaken-protection", programs: "setenforce", on: /^(0|permissive)( |$)/i },
  { risk: "weaken-protection", programs: "ufw", on: "disable, reset" },
  { risk: "weaken-protection", programs: "iptables ip6tables nft", options: "-F --flush" },
  { risk: "weaken-protection", programs: "iptables ip6tables nft", on: "flush" },
  { risk: "weaken-protection", programs: "csrutil", on: "disable" },
  { risk: "weaken-protection", programs: "spctl", options: "--master-disable --global-disable" },
  { risk: "weaken-protection", programs: "history", options: "-c" },
  {
    risk: "weaken-protection",
    programs: "claude",
    word: /^(--(allow-)?dangerously|bypassPermissions|--permission-mode)/,
  },
];
