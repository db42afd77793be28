// Dangers of where files and backups are kept: buckets, mirrors, archives.
import type { Danger } from "./danger.ts";
import { rows } from "./remote.ts";

export const STORAGE_DANGERS: readonly Danger[] = [
  ...rows(
    { programs: "rclone", unless: "-n --dry-run -i --interactive --help", risk: "delete-data" },
    {
      purge: "deletes a folder on a server with all that is in it",
      "delete, deletefile": "deletes files on a server",
      sync: "deletes in the target what the source does not have",
      bisync: "makes two places alike, and deletes what one does not have",
      "move, moveto": "moves files, and deletes them where they were",
      "rmdir, rmdirs": "deletes folders on a server",
      "cleanup, dedupe": "deletes old versions or duplicates on a server",
    },
  ),
  ...rows(
    { programs: "rclone", risk: "show-secret" },
    { "config show, config dump, reveal": "shows keys to where files are kept" },
  ),
  {
    risk: "delete-data",
    says: "deletes a bucket with all that is in it",
    programs: "mc mcli",
    on: "rb",
    options: "--force",
    unless: "--help",
  },
  ...rows(
    { programs: "mc mcli", unless: "--help --dry-run --fake", risk: "delete-data" },
    {
      rb: "deletes a bucket",
      rm: "deletes stored files",
      mv: "moves files, and deletes them where they were",
      "undo, ilm rm, ilm rule rm, ilm import, retention clear, legalhold clear, version suspend, replicate rm, encrypt clear, event remove, tag remove":
        "changes how long files are kept, or brings back what was before",
      "admin user remove, admin user rm, admin user disable, admin policy remove, admin policy rm, admin policy detach, admin group remove, admin bucket remote rm, admin service stop, admin decommission, admin config reset, admin accesskey rm, admin user svcacct rm, admin replicate rm":
        "deletes a user, a rule or a setting of a storage server",
    },
  ),
  {
    risk: "delete-data",
    says: "deletes what its source does not have",
    programs: "mc mcli",
    on: "mirror",
    options: "--remove",
    unless: "--help --dry-run --fake",
  },
  {
    risk: "change-live",
    says: "stops or restarts a storage server",
    programs: "mc mcli",
    on: "admin service",
    unless: "--help",
  },
  {
    risk: "grant-access",
    says: "changes who may read stored files",
    programs: "mc mcli",
    on: "anonymous set, policy set, admin policy attach, admin user add, anonymous set-json",
    unless: "--help",
  },
  {
    risk: "delete-data",
    says: "deletes buckets or stored files",
    programs: "s3cmd",
    on: /^(del|rm|rb|expire|delpolicy|dellifecycle|multipart|abortmp|mv)( |$)/,
    unless: "-n --dry-run --help",
  },
  {
    risk: "delete-data",
    says: "deletes what its source does not have",
    programs: "s3cmd",
    on: "sync",
    options: "--delete-removed",
    unless: "-n --dry-run --help",
  },
  {
    risk: "grant-access",
    says: "changes who may read stored files",
    programs: "s3cmd",
    on: "setacl, setpolicy",
    unless: "-n --dry-run --help",
  },
  {
    risk: "delete-data",
    says: "deletes buckets or stored files",
    programs: "s5cmd",
    on: /^(rm|rb|mv)( |$)/,
    unless: "--dry-run --help",
  },
  {
    risk: "delete-data",
    says: "deletes what its source does not have",
    programs: "s5cmd azcopy",
    on: "sync",
    options: "--delete --delete-destination",
    unless: "--dry-run --help",
  },
  {
    risk: "delete-data",
    says: "deletes stored files",
    programs: "azcopy",
    on: "remove, rm",
    unless: "--dry-run --help",
  },
  {
    risk: "delete-data",
    says: "deletes buckets or stored files",
    programs: "b2 swift gdrive dropbox-cli",
    on: /^(bucket delete|delete-bucket|delete-file-version|file delete|rm|hide-file|hide|delete-key|key delete|delete|cancel-\S+)( |$)/,
    unless: "--dry-run --help --dryRun",
  },
  {
    risk: "delete-data",
    says: "deletes what its source does not have",
    programs: "b2",
    on: "sync",
    options: "--delete --replace-newer --keep-days",
    unless: "--dry-run --help --dryRun",
  },
];
