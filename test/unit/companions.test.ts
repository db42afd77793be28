// What lies beside the database is on one list, and every file that some part of the program puts there is on it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMPANION_FILES, COMPANION_FOLDERS, isCompanion } from "../../src/domain/companions.ts";

const SRC = join(import.meta.dirname, "../../src");
const LIST = join(SRC, "domain/companions.ts");

const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(SRC, name))
  .filter((path) => path !== LIST)
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));

/** A name that is built from that of a database, by hand: what follows it. */
const BUILT = /\$\{[^}]*(?:[dD]atabase|\breal\b|realpath)[^}]*\}(-[\w.-]+)/g;
/** A list of such endings. */
const LISTED = /"(-(?:wal|shm|journal|lock|runs|scripts|parked-key|phone\.json))"/g;

describe("what lies beside the database", () => {
  it.each([
    ["a name that is built by hand", BUILT],
    ["a list of endings", LISTED],
  ])("is named in one place: %s is found nowhere else", (_, pattern) => {
    const found = sources.flatMap(({ path, text }) =>
      [...text.matchAll(pattern)].map(([all]) => `${path.slice(SRC.length)}: ${all}`),
    );
    expect(found).toEqual([]);
  });

  it("is what the pattern would find", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    expect("const key = `${config.databasePath}-new-key`;".match(BUILT)).toHaveLength(1);
    expect('["", "-wal"]'.match(LISTED)).toHaveLength(1);
  });

  it("is named to a person, whichever it is, and nothing else is", () => {
    for (const rest of [...COMPANION_FILES, ...COMPANION_FOLDERS, "-wal.2026-11-30T04-55-01-123Z", "~"])
      expect(isCompanion(rest), rest).toBe(true);
    for (const rest of ["-copy", "x", "-walnut", "-wal.", "-runs2"])
      expect(isCompanion(rest), rest).toBe(false);
  });
});
