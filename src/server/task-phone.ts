// What the phone can do with tasks, and who runs them.
import { createPhoneTasks, type PhoneTasks, type PhoneTasksDeps } from "../core/phone-tasks.ts";
import type { TaskRunner } from "../core/ports/task-runner.ts";

export interface TaskPhone extends PhoneTasks {
  close(): void;
}

/** @param runner who runs tasks; absent where tasks are off, or as long as nobody was served */
export function openTaskPhone(deps: PhoneTasksDeps, runner?: TaskRunner): TaskPhone {
  const tasks = createPhoneTasks(deps);
  let end = runner === undefined ? () => {} : tasks.serve(runner);
  return {
    ...tasks,
    serve(other) {
      end = tasks.serve(other);
      return end;
    },
    close: () => end(),
  };
}
