// Whether other users of the machine can read the secrets or write what decides. Closing a file to them is safe: --apply does it.
import { chmod, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { shellWord } from "../../domain/own-command.ts";
import type { PlaceFacts } from "./places.ts";
import { done, type HardenStep, notPossible, toDo } from "./step.ts";

const OTHERS_READ = 0o044;
const OTHERS_WRITE = 0o022;
const OTHERS_ANY = 0o077;
/** With it only a file's owner may put another one in its place: /tmp. */
const STICKY = 0o1000;

export interface FilesDeps {
  readonly hasModes: boolean;
  readonly facts: () => Promise<readonly PlaceFacts[]>;
  /** Default: the real one. */
  readonly folderMode?: (path: string) => Promise<number>;
}

export function filesStep({ hasModes, facts, folderMode = modeOf }: FilesDeps): HardenStep {
  return {
    id: "files",
    title: "Files are closed to the other users of this machine",
    why: "who reads .env can sign in the phone's name and read what is kept; who writes the policy or the program decides",
    async look() {
      if (!hasModes)
        return notPossible("the rights of files mean nothing here: look at them in the system's own way");
      const places = await facts();
      const open = places.filter(isOpen);
      const parents = [...new Set(places.map(({ path }) => dirname(path)))];
      const modes = await Promise.all(parents.map(async (path) => ({ path, mode: await folderMode(path) })));
      const loose = modes.filter(({ mode }) => (mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0);
      if (open.length + loose.length === 0) return done();
      const now = [
        ...open.map(({ path, mode }) => `${path} is open to others (mode ${octal(mode)})`),
        ...loose.map(
          ({ path, mode }) =>
            `${path} can be written by others: they can replace what is in it (mode ${octal(mode)})`,
        ),
      ];
      const lines = [
        ...open.map((place) => `chmod ${change(place)} ${shellWord(place.path)}`),
        ...loose.map(({ path }) => `chmod go-w ${shellWord(path)}`),
      ];
      // Another folder may be shared for a reason: whoever shares it decides.
      const apply = async () => {
        for (const { path, kind, mode } of open)
          await chmod(path, mode & ~(kind === "secret" ? OTHERS_ANY : OTHERS_WRITE));
        return open.map(({ path }) => `closed ${path} to others`);
      };
      return toDo(now, lines, open.length === 0 ? undefined : apply);
    },
  };
}

function isOpen({ kind, mode }: PlaceFacts): boolean {
  return (mode & (kind === "secret" ? OTHERS_READ | OTHERS_WRITE : OTHERS_WRITE)) !== 0;
}

const change = ({ kind }: PlaceFacts) => (kind === "secret" ? "go=" : "go-w");
const octal = (mode: number) => (mode & 0o777).toString(8);

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode;
}
