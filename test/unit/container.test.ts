// The container's files against what they promise: no secret goes in, no port goes out, nothing runs as root.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";

const read = (path: string) => readFileSync(join(packageRoot(), path), "utf8");
const dockerfile = read("Dockerfile");
const compose = read("compose.yaml");
const [, runtime = ""] = dockerfile.split(/^FROM /m).slice(1);

describe("the image", () => {
  it("is built from what is listed, and never from a .env, data or tests", () => {
    const lines = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines[0]).toBe("*");
    const taken = lines.slice(1);
    expect(taken.every((line) => /^![\w.-]+$/.test(line))).toBe(true);
    for (const kept of ["!.env", "!data", "!test", "!.git", "!policy.json"])
      expect(taken).not.toContain(kept);
    // Every file that the build and the package name is there.
    const { files } = JSON.parse(read("package.json")) as { files: string[] };
    const needed = files
      .map((file) => file.split("/")[0] ?? "")
      .filter((file) => file !== "bundle" && !file.startsWith("!"));
    for (const file of [
      ...needed,
      "src",
      "scripts",
      "tsconfig.json",
      "rolldown.config.js",
      "tsconfig.build.json",
      "package-lock.json",
    ]) {
      expect(taken).toContain(`!${file}`);
    }
  });

  it("runs as a user of its own, with Node as the process that gets the signals", () => {
    expect(runtime).toMatch(/^USER node$/m);
    expect(runtime.indexOf("USER node")).toBeGreaterThan(runtime.lastIndexOf("RUN "));
    expect(runtime).toMatch(/^ENTRYPOINT \["node", "\/app\/bin\/approval-server\.js"\]$/m);
    expect(runtime).toMatch(/^CMD \["start"\]$/m);
  });

  it("sets no secret, and publishes no port but the local listener's", () => {
    const set = [...dockerfile.matchAll(/^(?:ENV|ARG|\s+) ?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect(set).toEqual(["NODE_ENV", "HOST", "APPROVAL_HOME", "LOG_FORMAT"]);
    expect([...dockerfile.matchAll(/^EXPOSE (.*)$/gm)].map(([, port]) => port)).toEqual(["8000"]);
  });

  it("is not healthy when nobody answers", () => {
    const [, json = "[]"] = /HEALTHCHECK[\s\S]*?CMD (\[.*\])$/m.exec(dockerfile) ?? [];
    const [program, ...args] = JSON.parse(json) as string[];
    expect(program).toBe("node");
    expect(spawnSync(process.execPath, args, { env: { SERVER_PORT: "1" } }).status).toBe(1);
  });
});

describe("compose.yaml", () => {
  it("publishes on this machine only", () => {
    const ports = [...compose.matchAll(/^\s+- "(.*:\d+)"$/gm)].map(([, port]) => port);
    expect(ports).toEqual([["127.0.0.1:$", "{SERVER_PORT:-8000}:8000"].join("")]);
    expect(compose).not.toContain("network_mode");
  });

  it("leaves the container no rights and no writable place but its volume and /tmp", () => {
    for (const line of [
      "read_only: true",
      "cap_drop:\n      - ALL",
      "no-new-privileges:true",
      "tmpfs:\n      - /tmp",
    ])
      expect(compose).toContain(line);
    expect([...compose.matchAll(/^\s+- ([\w-]+:\/\S*)$/gm)].map(([, volume]) => volume)).toEqual([
      "approval-data:/data",
    ]);
  });
});
