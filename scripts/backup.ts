// `npm run backup`: see src/cli/audit/backup.ts.
import { runNpm } from "./run.ts";

await runNpm("backup");
