// What Node warns of while something runs, such as listeners that it takes for a leak.
import { setImmediate } from "node:timers/promises";

/** @returns the names of the warnings, e.g. MaxListenersExceededWarning */
export async function warningsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const names: string[] = [];
  const note = ({ name }: Error) => void names.push(name);
  process.on("warning", note);
  try {
    await work();
    // Node tells of them a tick later.
    await setImmediate();
    return names;
  } finally {
    process.off("warning", note);
  }
}
