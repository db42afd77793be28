// `npm run status`: see src/cli/record/status.ts.
import { runNpm } from "./run.ts";

await runNpm("status");
