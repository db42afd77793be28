// `npm run doctor`: see src/cli/doctor/doctor.ts.
import { runNpm } from "./run.ts";

await runNpm("doctor");
