// Dangers of Google Cloud and its command line.
import type { Danger } from "./danger.ts";
import { deletesAt, HARMLESS } from "./remote.ts";

const GCLOUD = { programs: "gcloud", unless: HARMLESS } as const;
const RELEASE = "^(?:alpha |beta |preview )?";

/** What stands behind `gcloud`, `gcloud beta` and the like. */
const on = (groups: string) => new RegExp(`${RELEASE}(?:${groups})(?: |$)`);

export const GCP_DANGERS: readonly Danger[] = [
  {
    ...GCLOUD,
    risk: "delete-remote",
    says: "deletes a project with all that is in it",
    on: on("projects delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-remote",
    says: "deletes servers with what is on their disks",
    on: on("compute instances delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes a disk or a snapshot with its data",
    on: on("compute (disks|snapshots|images) delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes a database server with its data",
    on: on("(sql|spanner|bigtable|alloydb|redis|memcache) (instances|clusters) delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes a database",
    on: on("(sql|spanner|firestore) databases delete|firestore (delete|bulk-delete)"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes backups of a database",
    on: on("(sql|spanner|firestore|alloydb|bigtable) backups delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes files or buckets of Cloud Storage",
    on: on("storage (rm|buckets delete|objects delete)"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes what its source does not have",
    on: on("storage rsync"),
    options: "--delete-unmatched-destination-objects",
  },
  {
    ...GCLOUD,
    risk: "delete-remote",
    says: "deletes a Kubernetes cluster",
    on: on("container clusters delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-remote",
    says: "deletes a running service, a function or an app's version",
    on: on("(run services|run jobs|functions|app services|app versions) delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes a topic or a subscription with its messages",
    on: on("pubsub (topics|subscriptions|snapshots|lite-\\S+)? ?delete"),
  },
  {
    ...GCLOUD,
    risk: "delete-remote",
    says: "deletes container images or packages",
    on: on(
      "(container images|artifacts docker images|artifacts docker tags|artifacts repositories|artifacts packages|artifacts versions) (delete|untag)",
    ),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "destroys a key: what it encrypts cannot be read after that",
    on: on("kms keys versions destroy"),
  },
  {
    ...GCLOUD,
    risk: "delete-data",
    says: "deletes a stored secret",
    on: on("secrets (delete|versions destroy)"),
  },
  {
    ...GCLOUD,
    risk: "delete-remote",
    says: "deletes a service account or its keys",
    on: on("iam service-accounts (delete|keys delete)"),
  },
  {
    ...GCLOUD,
    risk: "delete-remote",
    says: "deletes DNS zones or records",
    on: on("dns (managed-zones|record-sets) (\\S+ )?delete"),
  },
  deletesAt("gcloud", "at Google Cloud"),
  {
    ...GCLOUD,
    risk: "change-live",
    says: "changes which messages are read, or empties a cache",
    on: on("pubsub (subscriptions|snapshots) seek|compute url-maps invalidate-cdn-cache"),
  },
  {
    ...GCLOUD,
    risk: "change-live",
    says: "stops, resets or suspends servers",
    on: on(
      "compute instances (stop|reset|suspend)|sql instances (restart|failover|reset-\\S+)|app versions stop",
    ),
  },
  {
    ...GCLOUD,
    risk: "change-live",
    says: "overwrites a database with a backup",
    on: on("sql backups restore|sql import \\S+|firestore import"),
  },
  {
    ...GCLOUD,
    risk: "change-live",
    says: "changes a running database server",
    on: on("sql instances (patch|promote-replica)"),
  },
  {
    ...GCLOUD,
    risk: "change-live",
    says: "deploys to a running service",
    on: on("(run|functions|app) deploy|run services (update|update-traffic|replace)"),
  },
  {
    ...GCLOUD,
    risk: "change-live",
    says: "changes how many servers run",
    on: on("container clusters resize|compute instance-groups managed resize"),
  },
  {
    ...GCLOUD,
    risk: "change-live",
    says: "switches an API of a project off",
    on: on("services disable|kms keys versions disable|billing projects unlink"),
  },
  {
    ...GCLOUD,
    risk: "change-live",
    says: "changes DNS records",
    on: on("dns record-sets (\\S+ )?(execute|import|update|create)"),
  },
  {
    ...GCLOUD,
    risk: "grant-access",
    says: "changes who may do what",
    on: on(".*(add|remove|set)-iam-policy(-binding)?|iam roles (create|update)"),
  },
  {
    ...GCLOUD,
    risk: "grant-access",
    says: "makes a key that logs in as a service account",
    on: on("iam service-accounts keys create"),
  },
  {
    ...GCLOUD,
    risk: "grant-access",
    says: "opens a firewall",
    on: on("compute firewall-rules (create|update)"),
  },
  { ...GCLOUD, risk: "show-secret", says: "shows a stored secret", on: on("secrets versions access") },
  {
    ...GCLOUD,
    risk: "show-secret",
    says: "shows a token to log in with",
    on: on("auth (application-default )?print-(access|identity)-token"),
  },
  {
    ...GCLOUD,
    risk: "run-remote",
    says: "runs a command on a server at Google Cloud",
    on: on("compute ssh"),
    word: /^--(command(=.*)?)?$/s,
  },
];
