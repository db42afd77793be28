// `npm run ask`: see src/cli/ask/ask.ts.
import { runNpm } from "./run.ts";

await runNpm("ask");
