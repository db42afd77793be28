// What is said about the settings of what this server starts and runs itself.
import type { SettingGroup } from "./setting-doc.ts";

export const RUNNING_GROUPS: readonly SettingGroup[] = [
  {
    title: "Starting Claude from here",
    settings: [
      {
        name: "PARK_AFTER_MINUTES",
        about:
          "How long `claude -p` waits for your answer before its call is parked (docs/parked.md): 0.01 to 60 minutes. Unset: nothing is parked. Takes TASK_DIRS; after a change, install the hooks again.",
      },
      {
        name: "PARK_HOURS",
        about: "How long a request that is parked can be answered, from when it was asked: 1 to 168 hours.",
      },
      {
        name: "TASK_DIRS",
        about:
          "The folders that this server may start Claude in, and no other: absolute, separated by commas. A project's own settings and hooks run when Claude starts there. Each is named by the last part of its path.",
      },
      {
        name: "CLAUDE_BIN",
        about: "The command that starts Claude Code: its path, or a name that is found by PATH.",
      },
      {
        name: "TASKS",
        about: "Whether callers and the phone may run tasks in TASK_DIRS: on or off (docs/tasks.md).",
      },
      {
        name: "TASK_MINUTES",
        about: "How long one turn of a task may take, the time that it waits for you included. 1 to 480.",
      },
      {
        name: "TASK_APPROVALS",
        about:
          "How many of its calls you are asked about in one turn of a task. What comes after is denied unasked.",
      },
    ],
  },
  {
    title: "What the server runs itself",
    settings: [
      {
        name: "TOOLS_DIR",
        about:
          "The folder with scripts that MCP clients may call as tools (docs/scripts.md). Unset: tools, where there is such a folder. Keep it out of the reach of whoever asks.",
      },
    ],
  },
];
