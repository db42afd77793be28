// `npm run log`: see src/cli/record/log.ts.
import { runNpm } from "./run.ts";

await runNpm("log");
