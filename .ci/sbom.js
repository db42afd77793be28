// Writes the software bill of materials: what is installed with the package, once as CycloneDX and once as SPDX, into sbom/ or
// the folder that is named.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FORMATS = { cyclonedx: "cdx", spdx: "spdx" };
const MAX_BYTES = 64 * 1024 * 1024;
const folder = process.argv[2] ?? "sbom";
const { devDependencies, peerDependencies, peerDependenciesMeta, scripts, ...users } = read("package.json");
const lock = read("package-lock.json");

function read(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

function write(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Not by `npm sbom --omit dev`: that leaves out what a development dependency uses as well, express and zod among it. */
function lockedForUsers() {
  const { "": root, ...packages } = lock.packages;
  const brought = Object.entries(packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  const { devDependencies, peerDependencies, peerDependenciesMeta, ...rest } = root;
  return { ...lock, packages: { "": rest, ...Object.fromEntries(brought) } };
}

const temporary = mkdtempSync(join(tmpdir(), "sbom-"));
try {
  // npm takes the folder's name for the package's.
  const home = join(temporary, users.name);
  mkdirSync(home);
  write(join(home, "package.json"), users);
  write(join(home, "package-lock.json"), lockedForUsers());
  mkdirSync(folder, { recursive: true });
  for (const [format, ending] of Object.entries(FORMATS)) {
    const args = ["sbom", "--package-lock-only", "--sbom-format", format, "--sbom-type", "application"];
    const bill = execFileSync("npm", args, { cwd: home, encoding: "utf8", maxBuffer: MAX_BYTES });
    const file = join(folder, `${users.name}-${users.version}.${ending}.json`);
    write(file, JSON.parse(bill));
    process.stdout.write(`${file}\n`);
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
