// What the bench and the soak have in common as programs: whatever ends them, nothing that they have started outlives them.
import { writeFileSync } from "node:fs";
import { endChildren } from "./children.ts";

/** Exit code after a signal: of one that a person has stopped. */
const INTERRUPTED = 130;

/** Runs a program to its exit code. @param name as its failure is reported: "The bench failed" */
export function runProgram(name: string, main: () => Promise<number>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      endChildren();
      process.exit(INTERRUPTED);
    });
  process.on("exit", endChildren);
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      const said = error instanceof Error ? error.stack : String(error);
      process.stderr.write(`\nThe ${name} failed: ${said}\n`);
      process.exit(2);
    },
  );
}

/** @param path where it is kept; undefined: nowhere */
export function keepResult(path: string | undefined, result: object): void {
  if (path !== undefined) writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`);
}
