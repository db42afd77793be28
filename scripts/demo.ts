// `npm run demo`: see src/cli/demo.ts.
import { runNpm } from "./run.ts";

await runNpm("demo");
