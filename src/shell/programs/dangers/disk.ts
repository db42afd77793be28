// Dangers for disks, volumes and file systems, and for who may read and write files.
import type { Invocation } from "../../invocation.ts";
import type { Danger } from "./danger.ts";

const DEVICE = { risk: "write-device" } as const;
const VOLUME = { risk: "delete-data" } as const;
const OPENS = { risk: "change-permissions" } as const;

export const DISK_DANGERS: readonly Danger[] = [
  {
    ...DEVICE,
    programs: "mkfs mke2fs newfs newfs_apfs newfs_hfs newfs_msdos mkswap mkntfs mkdosfs",
    unless: "--check -V --version --help",
  },
  { ...DEVICE, programs: "blkdiscard", unless: "-V --version --help" },
  { ...DEVICE, programs: "wipefs", options: "-a --all -o --offset", unless: "-n --no-act" },
  {
    ...DEVICE,
    programs: "fdisk sfdisk gdisk sgdisk cfdisk",
    unless: "-l --list -d --dump -p --print --version",
  },
  {
    ...DEVICE,
    programs: "parted",
    notOn: /^(\S+ )?(print|align-check|unit \w+ print)( \w+)?$|^$/,
    unless: "-l --list --version",
  },
  {
    ...DEVICE,
    programs: "diskutil",
    on: /^(erase|partition|splitPartition|mergePartitions|zero|random|secureerase|reformat|apfs (delete|erase|create|resize)|cs delete|appleraid (create|delete))/i,
  },
  {
    ...DEVICE,
    says: "deletes or replaces the encryption keys of a disk",
    programs: "cryptsetup",
    on: /^(luksFormat|erase|luksErase|reencrypt|luksRemoveKey|luksKillSlot|luksHeaderRestore|convert)\b/i,
  },
  {
    ...DEVICE,
    says: "erases a disk",
    programs: "hdparm",
    word: /^--(security-erase|trim-sector|dco-restore|make-bad)/,
  },
  { ...DEVICE, says: "erases a disk", programs: "nvme", on: "format, sanitize, write-zeroes, delete-ns" },
  { ...DEVICE, says: "erases a disk", programs: "sg_format sg_sanitize badblocks", notWord: /^-[a-z]*[nr]$/ },
  {
    ...DEVICE,
    says: "repairs a file system by throwing its journal away",
    programs: "xfs_repair",
    options: "-L",
  },
  {
    ...DEVICE,
    says: "changes a RAID array",
    programs: "mdadm",
    options: "-C -S -f -r -G --create --stop --fail --remove --zero-superblock --grow --build --set-faulty",
  },
  {
    ...VOLUME,
    says: "deletes a file system or a storage pool with all that is in it",
    programs: "zfs zpool",
    on: "destroy",
    unless: "-n",
  },
  { ...VOLUME, says: "throws away what was written since a snapshot", programs: "zfs", on: "rollback" },
  {
    ...VOLUME,
    says: "takes disks out of a storage pool",
    programs: "zpool",
    on: "labelclear, remove, detach, offline, split",
  },
  {
    ...VOLUME,
    says: "deletes or shrinks a disk volume",
    programs: "lvremove vgremove pvremove vgreduce lvreduce pvmove",
  },
  {
    ...VOLUME,
    says: "deletes or shrinks a disk volume",
    programs: "lvresize",
    word: /^(-[a-zA-Z]*L|--size=?)?-\d|^-[a-z]*r$|^[^-+]*\d[kmgt]?$/i,
  },
  {
    ...VOLUME,
    says: "deletes or shrinks a disk volume",
    programs: "lvm",
    on: /^(lvremove|vgremove|pvremove|vgreduce|lvreduce|pvmove)\b/,
  },
  {
    ...VOLUME,
    says: "deletes a subvolume with all that is in it",
    programs: "btrfs",
    on: "subvolume delete, sub delete, su de",
  },
  {
    ...VOLUME,
    says: "changes the disks of a file system",
    programs: "btrfs",
    on: /^(device (remove|delete|add)|filesystem resize|balance start|rescue|replace start)\b/,
  },
  {
    ...VOLUME,
    says: "repairs a file system, which can lose what is on it",
    programs: "btrfs",
    on: "check",
    options: "--repair --init-csum-tree --init-extent-tree",
  },
  {
    ...VOLUME,
    says: "removes or empties a mapped disk",
    programs: "dmsetup",
    on: "remove, remove_all, wipe_table, clear, load, create",
  },
  {
    ...VOLUME,
    says: "detaches a disk that may be in use",
    programs: "nbd-client qemu-nbd",
    options: "-d --disconnect",
  },
  { ...OPENS, programs: "chmod", word: /^-[a-zA-Z]*R|^--rec/ },
  {
    ...OPENS,
    says: "lets everybody write to files, or gives a program its owner's rights",
    programs: "chmod",
    when: opensUp,
  },
  { ...OPENS, programs: "chown chgrp setfacl chattr", options: "-r -R --recursive" },
  { ...OPENS, programs: "chmod chown chgrp setfacl chattr", when: isFedNames },
  { ...OPENS, says: "gives files to root", programs: "chown", word: /^(root|0)(:|$)/ },
  {
    ...OPENS,
    says: "locks or unlocks files against change",
    programs: "chattr",
    word: /^[-+=][a-zA-Z]*[ia]/,
  },
  { ...OPENS, says: "gives a program rights of root", programs: "setcap" },
  {
    ...OPENS,
    says: "removes the access rules of files",
    programs: "setfacl",
    options: "-b -k --remove-all --remove-default",
  },
  {
    ...OPENS,
    says: "makes new files writable for everybody",
    programs: "umask",
    word: /^0*[0-7]?[0-7]?0$|^0+$|a=rwx/,
  },
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
const SETUID = /[+=][rwxX]*s|^0?[2467][0-7]{3}$/;
