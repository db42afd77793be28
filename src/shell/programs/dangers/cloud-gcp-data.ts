// Dangers of Google Cloud's tools for stored data: gsutil for files, bq for tables.
import type { Danger } from "./danger.ts";

const GSUTIL = { programs: "gsutil", unless: "--help -n" } as const;
const BQ = { programs: "bq", unless: "--help --dry_run" } as const;

export const GCP_DATA_DANGERS: readonly Danger[] = [
  {
    ...GSUTIL,
    risk: "delete-data",
    says: "deletes all files under a path of a bucket",
    on: "rm",
    options: "-r -R",
  },
  { ...GSUTIL, risk: "delete-data", says: "deletes files of a bucket", on: "rm", otherwise: true },
  { ...GSUTIL, risk: "delete-data", says: "deletes a bucket", on: "rb" },
  {
    ...GSUTIL,
    risk: "delete-data",
    says: "deletes what its source does not have",
    on: "rsync",
    options: "-d",
  },
  {
    ...GSUTIL,
    risk: "grant-access",
    says: "changes who may read a bucket",
    on: /^(acl|iam|defacl) (set|ch)|^(-m )?(acl|iam|defacl) (set|ch)/,
  },
  {
    ...GSUTIL,
    risk: "change-live",
    says: "changes how a bucket keeps its files",
    on: "lifecycle set, versioning set off, retention clear",
  },
  { ...BQ, risk: "delete-data", says: "deletes a dataset with all its tables", on: "rm", options: "-r" },
  {
    ...BQ,
    risk: "delete-data",
    says: "deletes a table, a view or a dataset of BigQuery",
    on: "rm",
    otherwise: true,
  },
  {
    ...BQ,
    risk: "delete-data",
    says: "replaces all data of a table",
    on: "load, query",
    options: "--replace",
  },
  { ...BQ, risk: "delete-data", says: "overwrites a table", on: "cp, mk", options: "-f --force" },
  {
    ...BQ,
    risk: "delete-data",
    says: "has tables deleted later, or cuts short how long they can be brought back",
    on: "update",
    options: "--expiration --max_time_travel_hours --default_table_expiration --time_partitioning_expiration",
  },
  { ...BQ, risk: "change-live", says: "stops a running job", on: "cancel" },
];
