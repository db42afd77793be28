// The bench's own arithmetic: a wrong percentile or slope would be believed.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { numberText } from "../../bench/parts/numbers.ts";
import { createScreen } from "../../bench/parts/screen.ts";
import { fitLine, percentile } from "../../bench/parts/statistics.ts";
import { commitsIn, countCommits } from "../../bench/parts/wal.ts";
import { row } from "../../bench/rows.ts";
import { flatChecks, type Sample } from "../../bench/soak/sampler.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

describe("percentiles", () => {
  it("are values that were measured, by the nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
    expect(percentile([7], 0.99)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe("the fitted line", () => {
  it("finds the slope past single points that are far off", () => {
    const points = Array.from({ length: 40 }, (_, x) => [x, 5 + 2 * x + (x % 13 === 0 ? 1_000 : 0)] as const);
    const { slope, start } = fitLine(points);
    expect(slope).toBeCloseTo(2);
    expect(start).toBeCloseTo(5);
  });

  it("is refused where there is no line", () => {
    expect(() => fitLine([[1, 2]])).toThrow(RangeError);
    expect(() =>
      fitLine([
        [1, 2],
        [1, 3],
      ]),
    ).toThrow(RangeError);
  });
});

describe("a target", () => {
  const common = { id: "x", figure: "x", what: "x", unit: "ms", value: 30 } as const;

  it("is met at its limit and missed above it", () => {
    const target = { of: "ratio", is: "at most", limit: 2 } as const;
    expect(row({ ...common, floor: 15, target })).toMatchObject({ ratio: 2, met: true });
    expect(row({ ...common, floor: 14, target })).toMatchObject({ met: false });
    expect(row({ ...common, target: { of: "value", is: "at least", limit: 31 } })).toMatchObject({
      met: false,
    });
  });

  it("of a ratio needs a floor", () => {
    const target = { of: "ratio", is: "at most", limit: 2 } as const;
    expect(() => row({ ...common, target })).toThrow("no floor");
    expect(() => row({ ...common, floor: 0, target })).toThrow("no floor");
  });
});

describe("commits", () => {
  function open() {
    const path = join(temporaryFolder(), "a.db");
    const db = new Database(path);
    onTestFinished(() => void db.close());
    db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x)");
    return { path, db };
  }

  it("are counted, however many rows or pages each has", async () => {
    const { path, db } = open();
    const insert = db.prepare("INSERT INTO t VALUES (?)");
    const count = await countCommits(path, async () => {
      insert.run("one");
      db.transaction(() => {
        for (let each = 0; each < 50; each += 1) insert.run("x".repeat(4_000));
      })();
    });
    expect(count).toBe(2);
  });

  it("of an earlier generation of the log are not", () => {
    const { path, db } = open();
    for (let each = 0; each < 5; each += 1) db.exec("INSERT INTO t VALUES (1)");
    db.exec("PRAGMA wal_checkpoint(RESTART)");
    db.exec("INSERT INTO t VALUES (2)");
    expect(commitsIn(readFileSync(`${path}-wal`))).toBe(1);
    expect(commitsIn(Buffer.alloc(0))).toBe(0);
  });
});

describe("flat", () => {
  /** @param change what each sample adds to the one before */
  const samples = (change: Partial<Sample>): Sample[] =>
    Array.from({ length: 90 }, (_, index) => {
      const grown = (key: keyof Sample, base: number) =>
        base + (change[key] ?? 0) * index + (index % 7) * base * 0.01;
      return {
        at: index * 1_000,
        requests: index * 10,
        heap: grown("heap", 40e6),
        rss: grown("rss", 120e6),
        handles: 12 + (change.handles ?? 0) * index,
        files: 30 + (change.files ?? 0) * index,
        database: index * 10_000 + (change.database ?? 0) * index * index,
        wal: change.wal ?? 50_000,
        log: index * 2_000,
      };
    });
  const missed = (all: readonly Sample[]) => flatChecks(all).flatMap(({ met, what }) => (met ? [] : [what]));

  it("is what goes up and down and does not rise", () => {
    expect(flatChecks(samples({}))).toHaveLength(7);
    expect(missed(samples({}))).toEqual([]);
  });

  it.each([
    ["heap", { heap: 60_000 }, "heap: rise of the fitted line"],
    ["handles", { handles: 1 }, "handles: rise of the fitted line"],
    ["open files", { files: 0.5 }, "open files: rise of the fitted line"],
    ["bytes a request", { database: 200 }, "database: bytes a request, second half"],
    ["the write-ahead log", { wal: 9e6 }, "write-ahead log: largest"],
  ] as const)("is not a rise of %s", (_name, change, what) => {
    expect(missed(samples(change))).toEqual([what]);
  });

  it("is not judged by a few samples", () => {
    expect(flatChecks(samples({}).slice(0, 20))).toEqual([]);
  });
});

describe("the screen", () => {
  function shown(isTTY: boolean): string {
    const chunks: string[] = [];
    const stream = { isTTY, hasColors: () => isTTY, write: (chunk: string) => chunks.push(chunk) > 0 };
    const screen = createScreen(stream as never, stream as never);
    const target = { of: "value", is: "at most", limit: 1 } as const;
    screen.table("A title", [row({ id: "x", figure: "x", what: "a thing", unit: "ms", value: 2.5, target })]);
    return chunks.join("");
  }

  it("has colours on a terminal only", () => {
    vi.stubEnv("NO_COLOR", "");
    vi.stubEnv("FORCE_COLOR", "");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(shown(false)).not.toContain("\u001b");
    expect(shown(true)).toContain("\u001b[31mmissed");
  });

  it("shows three digits", () => {
    expect([0, 0.00123, 0.5, 12.345, 123.4, 12_345.6].map(numberText)).toEqual([
      "0",
      "0.00123",
      "0.500",
      "12.3",
      "123",
      "12,346",
    ]);
  });
});
