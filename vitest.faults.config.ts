import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/faults/**/*.faults.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    // Servers are killed and started all the time: two files at once are enough for two cores.
    maxWorkers: 2,
    maxConcurrency: 2,
    // What is printed while it runs is how it goes. As an option of the command it would take the next word for its value.
    disableConsoleIntercept: true,
    reporters: ["default", "./test/helpers/summary-reporter.ts"],
  },
});
