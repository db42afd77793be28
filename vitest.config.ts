import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    setupFiles: ["./test/helpers/fixed-seed.ts"],
    testTimeout: 20_000,
    // A machine may be slow: what is waited for has the test's own time, and not a second of it.
    expect: { poll: { timeout: 15_000 } },
    reporters: ["default", "./test/helpers/summary-reporter.ts"],
    coverage: {
      provider: "v8",
      // Only what runs in the tests' own processes is counted: the scripts are started as built programs.
      include: ["src/**/*.ts"],
      reporter: [["text", { skipFull: true, maxCols: 110 }], "html"],
      reportsDirectory: "coverage",
    },
  },
});
