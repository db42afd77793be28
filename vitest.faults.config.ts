import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/faults/**/*.faults.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    // Servers are killed and started all the time: two files at once are enough for two cores.
    maxWorkers: 2,
    maxConcurrency: 2,
    reporters: ["default", "./test/helpers/summary-reporter.ts"],
  },
});
