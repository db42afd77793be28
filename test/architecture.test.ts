// The house rules that an import or a line count can break. See docs/decisions and the design's "The house".
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../src/server/system.ts";

const ROOT = packageRoot();
const MAX_LINES = 200;

/** Longer than they should be, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {
  "src/channels/twilio/error-codes.ts": "data: one entry for each of Twilio's error codes",
};

/**
 * What each room may import besides itself and packages, from the centre outwards. A new room is a line here, so that
 * it is meant; neighbours never import each other.
 */
const LOWER = ["domain", "core", "shell", "inspection", "policy"];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  core: ["domain"],
  config: ["domain"],
  shell: [],
  inspection: ["domain", "core", "shell"],
  policy: ["domain", "core", "shell"],
  doors: LOWER,
  channels: LOWER,
  simulator: LOWER,
  store: LOWER,
  "script-tools": [...LOWER],
  tunnel: LOWER,
  doctor: LOWER,
  history: LOWER,
  audit: LOWER,
  gateway: LOWER,
  tasks: LOWER,
  parked: LOWER,
  server: [
    ...LOWER,
    "config",
    "doors",
    "channels",
    "simulator",
    "store",
    "script-tools",
    "tunnel",
    "doctor",
    "history",
    "gateway",
    "tasks",
    "parked",
  ],
  cli: [
    ...LOWER,
    "config",
    "doors",
    "channels",
    "simulator",
    "store",
    "script-tools",
    "tunnel",
    "doctor",
    "history",
    "audit",
    "gateway",
    "tasks",
    "server",
  ],
};

interface Import {
  /** What the import says, e.g. `node:fs` or `../core/ports.ts`. */
  readonly from: string;
  /** The file, for a relative import: `src/core/ports.ts`. */
  readonly file?: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

interface Source {
  readonly path: string;
  /** The folder below src, or the root of src: `domain`, `core`, `doors`, `.`. */
  readonly room: string;
  readonly lines: number;
  readonly code: string;
  readonly imports: readonly Import[];
}

const STATIC = /^(?:import|export)\s+(type\s)?(?:[^;"'`]*?\sfrom\s+)?["']([^"']+)["']/gm;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(["'`]?)([^"'`)]*)\1/g;

function readImports(path: string, code: string): Import[] {
  const found = (from: string, typeOnly: boolean, dynamic: boolean): Import => ({
    from,
    typeOnly,
    dynamic,
    ...(from.startsWith(".") ? { file: relative(ROOT, resolve(ROOT, dirname(path), from)) } : {}),
  });
  return [
    ...[...code.matchAll(STATIC)].map(([, type, from = ""]) => found(from, type !== undefined, false)),
    ...[...code.matchAll(DYNAMIC)].map(([, , from = ""]) => found(from, false, true)),
  ];
}

function readSources(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(ROOT, path), "utf8");
      const code = withoutComments(text);
      const [room = ".", ...rest] = name.split("/");
      const imports = readImports(path, code);
      return {
        path,
        room: rest.length === 0 ? "." : room,
        lines: text.trimEnd().split("\n").length,
        code,
        imports,
      };
    });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const src = readSources("src");
const scripts = readSources("scripts");
const all = [...src, ...scripts];
const rooms = [...new Set(src.map(({ room }) => room))].filter((room) => room !== ".");

const roomOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1] ?? ".";

/** Every import that breaks a rule, as text that names both ends. */
function offences(
  sources: readonly Source[],
  isAllowed: (entry: Import, source: Source) => boolean,
): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((entry) => !isAllowed(entry, source))
      .map(({ from }) => `${source.path} imports ${from}`),
  );
}

/** Every line of code that matches, as `file: line`. */
function uses(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, code }) =>
    code
      .split("\n")
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
}

const inRoom = (room: string) => src.filter((source) => source.room === room);

describe("this test", () => {
  it("sees the files and their imports in every form", () => {
    expect(src.length).toBeGreaterThan(40);
    expect(scripts.length).toBeGreaterThan(0);
    expect([...rooms].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
    const doors = inRoom("doors").map(({ path }) => path.split("/")[2]);
    expect(doors).toEqual(expect.arrayContaining(["mcp", "control"]));
    const code = [
      'import { a,\n  b } from "./x.ts";',
      'import type { C } from "../core/ports.ts";',
      'import "node:fs";',
      'export * from "zod";',
      'export { d } from "./y.ts";',
      'const e = await import("@ngrok/ngrok");',
      'const text = "import nothing";',
    ].join("\n");
    expect(readImports("src/store/z.ts", code)).toEqual([
      { from: "./x.ts", file: "src/store/x.ts", typeOnly: false, dynamic: false },
      { from: "../core/ports.ts", file: "src/core/ports.ts", typeOnly: true, dynamic: false },
      { from: "node:fs", typeOnly: false, dynamic: false },
      { from: "zod", typeOnly: false, dynamic: false },
      { from: "./y.ts", file: "src/store/y.ts", typeOnly: false, dynamic: false },
      { from: "@ngrok/ngrok", typeOnly: false, dynamic: true },
    ]);
  });

  it("finds no import that it cannot read", () => {
    expect(offences(all, ({ from }) => from !== "" && !from.includes("$"))).toEqual([]);
    const counted = all.map(({ imports }) => imports.filter(({ dynamic }) => !dynamic).length);
    const fromLines = all.map(
      ({ code }) => [...code.matchAll(/\sfrom\s+["'][^"']+["'];|^import ["']/gm)].length,
    );
    expect(counted).toEqual(fromLines);
  });
});

describe("imports", () => {
  it("of the domain name no package and nothing of node", () => {
    expect(inRoom("domain").length).toBeGreaterThan(0);
    expect(offences(inRoom("domain"), ({ file }) => file !== undefined)).toEqual([]);
  });

  it("of the core name no package but node:crypto", () => {
    expect(inRoom("core").length).toBeGreaterThan(0);
    expect(
      offences(inRoom("core"), ({ from, file }) => from === "node:crypto" || file !== undefined),
    ).toEqual([]);
  });

  it.each(Object.keys(MAY_IMPORT))("of %s reach only the rooms below it", (room) => {
    const below = [room, ...(MAY_IMPORT[room] ?? [])];
    expect(offences(inRoom(room), ({ file }) => file === undefined || below.includes(roomOf(file)))).toEqual(
      [],
    );
  });

  it("of a room are never of a loose file: src holds main.ts and folders", () => {
    expect(inRoom(".").map(({ path }) => path)).toEqual(["src/main.ts"]);
  });

  it("of one door never reach another door", () => {
    // held/ is no door: what several doors hold for callers that come back. It reaches none itself.
    const doorOf = (path: string) => /^src\/doors\/(?!held\/)([^/]+)\//.exec(path)?.[1];
    const isAllowed = ({ file = "" }: Import, { path }: Source) =>
      doorOf(file) === undefined || doorOf(file) === doorOf(path);
    expect(offences(inRoom("doors"), isAllowed)).toEqual([]);
  });

  it("of src never reach scripts, tests or what was built", () => {
    expect(offences(src, ({ file }) => file === undefined || file.startsWith("src/"))).toEqual([]);
  });

  it("never go in a circle, types included", () => {
    const next = new Map(
      all.map(({ path, imports }) => [
        path,
        imports.flatMap(({ file }) => (file === undefined ? [] : [file])),
      ]),
    );
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      if (done.has(path) || trail.includes(path)) return;
      for (const file of next.get(path) ?? []) walk(file, [...trail, path]);
      done.add(path);
    };
    for (const path of next.keys()) walk(path, []);
    expect(circles).toEqual([]);
  });
});

describe("packages with a single home", () => {
  it("better-sqlite3 is imported in src/store only", () => {
    const importers = all.filter(({ imports }) => imports.some(({ from }) => from === "better-sqlite3"));
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.map(({ path }) => path).filter((path) => !/^src\/store\/[^/]+\.ts$/.test(path))).toEqual(
      [],
    );
    const drivers = importers.filter(({ imports }) =>
      imports.some(({ from, typeOnly }) => from === "better-sqlite3" && !typeOnly),
    );
    expect(drivers).toHaveLength(1);
  });

  it("@ngrok/ngrok is loaded in src/tunnel only, and only when it is used", () => {
    const imports = all.flatMap(({ path, imports }) =>
      imports.filter(({ from }) => from.startsWith("@ngrok/")).map((entry) => ({ path, ...entry })),
    );
    expect(imports.length).toBeGreaterThan(0);
    for (const { path, dynamic, typeOnly } of imports) {
      expect(path).toMatch(/^src\/tunnel\//);
      expect(dynamic || typeOnly).toBe(true);
    }
  });

  it("twilio is imported where Twilio is known: in src/channels/twilio, and by its simulator", () => {
    const isAllowed = ({ from }: Import, { path }: Source) =>
      !/^twilio(\/|$)/.test(from) || /^src\/(channels\/twilio|simulator)\//.test(path);
    expect(offences(all, isAllowed)).toEqual([]);
  });

  it.each([
    ["@secretlint/", "src/inspection/"],
    ["unbash", "src/shell/"],
  ])("%s is imported in %s only", (name, home) => {
    const importers = all.filter(({ imports }) => imports.some(({ from }) => from.startsWith(name)));
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.map(({ path }) => path).filter((path) => !path.startsWith(home))).toEqual([]);
  });

  it("dotenv reads the environment's file at the roots and in env-file.ts only", () => {
    const isAllowed = ({ from }: Import, { path }: Source) =>
      from !== "dotenv" ||
      ["src/main.ts", "src/config/env-file.ts"].includes(path) ||
      path.startsWith("scripts/");
    expect(offences(all, isAllowed)).toEqual([]);
  });
});

describe("the process", () => {
  const isRootOfProgram = ({ path }: Source) => path === "src/main.ts" || path.startsWith("scripts/");
  const others = all.filter((source) => !isRootOfProgram(source));

  it("is read, ended and listened to by src/main.ts and scripts only", () => {
    const touching =
      /\bprocess\s*\.\s*(env|exit|exitCode|argv|on|once|kill|abort|chdir)\b|from "node:process"/;
    expect(uses(others, touching)).toEqual([]);
    expect(uses(all, touching)).not.toEqual([]);
  });

  it("prints through what it is given: no console anywhere", () => {
    expect(uses(all, /\bconsole\s*(?:\.\s*(?:log|error|warn|info|debug|trace|table|dir|time)\b|\[)/)).toEqual(
      [],
    );
  });

  it("is not touched by importing a file: no timer and no listener at the top of one", () => {
    expect(uses(others, /^(?:setTimeout|setInterval|setImmediate|void |await )/)).toEqual([]);
  });
});

describe("time limits", () => {
  it("come from core/timing.ts: AbortSignal.any forgets a time-out on Node 20", () => {
    expect(uses(all, /\bAbortSignal\s*\.\s*any\b/)).toEqual([]);
    expect(uses(all, /\bPromise\s*\.\s*race\b/)).toEqual([expect.stringMatching(/^src\/core\/timing\.ts: /)]);
  });
});

describe("size", () => {
  it(`no file has more than ${MAX_LINES} lines without a reason`, () => {
    const long = all.filter(({ lines, path }) => lines > MAX_LINES && LONG_FILES[path] === undefined);
    expect(long.map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([]);
  });

  it("no reason is kept for a file that needs none", () => {
    const long = all.filter(({ lines }) => lines > MAX_LINES).map(({ path }) => path);
    expect(long).toEqual(expect.arrayContaining(Object.keys(LONG_FILES)));
  });
});

describe("tests", () => {
  it("that put something in a module's place have a process of their own", () => {
    const files = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts") && !file.startsWith("e2e"))
      .map((file) => join("test", file));
    const replacing = files.filter((file) =>
      /\bvi\.(doMock|mock)\(/.test(readFileSync(join(ROOT, file), "utf8")),
    );
    const config = readFileSync(join(ROOT, "vitest.config.ts"), "utf8");
    const named = [...config.matchAll(/"(test\/\w+\/[\w-]+\.test\.ts)"/g)].map(([, file]) => file);
    expect(named.toSorted()).toEqual(replacing.toSorted());
  });
});

describe("names", () => {
  it("of types stand for one type each", () => {
    const declared = all.flatMap(({ path, code }) =>
      [...code.matchAll(/^(?:export )?(?:interface|type|class) (\w+)/gm)].map(([, name = ""]) => ({
        name,
        path,
      })),
    );
    expect(declared.length).toBeGreaterThan(200);
    const twice = declared.filter(
      ({ name }, at) => declared.findIndex((other) => other.name === name) !== at,
    );
    expect(twice.map(({ name, path }) => `${name} again in ${path}`)).toEqual([]);
  });
});

describe("files", () => {
  it("open with what they are for", () => {
    const silent = all.filter(({ path }) => !readFileSync(join(ROOT, path), "utf8").startsWith("// "));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it("are named in kebab-case", () => {
    expect(all.map(({ path }) => path).filter((path) => !/^[a-z0-9/-]+\.ts$/.test(path))).toEqual([]);
  });
});
