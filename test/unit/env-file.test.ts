import { lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "dotenv";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergeEnv, readEnvFile, writeEnvFile } from "../../src/config/env-file.ts";
import { ConfigError } from "../../src/domain/errors.ts";

describe("merging settings into the text of a .env file", () => {
  it("replaces a value in place and keeps everything else as it was", () => {
    const before = "# my settings\n\nA=1\n  export B = 'old value'  # why\nC=3\n???\n";
    expect(mergeEnv(before, { B: "new" })).toBe("# my settings\n\nA=1\n  export B = new  # why\nC=3\n???\n");
  });

  it("appends what is missing, also after a last line without an end", () => {
    expect(mergeEnv("A=1", { B: "2", C: "3" })).toBe("A=1\nB=2\nC=3\n");
    expect(mergeEnv("", { B: "2" })).toBe("B=2\n");
  });

  it("leaves a commented-out assignment alone", () => {
    expect(mergeEnv("# B=1\n#B=1\n", { B: "2" })).toBe("# B=1\n#B=1\nB=2\n");
  });

  it("keeps Windows line endings", () => {
    expect(mergeEnv("A=1\r\nB=2\r\n", { A: "x", C: "3" })).toBe("A=x\r\nB=2\r\nC=3\r\n");
  });

  it("fills an empty assignment without touching the next line", () => {
    expect(mergeEnv("A=\nB=2\n", { A: "1" })).toBe("A=1\nB=2\n");
    expect(mergeEnv("A=\n'B'\n", { C: "1" })).toBe("A=\n'B'\nC=1\n");
  });

  it("replaces a quoted value of several lines, and is not misled by an assignment inside it", () => {
    const before = "KEY='first\nA=inside\nlast'\nA=1\n";
    expect(mergeEnv(before, { A: "2" })).toBe("KEY='first\nA=inside\nlast'\nA=2\n");
    expect(mergeEnv(before, { KEY: "short" })).toBe("KEY=short\nA=1\n");
  });

  it("replaces every assignment of a key that is there twice", () => {
    expect(parse(mergeEnv("A=1\nB=2\nA=3\n", { A: "4" }))).toEqual({ A: "4", B: "2" });
  });

  it("does not take one key for another that contains it", () => {
    expect(mergeEnv("XA=1\nA_B=2\n", { A: "3" })).toBe("XA=1\nA_B=2\nA=3\n");
  });

  it.each([
    ["HX0123", "K=HX0123\n"],
    ["", "K=\n"],
    ["two words", "K='two words'\n"],
    ["a#b", "K='a#b'\n"],
    ["it's", 'K="it\'s"\n'],
    ["$& $1 $$", "K='$& $1 $$'\n"],
    ["a\\nb's", "K=`a\\nb's`\n"],
  ])("writes %j so that it reads back", (value, text) => {
    expect(mergeEnv("", { K: value })).toBe(text);
    expect(mergeEnv("K=old\n", { K: value })).toBe(text);
  });

  it.each(["a\nb", "a\rb", "a\0b"])("refuses %j, without repeating it", (value) => {
    expect(() => mergeEnv("", { TOKEN: `s3cret${value}` })).toThrow(ConfigError);
    expect(() => mergeEnv("", { TOKEN: `s3cret${value}` })).not.toThrow(/s3cret/);
  });

  it.each(["", "A B", "A=B", "#A", "1A", "A\n"])("refuses the key %j", (key) => {
    expect(() => mergeEnv("", { [key]: "1" })).toThrow(ConfigError);
  });

  it("is read back by dotenv with every other setting unchanged, whatever file and value", () => {
    const key = fc.constantFrom("A", "B", "LONG_NAME", "x9");
    const word = fc.stringMatching(/^[\w #'"`\\$=:{}é✅-]{0,12}$/);
    const line = fc.oneof(
      fc.tuple(key, word).map(([name, value]) => `${name}=${value}`),
      fc.tuple(key, word).map(([name, value]) => `export ${name} = '${value}' # why`),
      fc.tuple(key, word).map(([name, value]) => `${name}="${value}`),
      word.map((text) => `# ${text}`),
      word,
    );
    const file = fc
      .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
      .map(([lines, end, last]) => lines.join(end) + (last ? end : ""));
    let written = 0;
    fc.assert(
      fc.property(file, key, fc.oneof(word, fc.string({ unit: "binary" })), (text, name, value) => {
        let merged: string;
        try {
          merged = mergeEnv(text, { [name]: value });
        } catch (error) {
          // What no spelling can express is refused; nothing is ever written wrong.
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        written += 1;
        expect(parse(merged)).toEqual({ ...parse(text), [name]: value });
      }),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(300);
  });

  it("takes every one-line value of printable characters with at most one kind of quote", () => {
    const value = fc.stringMatching(/^[ -!#-[\]-_a-~é✅]{0,40}$/);
    fc.assert(
      fc.property(value, (text) => {
        expect(parse(mergeEnv("A=1\n", { K: text }))).toEqual({ A: "1", K: text });
      }),
    );
  });
});

describe("a .env file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "env-file-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is created readable by its owner only", async () => {
    const path = join(folder, ".env");
    await writeEnvFile(path, { A: "1" });
    expect(await readFile(path, "utf8")).toBe("A=1\n");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("is closed to others when it was open before, with its other lines kept", async () => {
    const path = join(folder, ".env");
    await writeFile(path, "# mine\nTOKEN=abc\n", { mode: 0o644 });
    await writeEnvFile(path, { A: "1" });
    expect(await readFile(path, "utf8")).toBe("# mine\nTOKEN=abc\nA=1\n");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("stays a link when it is one", async () => {
    await writeFile(join(folder, "real"), "A=1\n");
    await symlink(join(folder, "real"), join(folder, ".env"));
    await writeEnvFile(join(folder, ".env"), { A: "2" });
    expect(await readFile(join(folder, "real"), "utf8")).toBe("A=2\n");
  });

  it("that is a link to a file that is not there is not read as empty, nor written", async () => {
    const path = join(folder, ".env");
    await symlink(join(folder, "gone", "real"), path);
    await expect(readEnvFile(path)).rejects.toThrow("a link to a file that is not there");
    await expect(writeEnvFile(path, { A: "1" })).rejects.toThrow("a link to a file that is not there");
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });

  it("holds nothing when it is not there, and any other failure is told", async () => {
    expect(await readEnvFile(join(folder, ".env"))).toEqual({});
    await expect(readEnvFile(folder)).rejects.toThrow(/EISDIR/);
    await expect(writeEnvFile(folder, { A: "1" })).rejects.toThrow(/EISDIR/);
  });
});
