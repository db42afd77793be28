// Whether tasks could run: the command that they start, and the folders that they may work in.
import { type Check, failure, ok } from "./check.ts";

interface TasksCheckDeps {
  readonly isOn: boolean;
  /** CLAUDE_BIN. */
  readonly bin: string;
  /** What it prints as its version. @throws when it does not start, fails or hangs */
  readonly print: () => Promise<string>;
  /** Problems of TASK_DIRS as the disk is now. */
  readonly folderProblems: () => readonly string[];
}

export function tasksCheck({ isOn, bin, print, folderProblems }: TasksCheckDeps): Check {
  return {
    description: "tasks",
    async run() {
      const problems = folderProblems();
      if (problems.length > 0)
        return failure(problems.join("\n"), "Correct TASK_DIRS: the server does not start with it.");
      if (!isOn) return ok("off");
      try {
        return ok(
          `on; ${bin} is ${/\d+\.\d+\.\d+\S*/.exec(await print())?.[0] ?? "of a version that it does not say"}`,
        );
      } catch {
        return failure(
          `TASKS is on, and ${bin} --version failed, or did not answer in time`,
          "Set CLAUDE_BIN to the path of the claude command, as the server's user can run it.",
        );
      }
    },
  };
}
