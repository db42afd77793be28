// `npm run hooks`: see src/cli/hooks/hooks.ts.
import { runNpm } from "./run.ts";

await runNpm("hooks");
