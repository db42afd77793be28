// Whether a file may be another one than before. One `stat`; the file is not read.
import { statSync } from "node:fs";
import { codeOf, leadsNowhere } from "./own-file.ts";

/** The stamp of a file that is not there. */
export const MISSING_STAMP = "ENOENT";

/** Changes whenever the file may have: its content, its mode, its owner, its place. */
export function fileStamp(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, mode, uid } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs, mode, uid].join(":");
  } catch (error) {
    const code = codeOf(error);
    return code === MISSING_STAMP && leadsNowhere(path) ? "a link that leads nowhere" : code;
  }
}
