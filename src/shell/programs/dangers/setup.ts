// Dangers for how a machine is set up: accounts, mounts, the kernel, the network, the clock.
import type { Danger } from "./danger.ts";

const ACCOUNTS = { risk: "login-files" } as const;
const MACHINE = { risk: "change-machine" } as const;

export const SETUP_DANGERS: readonly Danger[] = [
  {
    risk: "load-code",
    says: "gives the name of a command to another program",
    programs: "hash",
    options: "-p",
  },
  { risk: "load-code", says: "loads a file as a part of the shell", programs: "enable", options: "-f" },
  { ...ACCOUNTS, says: "adds keys that may log in", programs: "ssh-copy-id" },
  { ...ACCOUNTS, programs: "ssh-keygen", unless: "-l -y -F -B" },
  { ...ACCOUNTS, says: "changes who may do what as root", programs: "visudo", unless: "-c --check" },
  {
    ...ACCOUNTS,
    says: "changes a password or the shell of an account",
    programs: "chsh chpasswd chage vipw vigr",
    unless: "-l --list",
  },
  {
    ...ACCOUNTS,
    says: "changes a password or the shell of an account",
    programs: "passwd",
    unless: "-S --status",
  },
  {
    ...ACCOUNTS,
    says: "adds or changes accounts or groups",
    programs: "useradd usermod adduser addgroup groupadd groupmod gpasswd newusers",
  },
  { ...ACCOUNTS, says: "deletes accounts or groups", programs: "userdel deluser delgroup groupdel" },
  {
    ...ACCOUNTS,
    says: "deletes an account with its files",
    programs: "userdel deluser",
    options: "-r --remove --remove-home --remove-all-files",
  },
  {
    ...ACCOUNTS,
    says: "adds or changes accounts or groups",
    programs: "dscl dseditgroup sysadminctl pw net",
    word: /^-?(create|delete|append|passwd|addUser|deleteUser|resetPasswordFor|useradd|userdel|usermod|localgroup)$/i,
  },
  {
    ...MACHINE,
    says: "mounts or unmounts a disk",
    programs: "umount swapoff swapon fusermount",
    unless: "--show -s --summary --version",
  },
  {
    ...MACHINE,
    says: "mounts or unmounts a disk",
    programs: "mount",
    when: ({ args }) =>
      args.some(({ text }) => !text.startsWith("-")) &&
      !args.some(({ text }) => /^(-l|-t)$/.test(text) && args.length < 3),
  },
  {
    ...MACHINE,
    says: "attaches or detaches a disk image",
    programs: "losetup",
    notWord: /^(-a|-l|-j|-f|--all|--list|--associated|--find)$/,
    when: ({ args }) => args.length > 0,
  },
  {
    ...MACHINE,
    says: "loads or removes parts of the kernel",
    programs: "insmod rmmod kextload kextunload depmod",
    unless: "--version",
  },
  {
    ...MACHINE,
    says: "loads or removes parts of the kernel",
    programs: "modprobe",
    unless: "-n -c --dry-run --show --showconfig --show-depends",
  },
  {
    ...MACHINE,
    says: "changes settings of the kernel",
    programs: "sysctl",
    word: /^(-w|-p|--write|--load|--system)$|^[\w.-]+=/,
  },
  {
    ...MACHINE,
    says: "changes the network",
    programs: "ip",
    on: /^\S+ (del|delete|flush|add|set|replace|change)\b/,
  },
  { ...MACHINE, says: "changes the network", programs: "ifconfig", on: /^\S+ (down|up|del|\d)/ },
  { ...MACHINE, says: "changes the network", programs: "ifdown ifup" },
  { ...MACHINE, says: "changes the network", programs: "route", on: /^(del|delete|add|flush)\b/ },
  {
    ...MACHINE,
    says: "changes the network",
    programs: "nmcli networksetup netplan",
    on: /^((con|connection|c|dev|device|d|networking|radio|net|n) (down|delete|modify|off|disconnect|del)|-set|apply)/,
  },
  { ...MACHINE, says: "changes the network", programs: "networksetup scutil", word: /^-{1,2}set/ },
  { ...MACHINE, says: "changes the clock or the name of the machine", programs: "date", options: "-s --set" },
  {
    ...MACHINE,
    says: "changes the clock or the name of the machine",
    programs: "hwclock",
    options: "-w -s --systohc --hctosys --set",
  },
  {
    ...MACHINE,
    says: "changes the clock or the name of the machine",
    programs: "timedatectl hostnamectl localectl",
    on: /^(set-|hostname \S)/,
  },
  {
    ...MACHINE,
    says: "changes how the machine starts",
    programs:
      "grub-install grub2-install update-grub grub-mkconfig efibootmgr bcdedit bootctl kexec nvram bless",
    unless: "--version --help -l --list",
  },
  {
    ...MACHINE,
    says: "changes how the machine starts",
    programs: "update-initramfs dracut mkinitcpio mkinitramfs",
  },
  {
    ...MACHINE,
    says: "changes which program a command starts",
    programs: "update-alternatives alternatives",
    options: "--set --install --remove --remove-all --config",
  },
  {
    ...MACHINE,
    says: "ends or deletes a virtual machine or its disks",
    programs: "virsh",
    on: /^(destroy|undefine|shutdown|reset|reboot|vol-delete|pool-delete|pool-destroy|net-destroy|net-undefine|snapshot-delete)\b/,
  },
  {
    ...MACHINE,
    says: "ends or deletes a virtual machine",
    programs: "vboxmanage",
    on: /^(unregistervm|closemedium|controlvm \S+ (poweroff|reset))/,
  },
  {
    ...MACHINE,
    says: "ends or deletes a virtual machine",
    programs: "multipass limactl colima wsl vagrant",
    word: /^(--)?(delete|purge|stop|destroy|unregister|shutdown|terminate)$/,
  },
];
