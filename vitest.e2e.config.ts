import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    // Five and a half minutes of waiting: run by hand, see the file.
    exclude: process.env["E2E_LONG"] === "1" ? [] : ["test/e2e/long-wait.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    reporters: ["default", "./test/helpers/summary-reporter.ts"],
  },
});
