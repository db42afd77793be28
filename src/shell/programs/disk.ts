// Rules for files, folders and disks: what deletes, formats or opens up more than one thing at a time.
import { type Invocation, operandTexts, optionsOf } from "../invocation.ts";
import type { Rule } from "./rule.ts";

export const DISK_RULES: readonly Rule[] = [
  { risk: "delete-recursive", programs: "rm srm grm", when: isRecursive },
  { risk: "delete-recursive", programs: "rimraf del-cli" },
  {
    risk: "delete-recursive",
    programs: "find",
    when: ({ args }) => args.some(({ text }) => text === "-delete"),
  },
  { risk: "delete-recursive", programs: "git", when: gitDeletes },
  {
    risk: "delete-recursive",
    programs: "rsync",
    when: ({ args }) => args.some(({ text }) => /^--(del|delete|remove-source)/.test(text)),
  },
  { risk: "write-device", programs: "mkfs mke2fs newfs wipefs blkdiscard mkswap" },
  {
    risk: "write-device",
    programs: "fdisk sfdisk gdisk sgdisk cfdisk parted",
    when: (call) => !optionsOf(call).has("-l", "--list", "--version"),
  },
  {
    risk: "write-device",
    programs: "diskutil",
    when: ({ args }) => /^(erase|partition|zero|random|secureerase|apfs)/i.test(args[0]?.text ?? ""),
  },
  {
    risk: "write-device",
    programs: "cryptsetup",
    when: ({ args }) => args.some(({ text }) => /^(luksFormat|erase|luksErase|reencrypt)$/i.test(text)),
  },
  { risk: "change-permissions", programs: "chmod", when: opensUp },
  { risk: "change-permissions", programs: "chown chgrp setfacl chattr", when: isRecursive },
];

/** By its option, or because it is given whatever a search through folders finds. */
function isRecursive(call: Invocation): boolean {
  return optionsOf(call).has("-r", "-R", "--recursive") || call.input?.flow.names === true;
}

function gitDeletes(call: Invocation): boolean {
  const options = optionsOf(call, { valued: ["-C", "-c", "--git-dir", "--work-tree", "-e", "--exclude"] });
  const [subcommand] = operandTexts(options);
  if (subcommand === "clean") return options.has("-f", "--force") && !options.has("-n", "--dry-run");
  return subcommand === "rm" && options.has("-r") && !options.has("--cached", "-n", "--dry-run");
}

/** Recursive, writable for everybody, or setuid. */
function opensUp(call: Invocation): boolean {
  // `chmod -x file` takes a permission away: no option of chmod looks like that.
  const modes = call.args.map(({ text }) => text).filter((text) => !text.startsWith("-"));
  if (call.args.some(({ text }) => /^-[a-zA-Z]*R|^--rec/.test(text)) || call.input?.flow.names) return true;
  return modes
    .slice(0, 1)
    .some((mode) => /^[0-7]*[2367]$/.test(mode) || OPEN_MODE.test(mode) || SETUID.test(mode));
}

const OPEN_MODE = /(^|,)[ugoa]*[oa][ugoa]*[+=][rxXst]*w/;
const SETUID = /[+=][rwxX]*s|^[2467][0-7]{3}$/;
