// `npm run service`: see src/cli/service/service.ts.
import { runNpm } from "./run.ts";

await runNpm("service");
