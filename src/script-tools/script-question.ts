// What a person is asked about a script: which file, its hash and its arguments; and its whole text where they have not approved
// this very file before.
import { ownToolName, scriptToolName } from "../domain/own-tool.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovedScripts } from "./approved-scripts.ts";
import type { LoadedScript } from "./script-file.ts";

export type ScriptQuestion = Pick<Submission, "call" | "warnings" | "asksAlways">;

type ApprovedState = ReturnType<ApprovedScripts["state"]>;

const STATES: Readonly<Record<ApprovedState, string>> = {
  same: "as it was last approved",
  changed: "changed since it was last approved",
  new: "never approved before",
};

const WARNINGS: Readonly<Record<ApprovedState, readonly string[]>> = {
  same: [],
  changed: ["is a script that has changed since it was last approved: read its whole text"],
  new: ["is a script that was never approved before: read its whole text"],
};

/** @param given its arguments */
export function scriptQuestion(
  script: LoadedScript,
  given: Readonly<Record<string, unknown>>,
  state: ApprovedState,
): ScriptQuestion {
  const { name, file, sha256, text, settingsText } = script;
  const isSame = state === "same";
  return {
    call: {
      toolName: ownToolName(scriptToolName(name)),
      input: {
        arguments: given,
        script: `${file}, ${STATES[state]}`,
        sha256,
        ...(isSame ? {} : { settings: JSON.parse(settingsText) as unknown, text }),
      },
    },
    warnings: WARNINGS[state],
    asksAlways: !isSame,
  };
}
