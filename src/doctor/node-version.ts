// Whether this Node.js is new enough.
import { type Check, failure, ok } from "./check.ts";

/**
 * @param version e.g. `v20.20.0`
 * @param range `engines.node` of package.json, of the form `>=20.20`
 */
export function nodeVersionCheck(version: string, range: string): Check {
  return {
    description: "Node.js",
    async run() {
      const [major = 0, minor = 0] = numbers(version);
      const [wantedMajor = 0, wantedMinor = 0] = numbers(range);
      const isEnough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
      return isEnough
        ? ok(version)
        : failure(`${version} is too old`, `Install Node.js ${range} from https://nodejs.org.`);
    },
  };
}

function numbers(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}
