// What else is loaded into the server when it starts: variables that make Node or the loader run code of somebody's choice, in this
// shell, in .env, and in what has been added to the service's file.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Variables } from "../../config/read-variables.ts";
import { done, type HardenStep, toDo } from "./step.ts";

/** They load code, or have another program take the server's place. */
const LOADERS = [
  "NODE_OPTIONS",
  "NODE_PATH",

  "NODE_COMPILE_CACHE",
  "LD_PRELOAD",
  "LD_LIBRARY_PATH",
  "LD_AUDIT",
  "DYLD_INSERT_LIBRARIES",
];
const IN_UNIT = new RegExp(
  `\\b(${LOADERS.join("|")})\\b|^\\s*(ExecStart|ExecStartPre|EnvironmentFile|PassEnvironment)\\s*=`,
  "m",
);

export interface StartStepInput {
  readonly shellEnv: Variables;
  /** Text of .env; empty where there is none, or it cannot be read. */
  readonly envText: () => Promise<string>;
  /** The service's file; additions lie in the folder of this name with `.d`. */
  readonly serviceFile: string;
}

export function startStep({ shellEnv, envText, serviceFile }: StartStepInput): HardenStep {
  return {
    id: "start",
    title: "Nothing else is loaded into the server when it starts",
    why: "a line in the service's file or a variable of the shell can put any code into the server, with its secrets",
    async look() {
      const inShell = LOADERS.filter((name) => shellEnv[name]?.trim());
      const text = await envText();
      const inFile = LOADERS.filter((name) => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, "m").test(text));
      const added = await additionsTo(serviceFile);
      const now = [
        ...inShell.map((name) => `${name} is set in this shell`),
        ...inFile.map((name) => `${name} is in .env`),
        ...added.map((path) => `${path} changes what the service runs or loads`),
      ];
      return now.length === 0
        ? done()
        : toDo(now, ["Look at each: where you did not set it yourself, take it out and make new tokens."]);
    },
  };
}

async function additionsTo(serviceFile: string): Promise<readonly string[]> {
  const folder = `${serviceFile}.d`;
  const names = await readdir(folder).catch(() => []);
  const files = [
    serviceFile,
    ...names.filter((name) => name.endsWith(".conf")).map((name) => join(folder, name)),
  ];
  const texts = await Promise.all(files.map(async (path) => ({ path, text: await readIfThere(path) })));
  return texts
    .filter(({ path, text }) => IN_UNIT.test(path === serviceFile ? withoutOwnStart(text) : text))
    .map(({ path }) => path);
}

/** The file itself says what to run, once. */
function withoutOwnStart(text: string): string {
  return text.replace(/^ExecStart=.*$/m, "");
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
