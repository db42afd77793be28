// What the phone has this server do with a task, behind the gate like any other call.
import type { Notice } from "../domain/notice.ts";
import { isToldAsNotAsked } from "../domain/several-words.ts";
import type { Submission } from "../domain/submission.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Approval, GatedCalls } from "./gated-call.ts";
import type { TaskFolder, TaskStart } from "./ports/task-runner.ts";

/** What is to run, and what it is about. */
export interface PhoneWork {
  /** As it is typed, for the answer. */
  readonly command: string;
  readonly call: Submission["call"];
  readonly folder: TaskFolder;
  /** The phone whose words have asked for exactly this; absent where it asks once more. */
  readonly approvedBy?: Phone | undefined;
  /** The question whether it may run is on its way to a phone. May be called again. */
  onAsked?(): void;
  changed(): string | undefined;
  start(by: Phone): Promise<TaskStart>;
}

/** @returns does it, once it may be done, and resolves with what is to be said; undefined where that is told otherwise */
export function createPhoneWork(gatedCalls: GatedCalls): (work: PhoneWork) => Promise<Notice | undefined> {
  return async ({ command, call, folder, approvedBy, onAsked, changed, start }) => {
    const result = await gatedCalls.run<TaskStart>({
      submission: {
        call,
        door: "phone",
        asksAlways: true,
        approvedBy,
        project: folder.name,
        cwd: folder.path,
      },
      caller: {
        onProgress({ delivery }) {
          if (delivery !== "sending") onAsked?.();
        },
      },
      changed,
      async work({ by }: Approval) {
        if (by === "policy" || by === "grant") throw new Error("nobody has asked for it");
        return start(by);
      },
      problemOf: (started) => (started.kind === "refused" ? started.problem : undefined),
    });
    if (result.kind === "refused") {
      const { code } = result;
      return isToldAsNotAsked(code) ? { kind: "not-asked", command, code } : undefined;
    }
    const started = result.result;
    return started.kind === "refused" ? { kind: "task-refused", problem: started.problem } : undefined;
  };
}
