// Whether this Node.js is new enough, and still gets security fixes.
import { type Check, failure, ok, warning } from "./check.ts";
import { NODE_RELEASES } from "./node-releases.ts";

export interface NodeVersionDeps {
  /** e.g. `v20.20.0` */
  readonly version: string;
  /** `engines.node` of package.json, of the form `>=20.20` */
  readonly range: string;
  /** Epoch ms. */
  readonly now: number;
}

export function nodeVersionCheck({ version, range, now }: NodeVersionDeps): Check {
  return {
    description: "Node.js",
    async run() {
      const [major = 0, minor = 0] = numbers(version);
      const [wantedMajor = 0, wantedMinor = 0] = numbers(range);
      if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
        return failure(`${version} is too old`, `Install Node.js ${range}: ${recommended(now)}.`);
      }
      const release = NODE_RELEASES.find((each) => each.major === major);
      if (release === undefined || isSupported(release.until, now)) return ok(version);
      return warning(
        `${version} works, but Node.js ${major} has had no security fixes since ${release.until}`,
        `Install Node.js ${recommended(now)}.`,
      );
    },
  };
}

function isSupported(until: string, now: number): boolean {
  return new Date(now).toISOString().slice(0, 10) <= until;
}

/** "22 or 24 from https://nodejs.org" */
function recommended(now: number): string {
  const majors = NODE_RELEASES.filter(({ isLongTerm, until }) => isLongTerm && isSupported(until, now));
  const names = majors.map(({ major }) => major).join(" or ");
  return `${names === "" ? "the current LTS" : names} from https://nodejs.org`;
}

function numbers(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}
