// Dangers of SQL, whichever program hands it to a server. Each row is tried on every statement as sql-statements.ts writes
// it: words in capitals, `''` for a string, `""` for a quoted name, `()` for what stands in brackets.
import type { Risk } from "../risk.ts";

export interface QueryDanger {
  readonly risk: Risk;
  readonly says: string;
  readonly is: RegExp;
  readonly isNot?: RegExp;
}

/** A condition that holds for every row is none. */
const NO_CONDITION =
  "(?: NOT)? (?:TRUE|FALSE|\\d+|\\d+ = \\d+|'' = ''|\\d+ < \\d+|\\d+ > \\d+|\"\" IS NOT NULL)(?: ;|$)";
/** Words up to a condition; where another statement begins, none belongs to this one. */
const WITHOUT_WHERE = `(?!(?: (?!(?:SELECT|DELETE|UPDATE|INSERT|DROP|TRUNCATE|GO|WHERE) )\\S+)* WHERE(?!${NO_CONDITION}))`;
/** Where the verb is a verb: not `ON DELETE CASCADE`, `FOR UPDATE`, `GRANT DELETE`, `THEN UPDATE SET`. */
const VERB =
  "(?<!(?:ON|FOR|BEFORE|AFTER|OF|OR|GRANT|REVOKE|DO|KEY|,|MATCHED THEN|NO|THE|TO) )(?<![\\w.:] ?[.=:<>] ?)";
const PARTS =
  "VIEW|MATERIALIZED|INDEX|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|TRIGGER|EVENT|EXTENSION|POLICY|RULE|PUBLICATION|SUBSCRIPTION|FOREIGN|SERVER|STAGE|PIPE|STREAM|TASK|WAREHOUSE|MODEL|SNAPSHOT|SEARCH|ROW|CAPACITY|RESERVATION|ASSIGNMENT|EXTERNAL|DICTIONARY|SHARE|INTEGRATION|NETWORK|CONNECTION|CONTINUOUS|RETENTION|STATISTICS|SYNONYM|PACKAGE|CATALOG|CONNECTOR|DYNAMIC";

export const SQL_DANGERS: readonly QueryDanger[] = [
  {
    risk: "delete-data",
    says: "deletes a whole database",
    is: /(^| )DROP (DATABASE|KEYSPACE|BUCKET|PLUGGABLE)( |$)/,
  },
  { risk: "delete-data", says: "deletes a database schema with what it holds", is: /(^| )DROP SCHEMA( |$)/ },
  {
    risk: "delete-data",
    says: "deletes a whole table",
    is: /(^| )DROP ((TEMPORARY|EXTERNAL|FOREIGN|SNAPSHOT|HYBRID|ICEBERG|VIRTUAL|DYNAMIC) )?(TABLE|TABLES|MEASUREMENT|SERIES|TABLESPACE)( |$)/,
  },
  {
    risk: "delete-data",
    says: "deletes a view, an index or another part of a database",
    is: new RegExp(`(^| )DROP (${PARTS}|ALL ROW ACCESS)( |$)`),
    isNot: /(^| )DROP (EXTERNAL|FOREIGN|SNAPSHOT|DYNAMIC) TABLE( |$)/,
  },
  { risk: "delete-data", says: "deletes all that a database user owns", is: /(^| )DROP OWNED( |$)/ },
  {
    risk: "delete-data",
    says: "deletes a database user or role",
    is: /(^| )DROP (USER|ROLE|LOGIN|GROUP)( |$)/,
  },
  {
    risk: "delete-data",
    says: "deletes a column or a partition with its data",
    is: /(^| )ALTER TABLE .*?(^| )DROP (?!(CONSTRAINT|PRIMARY|FOREIGN|INDEX|KEY|CHECK|DEFAULT|NOT|IDENTITY|EXPRESSION|SYSTEM)( |$))/,
  },
  {
    risk: "change-live",
    says: "takes a constraint or an index off a table",
    is: /(^| )ALTER TABLE .*?(^| )DROP (CONSTRAINT|PRIMARY|FOREIGN|INDEX|KEY|CHECK)( |$)/,
  },
  { risk: "delete-data", says: "empties a table", is: /(^|[^.] )TRUNCATE (?!\(\)|[=,)])/ },
  {
    risk: "delete-data",
    says: "deletes all rows of a table",
    is: new RegExp(`(?:^| )${VERB}DELETE(?: \\S+)?(?: , \\S+)* FROM(?= )${WITHOUT_WHERE}`),
    isNot: /DETACH DELETE/,
  },
  {
    risk: "delete-data",
    says: "deletes all rows of a table",
    is: new RegExp(`^DELETE (?!FROM |\\(\\))(?:\\S+ \\. )*\\S+(?= |$)(?! FROM )${WITHOUT_WHERE}`),
  },
  {
    risk: "delete-data",
    says: "changes all rows of a table",
    is: new RegExp(
      `(?:^| )${VERB}UPDATE (?:ONLY |LOW_PRIORITY |IGNORE |OR \\S+ )?(?!SET )\\S+(?: (?!SET |WHERE )\\S+)* SET${WITHOUT_WHERE}`,
    ),
  },
  {
    risk: "delete-data",
    says: "deletes the rows that its source does not have",
    is: /(^| )NOT MATCHED BY SOURCE( .*?)? THEN DELETE/,
  },
  {
    risk: "delete-data",
    says: "replaces a table, a schema or a database with all that is in it",
    is: /(^| )CREATE OR REPLACE ((TEMP|TEMPORARY|TRANSIENT|EXTERNAL|DYNAMIC) )?(TABLE|SCHEMA|DATABASE|STAGE|STREAM|PIPE|WAREHOUSE)( |$)/,
  },
  { risk: "delete-data", says: "replaces all rows of a table", is: /(^| )(INSERT|DATA) OVERWRITE( |$)/ },
  { risk: "delete-data", says: "deletes files from a stage", is: /^(REMOVE|RM) @/ },
  {
    risk: "delete-data",
    says: "deletes what matches in a graph",
    is: /(^| )(DETACH )?DELETE [A-Z]\w*( , [A-Z]\w*)*$/,
    isNot: /^(?!.*(^| )MATCH )/,
  },
  {
    risk: "delete-data",
    says: "has tables or partitions deleted by themselves later",
    is: /EXPIRATION_TIMESTAMP|PARTITION_EXPIRATION_DAYS|MAX_TIME_TRAVEL_HOURS/,
  },
  {
    risk: "delete-data",
    says: "deletes the logs that a database is restored from",
    is: /(^| )(RESET (MASTER|BINARY|REPLICA|SLAVE)|PURGE (BINARY|MASTER) LOGS)( |$)/,
  },
  { risk: "delete-data", says: "overwrites files in a stage or a bucket", is: /OVERWRITE = TRUE/ },
  {
    risk: "change-live",
    says: "gives a table or a database another name",
    is: /^ALTER (TABLE|DATABASE|SCHEMA) .*(^| )RENAME TO( |$)|^RENAME (TABLE|DATABASE|USER) /,
  },
  { risk: "change-live", says: "starts a task in a database", is: /^EXECUTE TASK( |$)/ },
  {
    risk: "change-live",
    says: "exchanges two tables",
    is: /(^| )(SWAP WITH|EXCHANGE (TABLES|PARTITION))( |$)/,
  },
  { risk: "change-live", says: "stops the database server", is: /^SHUTDOWN( |$)/ },
  {
    risk: "change-live",
    says: "ends connections of a database",
    is: /PG_TERMINATE_BACKEND|(^| )ALTER SYSTEM KILL|^KILL (QUERY |CONNECTION |HARD )?[\d'(]/,
  },
  {
    risk: "change-live",
    says: "changes settings of the whole database server",
    is: /^ALTER SYSTEM (?!KILL)|^SET (GLOBAL|PERSIST) |(^| )SP_CONFIGURE( |$)/,
  },
  {
    risk: "change-live",
    says: "stops something that runs by itself in a database",
    is: /^ALTER (PIPE|TASK|WAREHOUSE|DYNAMIC TABLE) .*(SUSPEND|PAUSE|PIPE_EXECUTION_PAUSED)/,
  },
  {
    risk: "grant-access",
    says: "gives a database user wide rights",
    is: /^GRANT (ALL|OWNERSHIP|SUPER|ROLE ACCOUNTADMIN|.* WITH (GRANT|ADMIN) OPTION)( |$)|^(ALTER|CREATE) (USER|ROLE) .*(^| )(SUPERUSER|BYPASSRLS|CREATEROLE)( |$)|SP_ADDSRVROLEMEMBER/,
  },
  { risk: "grant-access", says: "changes a database user's password", is: /^(ALTER|SET) .*PASSWORD( |$)/ },
  { risk: "change-live", says: "takes rights away from a database user", is: /^REVOKE( |$)/ },
  {
    risk: "weaken-protection",
    says: "switches a protection of a table off",
    is: /DISABLE (ROW LEVEL SECURITY|TRIGGER)|NO FORCE ROW LEVEL|(^| )FOREIGN_KEY_CHECKS = 0|PRAGMA (WRITABLE_SCHEMA|FOREIGN_KEYS) = (OFF|0|ON|1)/,
    isNot: /PRAGMA FOREIGN_KEYS = (ON|1)/,
  },
  {
    risk: "run-remote",
    says: "runs a program on the database server",
    is: /(^| )(FROM|TO) PROGRAM ''|XP_CMDSHELL|SYS_EXEC|SYS_EVAL/,
  },
];
