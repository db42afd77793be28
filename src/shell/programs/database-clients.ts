// Clients of databases, tools for their copies, and tools that change their structure. From their manual pages: a short option
// that is missing here would make its value the name of a database.
import type { Program } from "./program.ts";

const POSTGRES =
  "-d -f -h -p -U -v -F -P -R -T -o -L -c --command --dbname --file --host --port --username --set --variable --output --pset";
const MYSQL =
  "-h -u -P -D -S -e --host --user --port --database --socket --execute --init-command --defaults-file --defaults-extra-file --default-character-set --protocol --ssl-ca --ssl-mode --ssl-cert --ssl-key --sql -f --file";
const MONGO =
  "--host --port --db -d -c --collection -u --username -p --password --authenticationDatabase --eval --uri --authenticationMechanism --tlsCAFile --tlsCertificateKeyFile --nsInclude --nsExclude --archive --dir -o --out --apiVersion";

export const DATABASE_CLIENTS: readonly Program[] = [
  { names: "psql ysqlsh usql", valued: POSTGRES },
  {
    names: "dropdb dropuser createdb createuser reindexdb vacuumdb clusterdb",
    valued: "-h -p -U -d -D -O -E -T --host --port --username --maintenance-db",
  },
  {
    names: "pg_dump pg_dumpall pg_restore",
    valued:
      "-d -f -F -h -p -U -j -n -N -t -T -Z -E -S --dbname --file --format --host --port --username --jobs --schema --table",
  },
  {
    names: "pg_ctl pg_ctlcluster pg_resetwal initdb",
    valued: "-D -l -m -o -p -t --pgdata --log --mode --options --timeout",
  },
  { names: "mysql mariadb mysqlsh", valued: MYSQL, attached: "-p" },
  {
    names: "mysqladmin mariadb-admin mysqldump mariadb-dump",
    valued: `${MYSQL} -i -c -r`.replace(" -e ", " ").replace(" -f ", " "),
    attached: "-p",
  },
  {
    names: "mycli litecli",
    valued: "-h -u -P -D -S -e --host --user --port --database --execute -l -R",
    attached: "-p",
  },
  { names: "pgcli", valued: "-h -p -U -u -d -D --host --port --username --user --dbname" },
  {
    names: "sqlite3 sqlite sqlcipher",
    valued: "-cmd -init -separator -newline -nullvalue -vfs -mmap -maxsize -lookaside -pagecache",
  },
  { names: "duckdb", valued: "-cmd -init -separator -newline -nullvalue -c -s -f" },
  {
    names: "sqlcmd osql tsql isql",
    valued: "-S -U -P -d -i -o -Q -q -H -D -s -v -h -w -t -l -p --query --server --user-name",
  },
  { names: "bcp", valued: "-S -U -P -d -T" },
  {
    names: "snowsql snow",
    valued:
      "-a -u -d -s -r -w -q -f -o -c -D --query --filename --connection --database --schema --warehouse --role --account --user",
  },
  {
    names: "clickhouse-client clickhouse-local clickhouse",
    valued:
      "-h --host --port -u --user --password -q --query -d --database --queries-file -f --format -C --config-file",
  },
  {
    names: "cockroach",
    valued: "-e --execute --url --host -u --user -d --database --certs-dir -p --port --decommission",
  },
  {
    names: "cqlsh ycqlsh",
    valued: "-e --execute -f --file -u --username -p --password -k --keyspace --cqlshrc",
  },
  {
    names: "trino presto trino-cli presto-cli",
    valued: "--server --catalog --schema --execute --user -f --file --output-format",
  },
  {
    names: "hive beeline spark-sql impala-shell",
    valued: "-e -f -u -n -p -i -q -d --database --hiveconf --hivevar --query --conf --master",
  },
  {
    names: "cypher-shell",
    valued: "-a --address -u --username -p --password -d --database --format -f --file -P --param",
  },
  {
    names: "influx influxd",
    valued:
      "-host -port -username -password -database -execute -format --host --org -o --token -t --bucket -b -n --name --start --stop -p --predicate",
  },
  {
    names: "mongosh mongo mongodump mongorestore mongoimport mongoexport arangosh",
    valued: `${MONGO} --javascript.execute-string --server.endpoint`,
  },
  {
    names: "redis-cli valkey-cli keydb-cli iredis",
    valued:
      "-h -p -s -a -u -r -i -n -d -x-option --user --pass --cacert --cert --key --sni --pattern --cluster-option -t --host --port",
  },
  {
    names: "etcdctl etcdutl",
    valued:
      "--endpoints --cacert --cert --key --user --password --command-timeout --dial-timeout -w --write-out",
  },
  {
    names: "turso pscale neonctl neon xata atlas mongocli cosmos tidb-cloud ticloud",
    valued:
      "--org --config --context --context-file --project-id --api-key --output -o --database --branch -P --profile --url -u --dir --env --config-file --projectId --org-id --dev-url",
  },
  { names: "prisma", valued: "--schema --config --url --file --name --from --to --applied --rolled-back" },
  { names: "rails rake", valued: "-e --environment -f --rakefile" },
  {
    names:
      "artisan django-admin alembic flask knex sequelize sequelize-cli typeorm typeorm-ts-node-commonjs mikro-orm drizzle-kit flyway liquibase hasura goose migrate dbmate diesel mix sqlx sea-orm-cli refinery atlas-cli phinx doctrine ecto db-migrate node-pg-migrate umzug aerich tortoise yoyo sqitch bytebase",
    valued:
      "-c --config -n --name -x --env -e --settings --pythonpath --database --url -u --schemas --changelog-file --changeLogFile --database-name --admin-secret --endpoint --project -path -database -dir -d --dataSource --knexfile --cwd --database-url --configFiles --migrations-dir -m --source -source",
  },
];
