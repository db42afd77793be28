// `npm run policy`: see src/cli/policy/policy.ts.
import { runNpm } from "./run.ts";

await runNpm("policy");
