// Dangers of databases that others run for us, and of what fills and searches them.
import type { Danger } from "./danger.ts";

const HELP = "--help";

export const DATABASE_SERVICE_DANGERS: readonly Danger[] = [
  {
    risk: "delete-data",
    says: "deletes, resets or replaces a database, or a part of it",
    programs: "turso pscale neonctl neon xata",
    on: /^(db|database|databases|branch|branches|group|projects?|org|service-token|password|roles?|deploy-request|backup|keyspace) (destroy|delete|rm|remove|reset|restore|wipe)( |$)/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes a cluster, its backups, or other parts of a project",
    programs: "atlas mongocli",
    on: /^(atlas )?(clusters?|projects?|organizations?|orgs?|backups?|backup|dbusers?|serverless|deployments?|streams|accessLists?|alerts|snapshots|customDbRoles|networking|privateEndpoints|kubernetes) (\S+ )?(delete|deletes|terminate)( |$)/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes all objects of a schema",
    programs: "atlas",
    on: "schema clean",
    unless: `${HELP} --dry-run`,
  },
  {
    risk: "delete-data",
    says: "takes a node out of a database cluster",
    programs: "cockroach",
    on: /^node (decommission|drain)( |$)|^quit( |$)/,
    unless: HELP,
  },
  {
    risk: "delete-remote",
    says: "deletes an object or files of Snowflake, or a stored login",
    programs: "snow",
    on: /^(object|stage|app|app version|snowpark|spcs \S+|dbt|dcm|notebook|streamlit|git|logs|image-repository|connection|cortex|native-app) (drop|remove|teardown|delete)( |$)|^app version drop|^stage (rm|remove)/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes, resets or stops something of a Databricks workspace",
    programs: "databricks",
    on: /^(\S+ ){1,2}?(permanent-delete|delete|delete-scope|delete-secret|delete-acl|rm|destroy|uninstall|cancel-all-runs|reset)(-\S+)?( |$)|^api delete/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "builds its tables anew, and deletes the old ones",
    programs: "dbt",
    options: "--full-refresh -f",
    on: "run, build, seed, snapshot",
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes or resets runs, tasks, settings or the database of Airflow",
    programs: "airflow",
    on: "db reset, db clean, dags delete, tasks clear, pools delete, connections delete, variables delete, users delete, db downgrade",
    unless: `${HELP} --dry-run`,
  },
  {
    risk: "delete-data",
    says: "deletes an index, documents or keys of a search server",
    programs: "algolia meilisearch typesense",
    on: /^(indices|indexes|index|objects|rules|synonyms|profile|apikeys|keys|documents|collections?) (delete|clear|remove|drop)( |$)/,
    unless: `${HELP} --dry-run`,
  },
  {
    risk: "delete-data",
    says: "deletes events or an index of Splunk, or changes its users or settings",
    programs: "splunk",
    on: /^(clean|remove|delete|disable|edit user)( |$)/,
    unless: HELP,
  },
];
