// A folder with scripts that are tools, as a person would set it up.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary.ts";

export interface ToolsFolder {
  readonly path: string;
  /** Writes a script and its settings. @param file `deploy.sh` */
  script(file: string, text: string, settings?: object): void;
  /** Writes a file as it is. */
  file(name: string, text: string, mode?: number): string;
}

export const HELLO = '#!/bin/sh\necho "hello $2"\n';
export const HELLO_SETTINGS = {
  description: "Says hello.",
  inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
};

export function toolsFolder(name = "tools"): ToolsFolder {
  const path = join(temporaryFolder(), name);
  mkdirSync(path, { mode: 0o755 });
  const file = (name: string, text: string, mode = 0o644) => {
    const at = join(path, name);
    writeFileSync(at, text);
    chmodSync(at, mode);
    return at;
  };
  return {
    path,
    file,
    script(name, text, settings = { description: "Does something." }) {
      file(name, text, 0o755);
      file(name.replace(/(\.[^.]*)?$/, ".json"), JSON.stringify(settings));
    },
  };
}
