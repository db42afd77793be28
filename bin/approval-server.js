#!/usr/bin/env node
// The command's entry, in git with its executable bit, so that linking it needs no build; what it starts is built.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = new URL("../dist/scripts/approval-server.js", import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  process.stderr.write(
    `approval-server is not built yet. Run: npm install (or npm run build) in ${folder}\n`,
  );
  process.exitCode = 1;
}
