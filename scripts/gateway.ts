// `npm run gateway`: see src/cli/gateway/check.ts.
import { runNpm } from "./run.ts";

await runNpm("gateway");
