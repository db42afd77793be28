// `npm run setup`: see src/cli/setup/setup.ts.
import { runNpm } from "./run.ts";

await runNpm("setup");
