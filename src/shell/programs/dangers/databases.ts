// Dangers of programs that keep databases: what they delete, stop or overwrite. What they are told in SQL is read in queries/.
import type { Danger } from "./danger.ts";
import { rows } from "./remote.ts";

const HELP = "--help";

/** Words that only SQL has, typed where a shell reads them: somebody may have meant a database. */
const SQL = "drop delete truncate alter update grant";

export const DATABASE_DANGERS: readonly Danger[] = [
  {
    risk: "delete-data",
    says: "reads like SQL that deletes or changes data",
    programs: SQL,
    on: /^((if exists |only )?(table|database|schema|index|view|user|role|keyspace|column)( |$)|from [\w."`]+|\w+ set |all (privileges )?on )/i,
  },
  {
    risk: "delete-data",
    says: "reads like a command to Redis that deletes all keys",
    programs: "flushall flushdb",
  },
  { risk: "delete-data", says: "deletes a whole database", programs: "dropdb", unless: HELP },
  { risk: "delete-data", says: "deletes a database user or role", programs: "dropuser", unless: HELP },
  {
    risk: "delete-data",
    says: "deletes what is in the database before it restores a copy",
    programs: "pg_restore",
    options: "-c --clean",
    unless: `${HELP} -l --list`,
  },
  {
    risk: "delete-data",
    says: "makes a copy that deletes what is there when it is restored",
    programs: "pg_dump pg_dumpall",
    options: "-c --clean",
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "makes a copy that deletes databases when it is restored",
    programs: "mysqldump mariadb-dump",
    options: "--add-drop-database --add-drop-user",
    unless: HELP,
  },
  {
    risk: "change-live",
    says: "makes a copy that deletes tables when it is restored",
    programs: "mysqldump mariadb-dump",
    word: /^--add-drop-table$/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "throws away a database's journal, perhaps with data",
    programs: "pg_resetwal pg_resetxlog",
    unless: `${HELP} -n`,
  },
  {
    risk: "delete-data",
    says: "deletes a database server with all its databases",
    programs: "pg_dropcluster",
    unless: HELP,
  },
  {
    risk: "change-live",
    says: "stops or restarts the database server",
    programs: "pg_ctl pg_ctlcluster",
    on: /(^| )(stop|restart|promote|kill)( |$)/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes a whole database",
    programs: "mysqladmin mariadb-admin",
    on: /(^| )drop( |$)/,
    unless: HELP,
  },
  {
    risk: "change-live",
    says: "stops the database server, or ends its connections",
    programs: "mysqladmin mariadb-admin",
    on: /(^| )(shutdown|kill|stop-slave|stop-replica)( |$)/,
    unless: HELP,
  },
  {
    risk: "grant-access",
    says: "changes a database user's password",
    programs: "mysqladmin mariadb-admin",
    on: /(^| )(password|flush-privileges)( |$)/,
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes what is in the collections before it restores a copy",
    programs: "mongorestore",
    options: "--drop",
    unless: `${HELP} --dryRun`,
  },
  {
    risk: "delete-data",
    says: "deletes what is in the collection before it loads a file",
    programs: "mongoimport",
    options: "--drop",
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "deletes whatever keys a search finds",
    programs: "redis-cli valkey-cli keydb-cli",
    on: /^(del|unlink)\b/i,
    when: ({ input, args }) =>
      input?.text === "" || args.some(({ pieces }) => pieces.some(({ text }) => text.startsWith("$("))),
  },
  {
    risk: "delete-data",
    says: "deletes tables of a Cassandra cluster, or a node of it",
    programs: "nodetool",
    on: "decommission, removenode, assassinate, clearsnapshot, truncatehints",
    unless: HELP,
  },
  {
    risk: "change-live",
    says: "stops a node of a Cassandra cluster",
    programs: "nodetool",
    on: "stopdaemon, drain, disablegossip, disablebinary",
    unless: HELP,
  },
  ...rows(
    { risk: "delete-data", programs: "influx influxd", unless: HELP },
    {
      "bucket delete": "deletes a bucket with all its data",
      delete: "deletes points of a database",
      "org delete, user delete, auth delete, dashboards delete, task delete":
        "deletes an organisation, a user or a task",
    },
  ),
  {
    risk: "delete-data",
    says: "replaces all data by a backup",
    programs: "influx influxd",
    on: "restore",
    options: "--full",
    unless: HELP,
  },
];
