// `npm run resume`: see src/cli/resume.ts.
import { runNpm } from "./run.ts";

await runNpm("resume");
