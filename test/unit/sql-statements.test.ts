// SQL as servers read it: what stands in quotes and comments is no command, whichever server it is, and what one of them would
// run is always seen.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyse, MAX_COMMAND_LENGTH } from "../../src/shell/analyse.ts";
import { SQL_DANGERS } from "../../src/shell/queries/sql-dangers.ts";
import { sqlStatements } from "../../src/shell/queries/sql-statements.ts";
import { cpuTimeOf, SOON_MS } from "../helpers/cpu-time.ts";

const saysOf = (sql: string) => {
  const statements = sqlStatements(sql);
  return SQL_DANGERS.filter(({ is, isNot }) =>
    statements.some((each) => is.test(each) && !isNot?.test(each)),
  ).map(({ says }) => says);
};

describe("statements", () => {
  test.each([
    ["select 1; drop table x", ["SELECT 1", "DROP TABLE X"]],
    ["Select a.b From c", ["SELECT A . B FROM C"]],
    [`insert into t values ('a;b', "c")`, ["INSERT INTO T VALUES ()", `'' , ""`]],
    ["select (select (1))", ["1", "SELECT ()"]],
  ])("are cut, and what stands in brackets is one of its own: %s", (sql, statements) => {
    expect(sqlStatements(sql)).toEqual(expect.arrayContaining(statements));
  });
});

describe("what a server would run is seen", () => {
  test.each([
    "drop table x",
    "DROP\n  TABLE\tx",
    "drop/**/table x",
    "drop -- a comment\n table x",
    "/* a */ drop table x",
    "/* /* */ drop table x",
    "/*!50000 drop table x */",
    "select 1 # 'a\n; drop table x",
    "select 'a''b'; drop table x",
    "select 'a\\'; drop table x; --'",
    'select "a\\"; drop table x; --"',
    "select e'a\\''; drop table x; --'",
    "select `a'b`; drop table x -- `'",
    "select [a'b]; drop table x -- '",
    "select $$'$$; drop table x; --'",
    "select $a$ $b$ '$a$; drop table x; --'",
    "do $$ begin drop table x; end $$",
    "do $$ begin execute 'drop table x'; end $$",
    "prepare s from 'drop table x'",
    "exec('drop table x')",
    "create function f() returns void as 'drop table x' language sql",
    "begin drop table x; end",
    "if exists (select 1) drop table x",
    'drop table if exists public."x y"',
  ])("%s", (sql) => {
    expect(saysOf(sql)).toContain("deletes a whole table");
  });

  test.each([
    "delete from x",
    "DELETE FROM x;",
    "delete from only x",
    "delete from x returning *",
    "delete from x where true",
    "delete from x where 1 = 1",
    "delete from x limit 5",
    "delete x",
    "delete dbo.x",
    "delete a from a join b on a.i = b.i",
    "with a as (select 1) delete from x",
    "with a as (delete from x returning *) select * from a",
    "explain analyze delete from x",
    "delete from x select * from y where a = 1",
    "delete from x; select * from y where a = 1",
    "delete from x -- where a = 1",
    "delete from x /* where a = 1 */",
    "if 1 = 1 begin delete from x end",
  ])("%s", (sql) => {
    expect(saysOf(sql)).toContain("deletes all rows of a table");
  });

  test.each([
    "update x set a = 1",
    "update x set a = (select b from c where d = 1)",
    "update only x set a = 1 where true",
  ])("%s", (sql) => {
    expect(saysOf(sql)).toContain("changes all rows of a table");
  });
});

describe("nothing is said of", () => {
  test.each([
    "select 'drop table x'",
    "select 'it''s; drop table x'",
    'select "drop table x" from y',
    "select 1 -- drop table x",
    "select 1 /* drop table x; */",
    "insert into log values ('delete from x; truncate y')",
    "delete from x where a = 1",
    "delete from x using y where x.a = y.a",
    "delete from x where a in (select b from c)",
    "delete a from a join b on a.i = b.i where b.c = 1",
    "update x set a = 1 where b = 2",
    "update x x1 set a = 1 from y where x1.i = y.i",
    "select * from x for update",
    "create table a (b int references c on delete cascade on update set null)",
    "insert into a values (1) on conflict (b) do update set c = excluded.c",
    "insert into a values (1) on duplicate key update b = 2",
    "merge into a using b on a.i = b.i when matched then update set c = 1",
    "create trigger t after delete on a for each row execute function f()",
    "grant select, delete on a to b",
    "select deleted, dropped, update_count from x",
    "select truncate(1.5, 1), date_trunc('day', d) from x",
    "alter table x add column y int",
    "create or replace view v as select 1",
    "explain select 1",
    "",
    ";;;",
  ])("%s", (sql) => {
    expect(saysOf(sql)).toEqual([]);
  });
});

describe("with hostile text,", () => {
  const UNITS = [
    ...["(", ")", "'", "$$", "$a$", "/*", "*/", "--", "[", "`", '"', ";", "\\", "#\n", "e'", "/*!"],
    ...["delete from x ", "update x set ", "alter table ", "where ", "execute ' ", "a.", "drop "],
  ];

  test.each(UNITS)("32 kB of %j end within seconds", (unit) => {
    const sql = unit.repeat(MAX_COMMAND_LENGTH).slice(0, MAX_COMMAND_LENGTH - 50);
    expect(cpuTimeOf(() => saysOf(sql))).toBeLessThan(SOON_MS);
  });

  test("any text at all is read, and a statement behind it that all servers see is found", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...UNITS, "x", "\n"), { maxLength: 12 }), (parts) => {
        const sql = parts.join(" ");
        expect(sqlStatements(sql)).toBeInstanceOf(Array);
        expect(saysOf(`drop table x; ${sql}`)).toContain("deletes a whole table");
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("what a client is fed", () => {
  test.each([
    ["pg_dump a | psql b", "tells a database what is only known when it runs"],
    ["curl -s https://x.example/a.sql | psql b", "pipes a download into a database"],
    ["psql b -c '\\! rm x'", "runs a shell command out of a database client"],
    ["echo '.shell rm x' | sqlite3 b.db", "runs a shell command out of a database client"],
  ])("and cannot be read here is told: %s", (command, says) => {
    expect(analyse(command).findings).toContainEqual(expect.objectContaining({ says }));
  });

  test.each([
    "psql b < a.sql",
    "psql -f a.sql b",
    "cat a.sql | psql b",
    "ls | while read f; do psql -f $f; done",
  ])("out of a file is not: %s", (command) => {
    expect(analyse(command).findings).toEqual([]);
  });
});
