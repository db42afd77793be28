// `npm run setup-template`: see src/cli/setup-template/setup-template.ts.
import { runNpm } from "./run.ts";

await runNpm("setup-template");
