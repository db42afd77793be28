// What programs load before they are asked for anything, as they are built: what is brought back by accident costs each start, and
// memory for as long as the server waits.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import { startServer } from "../helpers/server-process.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const ROOT = packageRoot();
const RECORD = pathToFileURL(join(import.meta.dirname, "..", "helpers", "record-modules.mjs")).href;

/** Loaded when it is first used: by what, and what of it an idle server has all the same. */
const LATE: readonly { readonly what: RegExp; readonly but?: RegExp; readonly usedBy: string }[] = [
  { what: /node_modules\/twilio\//, but: /lib\/webhooks\/|package\.json/, usedBy: "a call to Twilio" },
  {
    what: /node_modules\/(axios|jsonwebtoken|semver|xmlbuilder|https-proxy-agent)\//,
    usedBy: "Twilio's SDK",
  },
  { what: /node_modules\/@modelcontextprotocol\//, usedBy: "an MCP client" },
  { what: /src\/doors\/mcp\/(mcp-door|sse-door|prompts\/|tools\/)/, usedBy: "an MCP client" },
  { what: /node_modules\/(unbash|@secretlint)/, usedBy: "a request" },
  { what: /src\/(shell|inspection)\//, but: /shell\/real-path\.js/, usedBy: "a request" },
  { what: /src\/policy\/(compile|decide|command-rule|draft\/)/, usedBy: "a policy" },
  { what: /node_modules\/(@opentelemetry|bintrees|tdigest)\//, usedBy: "GET /metrics" },
  { what: /rate-limiter-flexible\/.*(Redis|Mongo|SQL|Prisma|Valkey)/, usedBy: "nothing" },
  { what: /src\/gateway\/(gateway|connection|upstream)\.js/, usedBy: "gateway.json" },
  { what: /src\/(parked|tasks)\/(create-parked|runner|sessions)\.js/, usedBy: "tasks and parked requests" },
  {
    what: /src\/cli\/(setup\/setup|doctor|demo|stdio)/,
    but: /row\.js|-options\.js/,
    usedBy: "another command",
  },
];

function modulesIn(file: string): string[] {
  return [...new Set(readFileSync(file, "utf8").split("\n"))].filter((url) => url.startsWith("file:"));
}

function broughtBack(modules: readonly string[]): string[] {
  return LATE.flatMap(({ what, but, usedBy }) =>
    modules
      .filter((url) => what.test(url) && but?.test(url) !== true)
      .map((url) => `${url.slice(url.indexOf(ROOT) + ROOT.length)}: only for ${usedBy}`),
  );
}

async function idleServer(
  env: Readonly<Record<string, string>> = {},
  through?: () => readonly string[],
): Promise<string[]> {
  const dir = temporaryFolder();
  const file = join(dir, "modules");
  const recording = { NODE_OPTIONS: `--import ${RECORD}`, MODULES_FILE: file };
  const server = await startServer({ dir, env: { ...env, ...recording }, ...(through && { through }) });
  onTestFinished(() => server.kill());
  expect(await server.stop()).toBe(0);
  return modulesIn(file);
}

describe("an idle server", () => {
  it("has loaded nothing that only a request, a client or a policy needs", async () => {
    const modules = await idleServer();
    // It is seen at all: what is always there.
    for (const name of ["src/server/create-server.js", "node_modules/express/index.js", "lib/counter.js"])
      expect(modules.some((url) => url.endsWith(name))).toBe(true);
    expect(broughtBack(modules)).toEqual([]);
  });

  it("is a few files as npm start starts it, and they bring nothing back either", async () => {
    const modules = await idleServer({}, () => [process.execPath, join(ROOT, "bin", "npm.js"), "start"]);
    expect(broughtBack(modules)).toEqual([]);
    const own = modules.filter((url) => url.startsWith(`${pathToFileURL(ROOT).href}/dist/`));
    expect(own.filter((url) => !url.includes("/dist/bundle/"))).toEqual([]);
    expect(own.length).toBeLessThan(50);
    // What only a request or a client needs lies in files of its own.
    for (const late of ["analyse.js", "mcp-door.js", "inspector.js"]) {
      expect(existsSync(join(ROOT, "dist", "bundle", late))).toBe(true);
      expect(own.filter((url) => url.endsWith(`/${late}`))).toEqual([]);
    }
  });

  it("has loaded the simulated phone only where that is the phone", async () => {
    const modules = await idleServer({
      APPROVAL_PHONE: "+15005550006",
      TWILIO_ACCOUNT_SID: `AC${"1".repeat(32)}`,
      TWILIO_AUTH_TOKEN: "t".repeat(32),
      TWILIO_WHATSAPP_FROM: "whatsapp:+15005550001",
      TWILIO_BASE_URL: "http://127.0.0.1:9",
    });
    expect(modules.filter((url) => /src\/simulator\/(create|app|chat)/.test(url))).toEqual([]);
    // The SDK's own parts for other things than calls of its API.
    expect(modules.filter((url) => /twilio\/lib\/(twiml|jwt\/taskrouter)|xmlbuilder/.test(url))).toEqual([]);
  });
});

describe("a command", () => {
  it("loads no package but what reads its arguments and finds its folder, before it is known which one it is", () => {
    const file = join(temporaryFolder(), "modules");
    execFileSync(
      process.execPath,
      ["--import", RECORD, join(ROOT, "bin", "approval-server.js"), "--version"],
      {
        env: { ...process.env, MODULES_FILE: file },
      },
    );
    const packages = modulesIn(file).flatMap(
      (url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [],
    );
    expect([...new Set(packages)].sort()).toEqual(["commander", "env-paths", "is-safe-filename"]);
  });
});

describe("the hook's program, which starts at each question", () => {
  it("loads nothing but Node's own http", () => {
    const code = readFileSync(join(ROOT, "plugin", "hook.js"), "utf8");
    const loaded = [...code.matchAll(/\b(?:require|import)\s*\(\s*["']([^"']+)|\bfrom\s+["']([^"']+)/g)];
    expect([...new Set(loaded.map(([, one, other]) => one ?? other))]).toEqual(["node:http"]);
  });
});
