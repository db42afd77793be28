import { defineConfig } from "vitest/config";
import { PATIENCE_MS, TEST_MS } from "./test/helpers/patience.ts";

/** Put something in a module's place before it is loaded, so that they need a process in which nothing is loaded yet. */
const REPLACES_MODULES = [
  "test/unit/command-analysis.test.ts",
  "test/unit/hanging-folder.test.ts",
  "test/unit/plan-file-race.test.ts",
  "test/unit/secrets.test.ts",
];
const NOT_HERE = ["test/e2e/**"];

export default defineConfig({
  // What Vite says of other people's source maps is no news of a test.
  logLevel: "error",
  test: {
    // Vitest leaves one core to its own process, which has little to do: on two cores half of them would stand idle.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [...NOT_HERE, ...REPLACES_MODULES],
          // Starting a process and loading the whole tree into it takes longer than most files' tests do.
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: REPLACES_MODULES } },
    ],
    setupFiles: ["./test/helpers/fixed-seed.ts"],
    // Reads its JSON in a way that Node does not.
    server: { deps: { inline: ["@actions/workflow-parser"] } },
    testTimeout: TEST_MS,
    hookTimeout: TEST_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
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
