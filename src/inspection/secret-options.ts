// Options and operands of programs that hold a password or a token although their name does not say so. From the programs'
// manual pages. Names that say so themselves, `--password` or `--api-key`, need no row: secret-names.ts reads them.

export interface SecretPlace {
  /** Base names, separated by spaces. */
  readonly programs: string;
  /** Options whose value it is. */
  readonly options?: string;
  /** Whether the value may also be a part of the option's word, `-pVALUE`, or is only ever there. */
  readonly attached?: "also" | "only";
  /** What stands between a name, which stays readable, and the secret. */
  readonly behind?: string;
  /** Only with one of these words in front of it. */
  readonly after?: string;
  /** The operand that follows these words, the last ones in front of it; `*` stands for any. */
  readonly operand?: string;
}

/** Any other setting may name a program or a folder. */
const NPM_SETTINGS = ["authToken", "auth", "password", "Token", "token"].map((end) => `config set *${end}`);

/**
 * Options that look as if a secret came next, and take none: what follows is an operand, or the name of something. Only a
 * value in the same word, behind `=`, is one.
 */
export const NO_VALUE: readonly { readonly programs: string; readonly options: string }[] = [
  {
    programs:
      "psql createdb dropdb createuser dropuser pg_dump pg_dumpall pg_restore pg_basebackup vacuumdb reindexdb clusterdb " +
      "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlpump mariadb mariadb-dump mariadb-admin",
    options: "--password",
  },
  { programs: "aws", options: "--secret-id" },
];

export const SECRET_PLACES: readonly SecretPlace[] = [
  {
    programs: "curl curlie",
    options: "-u --user -U --proxy-user --user-agent-auth",
    behind: ":",
    attached: "also",
  },
  { programs: "http https xh", options: "-a --auth", behind: ":" },
  { programs: "lftp", options: "-u --user", behind: ",", attached: "also" },
  { programs: "smbclient rpcclient net", options: "-U --user", behind: "%", attached: "also" },
  { programs: "skopeo buildah podman crane", options: "--creds --src-creds --dest-creds", behind: ":" },
  {
    programs:
      "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlpump mariadb mariadb-dump mycli mysqlsh xtrabackup",
    options: "-p",
    attached: "only",
  },
  { programs: "7z 7za 7zr", options: "-p", attached: "only" },
  { programs: "sshpass", options: "-p", attached: "also" },
  { programs: "redis-cli valkey-cli keydb-cli", options: "-a --pass" },
  {
    programs: "mongo mongosh mongodump mongorestore mongoexport mongoimport",
    options: "-p",
    attached: "also",
  },
  {
    programs: "docker podman nerdctl buildah skopeo oras helm crane az oc cf",
    options: "-p",
    after: "login",
    attached: "also",
  },
  {
    programs: "ldapsearch ldapadd ldapmodify ldapdelete ldappasswd ldapwhoami",
    options: "-w",
    attached: "also",
  },
  { programs: "ldappasswd", options: "-s", attached: "also" },
  { programs: "sqlcmd bcp mosquitto_pub mosquitto_sub zip unzip ipmitool", options: "-P", attached: "also" },
  { programs: "cqlsh twine rabbitmqadmin", options: "-p --pass" },
  { programs: "nodetool", options: "-pw" },
  { programs: "doctl", options: "-t", after: "auth init" },
  { programs: "vercel now", options: "-t" },
  { programs: "openssl", options: "-pass -passin -passout", behind: "pass:" },
  { programs: "openssl", options: "-k -K -hmac" },
  { programs: "gem", options: "-k --key", after: "push" },
  { programs: "dotnet nuget", options: "-k", after: "push" },
  {
    programs: "security",
    options: "-w -p",
    after: "add-generic-password add-internet-password unlock-keychain",
  },
  { programs: "gh", options: "-b --body", after: "secret" },
  { programs: "vault", operand: "login" },
  { programs: "cargo", operand: "login" },
  { programs: "snyk", operand: "auth" },
  { programs: "wandb", operand: "login" },
  { programs: "ngrok", operand: "authtoken" },
  { programs: "ngrok", operand: "config add-authtoken" },
  { programs: "rclone", operand: "obscure" },
  { programs: "aws", operand: "configure set aws_secret_access_key" },
  { programs: "aws", operand: "configure set aws_session_token" },
  { programs: "aws", operand: "configure set aws_access_key_id" },
  { programs: "poetry", operand: "config pypi-token.pypi" },
  { programs: "poetry", operand: "config http-basic.* *" },
  { programs: "composer", operand: "config github-oauth.github.com" },
  { programs: "composer", operand: "config --global github-oauth.github.com" },
  ...NPM_SETTINGS.map((operand) => ({ programs: "npm pnpm yarn", operand })),
  { programs: "git", operand: "config *token" },
  { programs: "git", operand: "config --global *token" },
  { programs: "htpasswd", operand: "-bc * *" },
  { programs: "htpasswd", operand: "-b * *" },
];
