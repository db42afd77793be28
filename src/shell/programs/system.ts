// Rules for the machine itself: who runs, what keeps running, what stops, what is published.
import { type Invocation, operandTexts, optionsOf } from "../invocation.ts";
import type { Rule } from "./rule.ts";

export const SYSTEM_RULES: readonly Rule[] = [
  { risk: "run-as-root", programs: "sudo sudoedit su doas pkexec run0 runuser gosu su-exec" },
  { risk: "outlive", programs: "nohup disown setsid daemonize start-stop-daemon systemd-run" },
  {
    risk: "outlive",
    programs: "screen",
    when: ({ args }) => args.some(({ text }) => /^-[a-zA-Z]*[dD]/.test(text)),
  },
  { risk: "outlive", programs: "tmux", when: ({ args }) => args.some(({ text }) => text === "-d") },
  { risk: "kill-processes", programs: "pkill killall xkill skill killall5 kill-port fkill taskkill" },
  {
    risk: "kill-processes",
    programs: "kill",
    when: ({ args }) => !args.some(({ text }) => /^(-l|-L|-0|--list|--table)/.test(text)),
  },
  { risk: "kill-processes", programs: "fuser", when: (call) => optionsOf(call).has("-k", "--kill") },
  { risk: "power-off", programs: "shutdown reboot halt poweroff telinit" },
  { risk: "power-off", programs: "init", when: ({ args }) => /^[06]$/.test(args[0]?.text ?? "") },
  { risk: "power-off", programs: "systemctl loginctl", when: (call) => POWER.test(firstOperand(call)) },
  {
    risk: "change-services",
    programs: "crontab",
    when: (call) => !optionsOf(call, { valued: ["-u"] }).has("-l"),
  },
  { risk: "change-services", programs: "at batch" },
  {
    risk: "change-services",
    programs: "systemctl launchctl rc-service rc-update update-rc.d chkconfig",
    when: (call) => !LOOKS_ONLY.test(firstOperand(call)) && !POWER.test(firstOperand(call)),
  },
  {
    risk: "change-services",
    programs: "service",
    when: ({ args }) => /^(start|stop|re)/.test(args[1]?.text ?? ""),
  },
  { risk: "login-files", programs: "ssh-copy-id visudo chsh passwd useradd usermod adduser chpasswd" },
  {
    risk: "login-files",
    programs: "ssh-keygen",
    when: (call) =>
      !optionsOf(call, { valued: ["-f", "-t", "-b", "-C", "-N", "-F"] }).has("-l", "-y", "-F", "-B"),
  },
  {
    risk: "weaken-protection",
    programs: "setenforce",
    when: ({ args }) => /^(0|permissive)$/i.test(args[0]?.text ?? ""),
  },
  {
    risk: "weaken-protection",
    programs: "ufw",
    when: ({ args }) => /^(disable|reset)$/.test(args[0]?.text ?? ""),
  },
  {
    risk: "weaken-protection",
    programs: "iptables ip6tables nft",
    when: (call) => optionsOf(call).has("-F", "--flush") || firstOperand(call) === "flush",
  },
  { risk: "weaken-protection", programs: "csrutil", when: ({ args }) => args[0]?.text === "disable" },
  {
    risk: "weaken-protection",
    programs: "spctl",
    when: (call) => optionsOf(call).has("--master-disable", "--global-disable"),
  },
  { risk: "weaken-protection", programs: "history", when: (call) => optionsOf(call).has("-c") },
  {
    risk: "weaken-protection",
    programs: "claude",
    when: ({ args }) =>
      args.some(({ text }) => /^(--(allow-)?dangerously|bypassPermissions|--permission-mode)/.test(text)),
  },
];

const POWER = /^(reboot|poweroff|halt|kexec|suspend|hibernate|hybrid-sleep|soft-reboot)$/;
const LOOKS_ONLY = /^($|status|show|cat|list|is-|get-|print|help|version|blame|dump)/;

function firstOperand(call: Invocation): string {
  const valued = ["-M", "-H", "-t", "-p", "-n", "--type", "--property", "--machine", "--host"];
  return operandTexts(optionsOf(call, { valued }))[0] ?? "";
}
