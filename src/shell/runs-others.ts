// x
import { isInterpreter } from "./code.ts";
import { isWrapper } from "./wrappers.ts";

const RUNS_OTHERS = /^(ssh|mosh|script|docker|podman|kubectl|find|fd|fdfind)$/;

/** What these run is decided elsewhere: in a file, in a registry, in the rest of the line. */
export function runsOthers(name: string): boolean {
  return isInterpreter(name) || isWrapper(name) || RUNS_OTHERS.test(name);
}
