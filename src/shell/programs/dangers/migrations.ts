// Dangers of tools that change a database's structure: what resets it, and what goes back.
import type { Danger } from "./danger.ts";

const ALL = "deletes the whole database";
const TABLES = "deletes all tables of the database";
const BACK = "undoes changes of the database's structure, perhaps with data";
const HELP = "--help --dry-run --pretend --sql";

/** With the words that the tool has for deleting all, for all tables, and for going back. */
function tool(
  programs: string,
  words: Readonly<{ all?: RegExp; tables?: RegExp; back?: RegExp }>,
): readonly Danger[] {
  const { all, tables, back } = words;
  return [
    ...(all ? [{ risk: "delete-data" as const, says: ALL, programs, on: all, unless: HELP }] : []),
    ...(tables ? [{ risk: "delete-data" as const, says: TABLES, programs, on: tables, unless: HELP }] : []),
    ...(back ? [{ risk: "change-live" as const, says: BACK, programs, on: back, unless: HELP }] : []),
  ];
}

export const MIGRATION_DANGERS: readonly Danger[] = [
  ...tool("prisma", { all: /^migrate reset( |$)/ }),
  {
    risk: "delete-data",
    says: ALL,
    programs: "prisma",
    on: "db push",
    options: "--force-reset",
    unless: HELP,
  },
  {
    risk: "delete-data",
    says: "changes the database even where data is lost",
    programs: "prisma drizzle-kit",
    on: /^(db )?push( |$)/,
    options: "--accept-data-loss --force",
    unless: HELP,
  },
  {
    risk: "change-live",
    says: "changes what counts as done in the database's structure",
    programs: "prisma",
    on: "migrate resolve",
    unless: HELP,
  },
  ...tool("rails rake", {
    all: /(^| )db:(reset|drop|migrate:reset|purge|drop:_unsafe|test:purge)(:\S+)?( |$)/,
    tables: /(^| )db:(truncate_all|setup|schema:load|seed:replant|structure:load)(:\S+)?( |$)/,
    back: /(^| )db:(rollback|migrate:down|migrate:redo)(:\S+)?( |$)/,
  }),
  ...tool("django-admin", { tables: /^(flush|reset_db)( |$)/, back: /^migrate \S+ zero( |$)/ }),
  {
    risk: "delete-data",
    says: TABLES,
    programs: "python",
    on: /^(\S*\/)?manage\.py (flush|reset_db)( |$)/,
    unless: "--help",
  },
  {
    risk: "delete-data",
    says: ALL,
    programs: "python",
    on: /^(\S*\/)?manage\.py (reset_schema|drop_test_database)( |$)/,
    unless: "--help",
  },
  {
    risk: "change-live",
    says: BACK,
    programs: "python",
    on: /^(\S*\/)?manage\.py migrate \S+ (zero|\d{4}\w*)( |$)/,
    unless: "--help --plan",
  },
  ...tool("php artisan", {
    tables: /^(\S*artisan )?(migrate:(fresh|reset|refresh)|db:wipe)( |$)/,
    back: /^(\S*artisan )?migrate:rollback( |$)/,
  }),
  ...tool("php", {
    all: /console (doctrine:database:drop|doctrine:schema:drop|d:d:d|d:s:d)( |$)/,
    tables: /console doctrine:fixtures:load( |$)/,
  }),
  ...tool("alembic", { back: /^downgrade( |$)/ }),
  ...tool("flask aerich", { back: /^(db )?downgrade( |$)/ }),
  ...tool("knex", { all: /^migrate:reset( |$)/, back: /^migrate:(rollback|down|unlock)( |$)/ }),
  ...tool("sequelize sequelize-cli", {
    all: /^db:drop( |$)/,
    back: /^db:(migrate:undo|seed:undo)(:all)?( |$)/,
  }),
  ...tool("typeorm typeorm-ts-node-commonjs", {
    tables: /^schema:drop( |$)/,
    back: /^migration:revert( |$)/,
  }),
  {
    risk: "change-live",
    says: "makes the database fit the code, and deletes what the code does not name",
    programs: "typeorm",
    on: "schema:sync",
  },
  ...tool("mikro-orm", {
    all: /^(database:drop|schema:drop|schema:fresh|migration:fresh)( |$)/,
    back: /^migration:down( |$)/,
  }),
  ...tool("flyway", { tables: /(^| )clean( |$)/, back: /(^| )undo( |$)/ }),
  ...tool("liquibase", {
    tables: /(^| )(drop-all|dropall)( |$)/i,
    back: /(^| )(rollback|rollback-count|rollback-to-date|rollbackcount|rollbacktodate|rollback-one-changeset)( |$)/i,
  }),
  ...tool("hasura", { back: /^(migrate delete|metadata clear|metadata reset)( |$)/ }),
  ...tool("goose", { back: /(^| )(down|down-to|reset|redo)( |$)/ }),
  ...tool("migrate", { all: /(^| )drop( |$)/, back: /(^| )down( |$)/ }),
  ...tool("dbmate", { all: /^drop( |$)/, back: /^(rollback|down)( |$)/ }),
  ...tool("diesel", { all: /^database (reset|drop)( |$)/, back: /^migration (revert|redo)( |$)/ }),
  ...tool("sqlx", { all: /^database (drop|reset)( |$)/, back: /^migrate revert( |$)/ }),
  ...tool("sea-orm-cli", { tables: /^migrate (fresh|reset|refresh)( |$)/, back: /^migrate down( |$)/ }),
  ...tool("mix", { all: /^ecto\.(drop|reset)( |$)/, back: /^ecto\.rollback( |$)/ }),
  ...tool("dotnet", {
    all: /^ef database drop( |$)/,
    back: /^ef (migrations remove|database update 0)( |$)/,
  }),
  ...tool("doctrine", { all: /^(orm:schema-tool:drop|dbal:drop)( |$)/ }),
  ...tool("phinx", { back: /^rollback( |$)/ }),
  ...tool("db-migrate node-pg-migrate", { all: /^db:drop( |$)/, back: /^(down|reset)( |$)/ }),
  ...tool("sqitch", { back: /^(revert|rebase)( |$)/ }),
  ...tool("gitlab-rake", {
    all: /(^| )(gitlab:setup|db:reset|db:drop|gitlab:backup:restore)( |$)/,
  }),
  {
    risk: "delete-data",
    says: "runs code that deletes or changes records",
    programs: "rails gitlab-rails",
    on: /^(runner|r) .*(\.(destroy|delete)(_all|_by)?\b|\bdrop_|truncate|update_all)/,
  },
  {
    risk: "delete-data",
    says: "deletes all tasks that wait in a queue",
    programs: "celery",
    on: /(^| )purge( |$)/,
    unless: "--help",
  },
  {
    risk: "delete-data",
    says: "deletes stored files or repositories of GitLab",
    programs: "gitlab-rake",
    on: /(^| )gitlab:cleanup:\S+( |$)/,
    unless: HELP,
  },
  {
    risk: "change-live",
    says: BACK,
    programs: "hasura",
    on: "migrate apply",
    options: "--down",
    unless: HELP,
  },
];
