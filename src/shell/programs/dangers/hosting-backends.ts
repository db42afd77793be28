// Dangers of services that bring a database, files and functions along: Cloudflare, Firebase, Supabase.
import type { Danger } from "./danger.ts";
import { deletesAt, HARMLESS, rows } from "./remote.ts";

const unless = HARMLESS;
const SUPABASE = { programs: "supabase", unless } as const;
const WRANGLER = { programs: "wrangler", unless } as const;

export const HOSTING_BACKEND_DANGERS: readonly Danger[] = [
  ...rows(
    { ...WRANGLER, risk: "delete-remote" },
    {
      delete: "deletes a worker",
      "pages project delete, pages deployment delete": "deletes a site or a deployment",
      "secret delete, secret bulk-delete, pages secret delete, secrets-store secret delete, secrets-store store delete, secret:delete":
        "deletes a secret of a worker",
      "queues delete, queues consumer remove, vectorize delete, hyperdrive delete, workflows delete, pipelines delete, ai finetune delete, containers delete, dispatch-namespace delete, mtls-certificate delete, tunnel delete":
        "deletes something at Cloudflare",
    },
  ),
  ...rows(
    { ...WRANGLER, risk: "delete-data" },
    {
      "d1 delete": "deletes a whole database",
      "d1 time-travel restore": "sets a database back to an earlier time",
      "kv namespace delete, kv:namespace delete": "deletes a store with all its keys",
      "kv key delete, kv:key delete, kv bulk delete, kv:bulk delete": "deletes keys of a store",
      "r2 bucket delete": "deletes a bucket",
      "r2 object delete": "deletes a file of a bucket",
      "queues purge": "deletes all messages of a queue",
      "r2 bucket lifecycle remove, r2 bucket lifecycle set, r2 bucket cors delete, r2 bucket domain remove":
        "changes or deletes the rules of a bucket",
    },
  ),
  ...rows(
    { ...WRANGLER, risk: "change-live" },
    {
      "rollback, versions deploy, deploy, publish, pages deploy, triggers deploy":
        "replaces a running worker or site",
    },
  ),
  deletesAt("cloudflared flarectl cf-terraforming", "at Cloudflare"),
  ...rows(
    { programs: "firebase firebase-tools", unless, risk: "delete-data" },
    {
      "firestore:delete, firestore:databases:delete, firestore:bulkdelete":
        "deletes documents or collections of Firestore",
      "database:remove": "deletes a part of the database with all that is under it",
      "database:set, database:update, auth:import, firestore:databases:restore":
        "overwrites a part of the database",
      "storage:delete, dataconnect:sql:migrate": "deletes or changes stored data",
    },
  ),
  ...rows(
    { programs: "firebase firebase-tools", unless, risk: "delete-remote" },
    {
      "projects:delete, hosting:disable, hosting:sites:delete, hosting:channel:delete, functions:delete, functions:secrets:destroy, ext:uninstall, apphosting:backends:delete, functions:config:unset, apps:android:sha:delete":
        "deletes or switches off a part of a Firebase project",
    },
  ),
  ...rows(
    { programs: "firebase firebase-tools", unless, risk: "change-live" },
    { deploy: "deploys to a Firebase project" },
  ),
  ...rows(
    { ...SUPABASE, risk: "delete-data" },
    {
      "db reset": "deletes the database with all its data and makes it anew",
      "migration down, migration squash": "undoes changes of the database's structure, perhaps with data",
      "storage rm": "deletes stored files",
      "backups restore": "sets a database back to an earlier time",
    },
  ),
  ...rows(
    { ...SUPABASE, risk: "delete-remote" },
    {
      "projects delete, orgs delete": "deletes a project with all that is in it",
      "functions delete, secrets unset, branches delete, domains delete, vanity-subdomains delete, sso remove, branches disable, snippets delete":
        "deletes a part of a Supabase project",
    },
  ),
  ...rows(
    { ...SUPABASE, risk: "change-live" },
    {
      "db push, migration up": "changes the structure of a database",
      "migration repair": "changes what counts as done in the database's structure",
      "config push, network-restrictions update, postgres-config update, postgres-config delete, ssl-enforcement update, network-bans remove, functions deploy, encryption update-root-key":
        "changes a running Supabase project",
    },
  ),
];
