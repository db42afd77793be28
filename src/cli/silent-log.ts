// A log that says nothing, for commands that tell what they have found in their own words.
import type { Log } from "../core/ports/log.ts";

const silent = () => {};
export const silentLog: Log = { debug: silent, info: silent, warn: silent, refused: silent, error: silent };
