// `npm run pair`: see src/cli/pair.
import { runNpm } from "./run.ts";

await runNpm("pair");
