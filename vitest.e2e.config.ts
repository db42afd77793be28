import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "./test/helpers/patience.ts";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    // Five and a half minutes of waiting: run by hand, see the file.
    exclude: process.env["E2E_LONG"] === "1" ? [] : ["test/e2e/long-wait.test.ts"],
    // A session asks the model, the server and the phone several times, each with its patience.
    testTimeout: 300_000,
    expect: { poll: { timeout: PATIENCE_MS } },
    hookTimeout: 600_000,
    // What the files use in common is installed before the first of them: two must not install it at once.
    globalSetup: ["./test/e2e/install-tools.ts"],
    // A file mostly waits for one program after another; each has its own ports, homes and terminals.
    maxWorkers: 2,
    reporters: ["default", "./test/helpers/summary-reporter.ts"],
  },
});
