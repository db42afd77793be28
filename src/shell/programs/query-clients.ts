// Programs that hand text to a database. Where their words or their input hold the text, it is read for what it deletes;
// what stands in a file of the disk is not looked into.

export interface QueryClient {
  /** Program names, separated by spaces. */
  readonly names: string;
  readonly language: "sql" | "mongo" | "redis";
  /** What its operands start with, whole words. */
  readonly on?: string;
  /** Options whose values are such text. */
  readonly options?: string;
  /** The operands from this one on are. */
  readonly operandsFrom?: number;
  /** Whether it reads such text from standard input where neither an option nor an operand holds any. */
  readonly readsInput?: true;
  /** Options that name a file with such text, so that standard input is left alone. */
  readonly files?: string;
}

export const QUERY_CLIENTS: readonly QueryClient[] = [
  {
    names: "psql pgcli",
    language: "sql",
    options: "-c --command",
    files: "-f --file -l --list",
    readsInput: true,
  },
  {
    names: "mysql mariadb mycli mysqlsh",
    language: "sql",
    options: "-e --execute --init-command --sql",
    readsInput: true,
  },
  {
    names: "sqlite3 sqlite sqlcipher libsql rqlite",
    language: "sql",
    options: "-cmd",
    operandsFrom: 1,
    readsInput: true,
  },
  { names: "litecli", language: "sql", options: "-e --execute" },
  { names: "duckdb", language: "sql", options: "-c -s -cmd", operandsFrom: 1, readsInput: true },
  {
    names: "sqlcmd osql isql tsql bsqldb",
    language: "sql",
    options: "-q -Q --query --initial-query",
    readsInput: true,
  },
  { names: "sqlplus sql impala-shell", language: "sql", options: "-q --query", readsInput: true },
  { names: "snowsql", language: "sql", options: "-q --query", readsInput: true },
  { names: "snow", language: "sql", on: "sql", options: "-q --query", readsInput: true },
  {
    names: "clickhouse-client clickhouse-local clickhouse",
    language: "sql",
    options: "-q --query",
    readsInput: true,
  },
  { names: "cockroach", language: "sql", on: "sql", options: "-e --execute", readsInput: true },
  { names: "cqlsh", language: "sql", options: "-e --execute", readsInput: true },
  { names: "ysqlsh usql crate-shell crash", language: "sql", options: "-c --command", readsInput: true },
  { names: "ycqlsh", language: "sql", options: "-e --execute", readsInput: true },
  { names: "trino presto trino-cli presto-cli", language: "sql", options: "--execute", readsInput: true },
  { names: "hive beeline spark-sql", language: "sql", options: "-e", readsInput: true },
  { names: "bq", language: "sql", on: "query", operandsFrom: 1, options: "--query", readsInput: true },
  { names: "cypher-shell", language: "sql", operandsFrom: 0, readsInput: true },
  { names: "influx", language: "sql", options: "-execute -e --execute" },
  { names: "arangosh", language: "mongo", options: "--javascript.execute-string" },
  { names: "turso", language: "sql", on: "db shell", operandsFrom: 3, readsInput: true },
  { names: "wrangler", language: "sql", on: "d1 execute", options: "--command" },
  { names: "heroku", language: "sql", on: "pg:psql", options: "-c --command", readsInput: true },
  {
    names: "supabase",
    language: "sql",
    on: "db",
    options: "--sql --query",
    operandsFrom: 2,
    readsInput: true,
  },
  { names: "prisma", language: "sql", on: "db execute", readsInput: true },
  { names: "pscale", language: "sql", on: "shell", readsInput: true },
  { names: "fly flyctl", language: "sql", on: "postgres connect", readsInput: true },
  { names: "railway", language: "sql", on: "connect", readsInput: true },
  { names: "rails", language: "sql", on: "dbconsole", readsInput: true },
  { names: "aws", language: "sql", options: "--sql --query-string --sqls" },
  { names: "gcloud", language: "sql", options: "--sql --ddl" },
  { names: "databricks", language: "sql", options: "--statement" },
  { names: "mongosh mongo", language: "mongo", options: "--eval", readsInput: true },
  { names: "redis-cli valkey-cli keydb-cli iredis", language: "redis", operandsFrom: 0, readsInput: true },
];
