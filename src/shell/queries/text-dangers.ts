// Dangers of what is said to databases and is no SQL: commands of a client to itself, MongoDB's shell, Redis. Each row is tried
// on the whole text. In front of a command there is only room within its line: with `\s*` every empty line is tried with all
// those behind it.
import type { QueryDanger } from "./sql-dangers.ts";

const EMPTY = "\\s*(?:\\(|\\(\\s*\\{\\s*\\}\\s*)";

/** `\! rm x`, `.shell rm x`, `\o |rm x`, at the start of a line or behind a statement. */
export const CLIENT_DANGERS: readonly QueryDanger[] = [
  {
    risk: "code-from-text",
    says: "runs a shell command out of a database client",
    is: /(^|[\n;])[^\S\n\r\u2028\u2029]*(\\!|\.(shell|system|once\s+\||output\s+\|)\s*\S|\\(o|g|gx|w)\s*\||system\s+\S|!!?\w)/i,
  },
  {
    risk: "delete-data",
    says: "replaces what a database holds by a copy of another",
    is: /(^|[\n;])[^\S\n\r\u2028\u2029]*\.restore\s/,
  },
];

export const MONGO_DANGERS: readonly QueryDanger[] = [
  { risk: "delete-data", says: "deletes a whole database", is: /\bdropDatabase\b/ },
  {
    risk: "delete-data",
    says: "deletes a whole collection",
    is: /\.drop\s*\(|\[\s*["'](drop|deleteMany|remove)["']\s*\]|\bdropCollection\b|\bdrop\s*["']?\s*:/,
  },
  {
    risk: "delete-data",
    says: "deletes all documents of a collection",
    is: new RegExp(`\\.(remove|deleteMany)${EMPTY}\\s*[,)]`),
  },
  {
    risk: "delete-data",
    says: "changes all documents of a collection",
    is: /\.(updateMany|update)\s*\(\s*\{\s*\}\s*,/,
  },
  { risk: "delete-data", says: "deletes the indexes of a collection", is: /\.dropIndex(es)?\s*\(/ },
  { risk: "delete-data", says: "replaces a whole collection with a result", is: /\$out\b/ },
  {
    risk: "delete-data",
    says: "deletes a database user or role",
    is: /\.(dropUser|dropAllUsers|dropRole|dropAllRoles)\s*\(/,
  },
  { risk: "change-live", says: "stops the database server", is: /\bshutdownServer\b|\bshutdown["']?\s*:/ },
  {
    risk: "change-live",
    says: "changes the servers that a database runs on",
    is: /\brs\.(remove|reconfig|stepDown|freeze)\s*\(|\bsh\.removeShard|removeShard/,
  },
  {
    risk: "grant-access",
    says: "gives a database user rights",
    is: /\.(createUser|grantRolesToUser|updateUser)\s*\(/,
  },
];

/** Tried without regard to case, on the words of a command, or on every line of a text. */
export const REDIS_DANGERS: readonly QueryDanger[] = [
  { risk: "delete-data", says: "deletes all keys of all Redis databases", is: /\bflushall\b/i },
  { risk: "delete-data", says: "deletes all keys of a Redis database", is: /\bflushdb\b/i },
  {
    risk: "delete-data",
    says: "deletes keys of a Redis database",
    is: /^[^\S\n\r\u2028\u2029]*(del|unlink|getdel|hdel|ltrim)\b/im,
  },
  { risk: "delete-data", says: "exchanges two Redis databases", is: /^[^\S\n\r\u2028\u2029]*swapdb\b/im },
  {
    risk: "delete-data",
    says: "deletes indexes, scripts or functions on a Redis server",
    is: /^[^\S\n\r\u2028\u2029]*(ft\.drop(index)?|script flush|function (flush|delete))\b/im,
  },
  { risk: "change-live", says: "stops the Redis server", is: /^[^\S\n\r\u2028\u2029]*shutdown\b/im },
  {
    risk: "change-live",
    says: "crashes or blocks the Redis server",
    is: /^[^\S\n\r\u2028\u2029]*debug (segfault|sleep|panic|crash|oom|restart|reload|loadaof|set-active-expire)/im,
  },
  {
    risk: "change-live",
    says: "changes settings of the Redis server",
    is: /^[^\S\n\r\u2028\u2029]*config (set|rewrite|resetstat)\b/im,
  },
  {
    risk: "change-live",
    says: "changes which Redis servers hold the data",
    is: /^[^\S\n\r\u2028\u2029]*((slaveof|replicaof|failover)\b|cluster (reset|forget|failover|delslots|flushslots|replicate|setslot|addslots))/im,
  },
  {
    risk: "change-live",
    says: "ends connections to a Redis server",
    is: /^[^\S\n\r\u2028\u2029]*client (kill|pause)\b/im,
  },
  {
    risk: "grant-access",
    says: "changes who may use a Redis server",
    is: /^[^\S\n\r\u2028\u2029]*acl (setuser|deluser|load)\b/im,
  },
  { risk: "run-remote", says: "loads code into a Redis server", is: /^[^\S\n\r\u2028\u2029]*module load/im },
];
