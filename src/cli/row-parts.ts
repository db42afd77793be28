// What the rows of several commands have in common.
import type { CommandExits } from "./command.ts";
import { EXIT } from "./exit.ts";

export const EXITS: CommandExits = { help: EXIT.ok, configuration: EXIT.failed, failed: EXIT.failed };

export const JSON_OUT = "prints the result as one JSON object";
