// `npm run purge`: see src/cli/audit/purge.ts.
import { runNpm } from "./run.ts";

await runNpm("purge");
