// `npm run audit`: see src/cli/audit/audit.ts.
import { runNpm } from "./run.ts";

await runNpm("audit");
