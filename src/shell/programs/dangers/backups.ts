// Dangers of backups: what deletes them, and what they overwrite.
import type { Danger } from "./danger.ts";
import { rows } from "./remote.ts";

const BACKUP = "deletes backups";

export const BACKUP_DANGERS: readonly Danger[] = [
  ...rows(
    { programs: "restic", unless: "--dry-run -n --help", risk: "delete-data" },
    {
      forget: `${BACKUP} that a rule does not keep`,
      prune: "deletes what no backup needs",
      "key remove, key passwd": "takes a key to the backups away",
      "rewrite, repair, rebuild-index, migrate, unlock": "changes the store of the backups",
    },
  ),
  {
    risk: "delete-data",
    says: "overwrites files by those of a backup",
    programs: "restic",
    on: "restore",
    unless: "--dry-run --help",
    options: "--delete --overwrite",
  },
  ...rows(
    { programs: "borg borgmatic", unless: "--dry-run -n --help", risk: "delete-data" },
    {
      "delete, repo-delete": `${BACKUP}, or all of them`,
      prune: `${BACKUP} that a rule does not keep`,
      "recreate, compact, key change-passphrase, break-lock, rdelete, undelete":
        "changes the store of the backups",
    },
  ),
  {
    risk: "delete-data",
    says: "repairs the store of the backups by deleting what is broken",
    programs: "borg",
    on: "check",
    options: "--repair",
    unless: "--help",
  },
  {
    risk: "delete-data",
    says: `${BACKUP} or their rules`,
    programs: "kopia",
    on: /^(snapshot (delete|expire|remove-pin)|policy (delete|rm)|repository (disconnect|delete)|content delete|blob (delete|gc)|manifest (delete|rm)|maintenance run|acl delete|user(s)? delete)( |$)/,
    unless: "--help --dry-run",
  },
  {
    risk: "delete-data",
    says: `${BACKUP} that are older`,
    programs: "duplicity",
    on: /^(remove-\S+|cleanup|remove_\S+)( |$)/,
    unless: "--help --dry-run",
  },
  {
    risk: "delete-data",
    says: BACKUP,
    programs: "duplicati-cli rdiff-backup bup tarsnap",
    on: /^(delete|purge|repair|remove|rm|gc|prune-older|nuke)( |$)/,
    unless: "--help --dry-run",
  },
  { risk: "delete-data", says: BACKUP, programs: "tarsnap", options: "-d --nuke", unless: "--dry-run" },
  {
    risk: "delete-data",
    says: BACKUP,
    programs: "rdiff-backup",
    options: "--remove-older-than",
    unless: "--help",
  },
  {
    risk: "delete-data",
    says: "deletes backups of a database, or overwrites the database by one",
    programs: "pgbackrest wal-g wal-e barman",
    on: /(^| )(expire|stanza-delete|delete|delete_from|restore|backup-fetch|recover|delete-backup)( |$)/,
    unless: "--help --dry-run",
  },
  {
    risk: "delete-data",
    says: "deletes snapshots or backups of this machine, or goes back to one",
    programs: "tmutil timeshift snapper btrbk",
    on: /^(delete\S*|thinlocalsnapshots|remove\S*|cleanup|prune|clean|undochange|rollback)( |$)/,
    unless: "--help -n --dry-run",
  },
  {
    risk: "delete-data",
    says: "deletes snapshots of this machine",
    programs: "timeshift",
    options: "--delete --delete-all --restore",
  },
];
