// Tools that work on this machine: commands, files, worktrees, lists.
import { always, both, has, is, isNot, type KnownTool } from "./known-tool.ts";

export const ON_THIS_MACHINE: readonly KnownTool[] = [
  { names: ["Bash", "PowerShell"], isScript: true },
  {
    names: ["Monitor"],
    words: "watches what something prints",
    needs: "description",
    isScript: true,
    notes: [
      { when: has("ws"), says: "opens a connection and keeps it open" },
      { when: is("persistent", true), says: "goes on until the session ends" },
    ],
  },
  {
    names: ["REPL", "Eval"],
    words: "runs code",
    isScript: true,
    notes: [{ when: always, says: "runs code given as text" }],
  },
  {
    names: ["SandboxNetworkAccess"],
    words: "lets commands in the sandbox reach a host",
    notes: [{ when: always, says: "opens the sandbox to the network" }],
  },
  { names: ["TaskStop", "KillShell", "KillBash"], words: "stops what runs in the background" },
  { names: ["TaskOutput", "BashOutput", "BashOutputTool"], words: "reads what a background task printed" },
  { names: ["Read", "Write", "Edit", "MultiEdit", "Glob", "Grep", "LS"] },
  {
    names: ["NotebookEdit"],
    words: "changes a cell of a notebook",
    needs: "notebook_path",
    notes: [{ when: is("edit_mode", "delete"), says: "deletes a cell" }],
  },
  { names: ["NotebookRead"], words: "reads a notebook", needs: "notebook_path" },
  { names: ["LSP"], words: "asks a language server about code" },
  { names: ["EnterWorktree"], words: "goes on in another worktree" },
  {
    names: ["ExitWorktree"],
    words: "leaves its worktree",
    notes: [
      {
        when: is("discard_changes", true),
        says: "throws away changes that are not committed, and commits that are not merged",
      },
      { when: is("action", "remove"), says: "deletes the worktree and its branch" },
    ],
  },
  { names: ["TodoWrite"], words: "writes Claude's list of what is to do" },
  { names: ["TaskCreate"], words: "puts something on Claude's list of tasks" },
  { names: ["TaskGet", "TaskList"], words: "reads Claude's list of tasks" },
  {
    names: ["TaskUpdate"],
    words: "changes Claude's list of tasks",
    notes: [{ when: is("status", "deleted"), says: "deletes a task of the list" }],
  },
  {
    names: ["Config"],
    words: "reads or changes Claude Code's settings",
    notes: [{ when: has("value"), says: "changes Claude Code's settings" }],
  },
  {
    names: ["propose_skills", "ProposeSkills"],
    words: "proposes instructions to keep for later sessions",
    notes: [{ when: always, says: "changes what later sessions are told" }],
  },
  {
    names: ["CronCreate"],
    words: "has a prompt run by itself later",
    notes: [
      { when: isNot("recurring", false), says: "runs its prompt again and again by itself" },
      { when: is("recurring", false), says: "runs its prompt by itself later" },
      { when: is("durable", true), says: "goes on after this session has ended" },
    ],
  },
  { names: ["CronDelete"], words: "deletes a prompt that would run later" },
  { names: ["CronList"], words: "lists the prompts that run later" },
  {
    names: ["ScheduleWakeup"],
    words: "goes on by itself later",
    notes: [{ when: isNot("stop", true), says: "runs its prompt by itself later" }],
  },
  {
    names: ["SetGoal", "ProposeGoal"],
    words: "sets a goal that Claude works towards by itself",
    notes: [{ when: is("ask_user", false), says: "sets it without asking at the terminal" }],
  },
  {
    names: ["ExitPlanMode"],
    notes: [{ when: has("allowedPrompts"), says: "also asks to allow kinds of commands without asking" }],
  },
  { names: ["EnterPlanMode"], words: "makes a plan before anything is done" },
  { names: ["AskUserQuestion"] },
  {
    names: ["Skill", "SlashCommand"],
    words: "follows a stored instruction that is not shown here",
    needs: "skill",
  },
  {
    names: ["Workflow"],
    words: "runs a script that directs several agents",
    isScript: true,
    notes: [
      { when: has("scriptPath"), says: "runs the script in a file, which is not shown here" },
      {
        when: both(has("name"), (input) => !has("scriptPath")(input) && !has("script")(input)),
        says: "runs a stored script, which is not shown here",
      },
      { when: has("resumeFromRunId"), says: "goes on with an earlier run" },
    ],
  },
];
