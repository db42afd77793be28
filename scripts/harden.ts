// `npm run harden`: see src/cli/harden/harden.ts.
import { runNpm } from "./run.ts";

await runNpm("harden");
