// Dangers for files, folders and disks: what deletes, formats or opens up more than one thing at a time.
import type { Invocation } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

export const DISK_DANGERS: readonly Danger[] = [
  { risk: "delete-recursive", programs: "rm srm grm", options: "-r -R --recursive" },
  { risk: "delete-recursive", programs: "rm srm grm", when: isFedNames },
  { risk: "delete-recursive", programs: "rimraf del-cli" },
  { risk: "delete-recursive", programs: "find", word: /^-delete$/ },
  { risk: "delete-recursive", programs: "rsync", word: /^--(del|delete|remove-source)/ },
  { risk: "write-device", programs: "mkfs mke2fs newfs wipefs blkdiscard mkswap" },
  {
    risk: "write-device",
    programs: "fdisk sfdisk gdisk sgdisk cfdisk parted",
    unless: "-l --list --version",
  },
  {
    risk: "write-device",
    programs: "diskutil",
    on: /^(erase|partition|zero|random|secureerase|apfs)/i,
  },
  { risk: "write-device", programs: "cryptsetup", word: /^(luksFormat|erase|luksErase|reencrypt)$/i },
  { risk: "change-permissions", programs: "chmod", word: /^-[a-zA-Z]*R|^--rec/ },
  { risk: "change-permissions", programs: "chmod", when: opensUp },
  { risk: "change-permissions", programs: "chown chgrp setfacl chattr", options: "-r -R --recursive" },
  { risk: "change-permissions", programs: "chmod chown chgrp setfacl chattr", when: isFedNames },
];

/** It is given whatever a search through folders finds, which no word of it says. */
function isFedNames({ input }: Invocation): boolean {
  return input?.flow.names === true;
}

/**
 * Writable for everybody, or setuid. Not a row, because only the first word without a dash is a mode: `chmod -x file`
 * takes a permission away, and no option of chmod looks like that.
 */
function opensUp({ args }: Invocation): boolean {
  const mode = args.map(({ text }) => text).find((text) => !text.startsWith("-"));
  return mode !== undefined && (/^[0-7]*[2367]$/.test(mode) || OPEN_MODE.test(mode) || SETUID.test(mode));
}

const OPEN_MODE = /(^|,)[ugoa]*[oa][ugoa]*[+=][rxXst]*w/;
const SETUID = /[+=][rwxX]*s|^[2467][0-7]{3}$/;
