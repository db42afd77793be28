// Every danger that a single program can be, and the one place that asks.
import { listed } from "../program.ts";
import { BACKUP_DANGERS } from "./backups.ts";
import { CI_DANGERS } from "./ci.ts";
import { AWS_DANGERS } from "./cloud-aws.ts";
import { AZURE_DANGERS } from "./cloud-azure.ts";
import { GCP_DANGERS } from "./cloud-gcp.ts";
import { GCP_DATA_DANGERS } from "./cloud-gcp-data.ts";
import { OTHER_CLOUD_DANGERS } from "./cloud-others.ts";
import { CLUSTER_TOOL_DANGERS } from "./cluster-tools.ts";
import { CODE_HOST_DANGERS } from "./code-hosts.ts";
import { CONTAINER_POWER_DANGERS } from "./container-power.ts";
import { CONTAINER_DANGERS } from "./containers.ts";
import { createDangerBook } from "./danger.ts";
import { DATABASE_SERVICE_DANGERS } from "./database-services.ts";
import { DATABASE_DANGERS } from "./databases.ts";
import { DISK_DANGERS } from "./disk.ts";
import { FILE_DANGERS } from "./files.ts";
import { GIT_DANGERS } from "./git.ts";
import { HEROKU_DANGERS } from "./heroku.ts";
import { HOSTING_DANGERS } from "./hosting.ts";
import { HOSTING_BACKEND_DANGERS } from "./hosting-backends.ts";
import { HTTP_DANGERS } from "./http.ts";
import { INFRASTRUCTURE_DANGERS } from "./infrastructure.ts";
import { KEY_DANGERS } from "./keys.ts";
import { KUBERNETES_DANGERS } from "./kubernetes.ts";
import { MACHINE_DANGERS } from "./machines.ts";
import { MESSAGING_DANGERS } from "./messaging.ts";
import { MIGRATION_DANGERS } from "./migrations.ts";
import { NETWORK_DANGERS } from "./network.ts";
import { OWN_COMMAND_DANGERS } from "./own-commands.ts";
import { PACKAGE_DANGERS } from "./packages.ts";
import { PUBLISHING_DANGERS } from "./publishing.ts";
import { REMOTE_SHELL_DANGERS } from "./remote-shell.ts";
import { SAAS_DANGERS } from "./saas.ts";
import { SECRET_DANGERS } from "./secrets.ts";
import { SETUP_DANGERS } from "./setup.ts";
import { STORAGE_DANGERS } from "./storage.ts";
import { SYSTEM_DANGERS } from "./system.ts";
import { WINDOWS_DANGERS } from "./windows.ts";

export const DANGERS = [
  ...AWS_DANGERS,
  ...AZURE_DANGERS,
  ...BACKUP_DANGERS,
  ...CI_DANGERS,
  ...CLUSTER_TOOL_DANGERS,
  ...CODE_HOST_DANGERS,
  ...CONTAINER_DANGERS,
  ...CONTAINER_POWER_DANGERS,
  ...DATABASE_DANGERS,
  ...DATABASE_SERVICE_DANGERS,
  ...DISK_DANGERS,
  ...FILE_DANGERS,
  ...GCP_DANGERS,
  ...GCP_DATA_DANGERS,
  ...GIT_DANGERS,
  ...HEROKU_DANGERS,
  ...HOSTING_BACKEND_DANGERS,
  ...HOSTING_DANGERS,
  ...HTTP_DANGERS,
  ...INFRASTRUCTURE_DANGERS,
  ...KEY_DANGERS,
  ...KUBERNETES_DANGERS,
  ...MACHINE_DANGERS,
  ...MESSAGING_DANGERS,
  ...MIGRATION_DANGERS,
  ...NETWORK_DANGERS,
  ...OTHER_CLOUD_DANGERS,
  ...OWN_COMMAND_DANGERS,
  ...PACKAGE_DANGERS,
  ...PUBLISHING_DANGERS,
  ...REMOTE_SHELL_DANGERS,
  ...SAAS_DANGERS,
  ...SECRET_DANGERS,
  ...SETUP_DANGERS,
  ...STORAGE_DANGERS,
  ...SYSTEM_DANGERS,
  ...WINDOWS_DANGERS,
];

/** Their first operand names what they work on, a file or a service, and says nothing of what they do with it. */
const NAME_FIRST: ReadonlySet<string> = new Set(
  listed(
    "service ifconfig make gmake python php truncate split update drop delete alter grant surge celery nginx swift",
  ),
);

/** Programs whose first operand says what they do. */
export const HAVE_SUBCOMMANDS: ReadonlySet<string> = new Set(
  DANGERS.filter(({ on }) => on !== undefined)
    .flatMap(({ programs }) => listed(programs))
    .filter((name) => !NAME_FIRST.has(name)),
);

/** The dangers of one program run, by its name and its words. */
export const dangersOf = createDangerBook(DANGERS);
